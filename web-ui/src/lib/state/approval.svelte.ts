/**
 * A manager's yes to what a cashier may not do alone. The request waits in the outbox, refused; the same request
 * goes again with the manager's word on it. The PIN lives in one call and is kept nowhere.
 */

import { sendApproved } from '$lib/api/identity';
import type { StaffMember } from '$lib/api/identity-types';
import type { Store } from '$lib/db/database';
import { requestOf, type OutboxRow, type Refusal } from '$lib/domain/outbox';
import { access } from '$lib/i18n/access';
import type { Outbox } from '$lib/sync/outbox';
import { notices } from './notices.svelte';

/** A refusal that comes later than this interrupts nobody: it waits among what is to be looked at. */
const FRESH_MS = 30_000;

export type Given =
  | { did: 'fine' }
  | { did: 'wrong' }
  | { did: 'locked'; waitMs: number | null }
  | { did: 'away' }
  | { did: 'said'; text: string };

export class Approval {
  asking = $state.raw<OutboxRow | null>(null);
  /** The hub takes a manager's PIN by the secure address only. */
  needsSecure = $state(false);
  /** Closing the question gives the request up; one from the list stays there. */
  private isFresh = false;

  constructor(
    private readonly store: Store,
    private readonly outbox: () => Outbox | null,
  ) {}

  /** Whether a refusal is answered by asking a manager, here and now. */
  takes(row: OutboxRow, refusal: Refusal | null): boolean {
    if (refusal?.code !== 'approval_needed' || Date.now() - row.created_ms > FRESH_MS) return false;
    // One question at a time: the next one waits in the list.
    if (this.asking !== null) return false;
    this.ask(row, true);
    return true;
  }

  ask(row: OutboxRow, isFresh = false): void {
    this.asking = row;
    this.isFresh = isFresh;
    this.needsSecure = false;
  }

  async give(manager: StaffMember, pin: string): Promise<Given> {
    const row = this.asking;
    if (!row) return { did: 'away' };
    const answer = await sendApproved(requestOf(row), `${manager.id} ${pin}`);
    if (answer.did === 'away') return answer;
    if (answer.did === 'fine') {
      // Only the hub's own words count.
      if (!('id' in answer.body) && !('status' in answer.body)) return { did: 'away' };
      await this.outbox()?.settle(row, answer.body);
      this.asking = null;
      notices.show({ tone: 'ok', title: access.t.approve.done });
      return { did: 'fine' };
    }
    if (answer.code === 'approval_refused') return { did: 'wrong' };
    if (answer.code === 'throttled') return { did: 'locked', waitMs: answer.waitMs };
    this.needsSecure = answer.code === 'https_needed';
    return { did: 'said', text: answer.detail || access.t.approve.refused };
  }

  async close(): Promise<void> {
    const row = this.asking;
    this.asking = null;
    if (!row || !this.isFresh) return;
    await this.store.outbox.delete(row.seq);
    notices.show({ title: access.t.approve.dropped });
  }
}
