/**
 * What this browser keeps: sales that the hub may not have yet, the menu, and the kitchen's tickets.
 *
 * A sale and its outbox row are written in one transaction, before anything is sent. Nothing is removed from
 * `outbox` without the hub's acknowledgement, or a person's word on a row that was set aside.
 */

import Dexie, { type EntityTable, type Table } from 'dexie';
import type { NewRow, OutboxRow } from '$lib/domain/outbox';
import type { Sale } from '$lib/domain/sale';
import type { Ticket } from '$lib/domain/tickets';

/** A list of the menu as the hub sent it. */
export interface MenuRow {
  name: string;
  rows: unknown[];
  etag: string | null;
  saved_ms: number;
}

/** A small thing by name: cursors, the cart, a lease. */
export interface NoteRow {
  name: string;
  value: unknown;
}

export class Store extends Dexie {
  declare sales: EntityTable<Sale, 'id'>;
  declare outbox: Table<OutboxRow, number, NewRow>;
  declare menu: EntityTable<MenuRow, 'name'>;
  declare tickets: EntityTable<Ticket, 'key'>;
  declare notes: EntityTable<NoteRow, 'name'>;

  constructor(name = 'outlet-hub') {
    super(name);
    this.version(1).stores({
      sales: 'id, business_day, created_ms',
      outbox: '++seq, &id, order',
      menu: 'name',
      tickets: 'key',
      notes: 'name',
    });
  }

  async note<T>(name: string): Promise<T | null> {
    return ((await this.notes.get(name))?.value as T | undefined) ?? null;
  }

  async keepNote(name: string, value: unknown): Promise<void> {
    await this.notes.put({ name, value });
  }
}

/** Asks the browser not to throw the store away when it is short of room. */
export async function persistStore(): Promise<boolean> {
  try {
    if (await navigator.storage?.persisted?.()) return true;
    return (await navigator.storage?.persist?.()) ?? false;
  } catch {
    return false;
  }
}
