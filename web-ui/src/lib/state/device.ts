/** What a page of this device stands on: the store, and the outbox that empties it. */

import { send } from '$lib/api/hub';
import { persistStore, Store } from '$lib/db/database';
import type { OutboxRow, Refusal, Trouble } from '$lib/domain/outbox';
import { uuidv7 } from '$lib/domain/uuid';
import { leaseLock, webLock } from '$lib/sync/lock';
import { Outbox } from '$lib/sync/outbox';

export const store = new Store();

/** One tab at a time renews the session, where the browser has no locks of its own. */
export const sessionLock = leaseLock('session', store, uuidv7(), () => Date.now());

export interface OutboxEvents {
  onTrouble(trouble: Trouble | null): void;
  onSettled(row: OutboxRow, refusal: Refusal | null): void;
}

/** An outbox that sends to the hub, one tab of this device at a time. */
export function openOutbox(events: OutboxEvents): Outbox {
  const lock = navigator.locks
    ? webLock('outlet-hub.outbox', navigator.locks)
    : leaseLock('outbox', store, uuidv7(), () => Date.now());
  const outbox = new Outbox(store, {
    send,
    lock,
    nowMs: () => Date.now(),
    chance: () => Math.random(),
    ...events,
  });
  void persistStore();
  return outbox;
}
