/** Taps that the hub has not confirmed: the screen shows them as done, until its stream says the same. */

import type { Tap } from '$lib/domain/board';
import type { NewRow, OutboxRow } from '$lib/domain/outbox';
import type { Ticket } from '$lib/domain/tickets';

/** An acknowledged tap whose message does not come is let go after this long: the stream knows better. */
const ACKNOWLEDGED_MS = 5_000;

type Row = NewRow | OutboxRow;

function tapOf(row: Row): Tap | null {
  const { task, order: key } = row;
  if (task.kind === 'status') return { kind: 'ticket', key, status: task.body.status };
  if (task.kind === 'item_status') return { kind: 'item', key, item: task.item, status: task.body.status };
  return null;
}

/** Whether a ticket is where a tap wanted it. */
function isThere(ticket: Ticket | undefined, tap: Tap): boolean {
  if (!ticket) return false;
  if (tap.kind === 'ticket') return ticket.status === tap.status;
  return ticket.items.find((item) => item.id === tap.item)?.status === tap.status;
}

export class Taps {
  private pending = $state.raw<ReadonlyMap<string, Tap>>(new Map());
  private readonly done = new Set<string>();

  readonly list: readonly Tap[] = $derived([...this.pending.values()]);

  add(row: Row): void {
    const tap = tapOf(row);
    if (tap) this.pending = new Map(this.pending).set(row.id, tap);
  }

  /** Rows that the store still holds, from before a reload or of another tab. */
  follow(rows: readonly OutboxRow[]): void {
    const next = new Map(this.pending);
    for (const row of rows) {
      const tap = row.refusal || next.has(row.id) || this.done.has(row.id) ? null : tapOf(row);
      if (tap) next.set(row.id, tap);
    }
    if (next.size !== this.pending.size) this.pending = next;
  }

  acknowledged(id: string): void {
    this.done.add(id);
    setTimeout(() => this.drop(id), ACKNOWLEDGED_MS);
  }

  /** The stream says the same: the acknowledged taps on these tickets have done their work. */
  reached(tickets: ReadonlyMap<string, Ticket>): void {
    const next = new Map(
      [...this.pending].filter(([id, tap]) => !(this.done.has(id) && isThere(tickets.get(tap.key), tap))),
    );
    if (next.size !== this.pending.size) this.pending = next;
  }

  drop(id: string): void {
    this.done.add(id);
    if (!this.pending.has(id)) return;
    const next = new Map(this.pending);
    next.delete(id);
    this.pending = next;
  }
}
