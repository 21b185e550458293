/** The till: rings up, sends, takes payments, and follows what becomes of its orders. */

import { openOrders, order as fetchOrder } from '$lib/api/hub';
import type { CatalogueChange, Cursor, LedgerMessage, Order } from '$lib/api/types';
import { newItems } from '$lib/domain/cart';
import { correctedPayment, payableInCash } from '$lib/domain/cash';
import { businessDay } from '$lib/domain/format';
import {
  newRow,
  type NewRow,
  type OutboxRow,
  type Refusal,
  type SoldLine,
  type Task,
  type Trouble,
} from '$lib/domain/outbox';
import { foldChange, type Sale } from '$lib/domain/sale';
import { keyOf } from '$lib/domain/tickets';
import { uuidv7 } from '$lib/domain/uuid';
import { access } from '$lib/i18n/access';
import { i18n } from '$lib/i18n/index.svelte';
import { Live, type LineState } from '$lib/sync/live';
import type { Outbox } from '$lib/sync/outbox';
import { Announcer } from './announcer';
import { Approval } from './approval.svelte';
import { CartState } from './cart.svelte';
import { connection } from './connection.svelte';
import { openOutbox, store } from './device';
import { identity } from './identity.svelte';
import { notices } from './notices.svelte';
import { Sales } from './sales.svelte';
import { shop } from './shop.svelte';

const CURSOR = 'cursor:pos';
/** Until the outlet is known it cannot be subscribed to; ask again this often. */
const OUTLET_AGAIN_MS = 2_000;

/** How a guest pays. `tendered` is what is handed over in cash. */
export interface Tender {
  method: 'cash' | 'card' | 'qris';
  tendered: number;
  reference: string;
}

export class Till {
  readonly cart = new CartState(store);
  readonly sales = new Sales(store);
  readonly approval = new Approval(store, () => this.outbox);
  trouble = $state<Trouble | null>(null);
  private outbox: Outbox | null = null;
  private live: Live | null = null;
  private closed = false;
  /** Which of this till's orders are open before the cashier. */
  orders = $state<'open' | 'attention' | null>(null);
  private readonly announcer = new Announcer(
    async (id) => (await store.sales.get(id))?.server?.order_number ?? null,
    () => (this.orders = 'attention'),
  );

  async open(): Promise<void> {
    connection.reset();
    this.sales.open();
    this.outbox = openOutbox({
      onTrouble: (trouble) => {
        this.trouble = trouble;
        if (trouble !== null) this.announcer.away();
      },
      onSettled: (row, refusal) => {
        if (this.approval.takes(row, refusal)) return;
        this.settled(row, refusal, () => this.announcer.settled(row, refusal));
      },
    });
    await Promise.all([shop.open(store), this.cart.open()]);
    this.cart.followMenu(shop.catalogue);
    void this.outbox.drain();
    await this.connect();
  }

  close(): void {
    this.closed = true;
    this.outbox?.close();
    this.live?.close();
    this.sales.close();
  }

  wake(): void {
    this.outbox?.wake();
  }

  /** Somebody is here now: what waited for them goes, and codes are told only to those who sell by them. */
  signedIn(): void {
    this.wake();
    shop.loadPromotions(store).catch(() => undefined);
  }

  /** Sends what is in the cart; with a tender, paid in the same breath. Answers whether it is safely kept. */
  async send(tender: Tender | null): Promise<boolean> {
    const { cart, bill, priced_ms } = this.cart;
    if (bill === null || cart.lines.length === 0 || !shop.outlet) return false;
    if (cart.round_of !== null) return this.sendRound(cart.round_of);
    const id = uuidv7();
    const now = Date.now();
    const items = newItems(cart.lines, uuidv7);
    const lines: SoldLine[] = cart.lines.map((line, index) => ({
      ...sold(line),
      id: items[index]?.id ?? '',
    }));
    const table = cart.order_type === 'dine_in' ? cart.table.trim() : '';
    const notes = cart.notes.trim();
    const sale: Sale = {
      id,
      created_ms: now,
      business_day: businessDay(now, shop.figures.timeZone, shop.outlet.business_day_start_hour),
      order_type: cart.order_type,
      table,
      notes,
      lines,
      bill,
      codes: cart.codes,
      priced_ms,
      server: null,
      discarded_ms: null,
    };
    const body = {
      id,
      order_type: cart.order_type,
      expected_total: bill.total,
      priced_at: new Date(priced_ms).toISOString(),
      items,
      ...(cart.codes.length === 0 ? {} : { codes: cart.codes }),
      ...(table === '' ? {} : { table }),
      ...(notes === '' ? {} : { notes }),
    };
    const rows: NewRow[] = [newRow(id, id, { kind: 'order', body }, now)];
    const payment = tender && this.payment(id, bill.total, tender, true);
    if (payment) rows.push(newRow(payment.body.id, id, payment, now));
    const saved = await this.keep(() => this.outbox?.place(sale, rows));
    if (!saved) return false;
    this.cart.clear();
    this.announcer.placed(id, payment !== null, payment?.change ?? 0);
    if (!connection.isUp) this.announcer.away();
    return true;
  }

  private async sendRound(order: string): Promise<boolean> {
    const { cart } = this.cart;
    const id = uuidv7();
    const items = newItems(cart.lines, uuidv7);
    const lines: SoldLine[] = cart.lines.map((line, index) => ({
      ...sold(line),
      id: items[index]?.id ?? '',
    }));
    const saved = await this.add(order, { kind: 'items', body: { id, items }, lines }, id);
    if (saved) this.cart.clear();
    return saved;
  }

  async pay(order: string, due: number, tender: Tender): Promise<boolean> {
    const payment = this.payment(order, due, tender, false);
    return this.add(order, payment, payment.body.id);
  }

  voidLine(order: string, item: string, reason: string): Promise<boolean> {
    return this.callOff(order, { kind: 'void', item, body: { reason } });
  }

  cancel(order: string, reason: string): Promise<boolean> {
    return this.callOff(order, { kind: 'cancel', body: { reason } });
  }

  /** What comes off is known by the hub's bill alone: without it a guest would pay the wrong sum. */
  async discount(order: string, percent: number, reason: string): Promise<boolean> {
    if (connection.isUp) {
      return this.add(order, { kind: 'discount', body: { percent_bp: percent * 100, reason } });
    }
    const { discountOffline: title, discountOfflineText: text } = i18n.t.orders;
    notices.show({ tone: 'offline', title, text, lasts_ms: 8_000 });
    return false;
  }

  /** A manager's yes can only be had while the hub is there: without it nothing is even begun. */
  private async callOff(order: string, task: Task): Promise<boolean> {
    if (!connection.isUp && !identity.isManager) {
      const { offlineTitle: title, offline: text } = access.t.approve;
      notices.show({ tone: 'offline', title, text, lasts_ms: 8_000 });
      return false;
    }
    return this.add(order, task);
  }

  /** Sends a refused row again, as it is. */
  retry(row: OutboxRow): Promise<void> | undefined {
    return this.outbox?.revise(row.seq, () => ({}));
  }

  /** Sends a refused order again at the hub's total, and what was paid with it likewise. */
  async acceptTotal(row: OutboxRow, total: number): Promise<void> {
    const { charges } = shop;
    const was = row.task.kind === 'order' ? row.task.body.expected_total : total;
    for (const behind of charges ? await store.outbox.where('order').equals(row.order).toArray() : []) {
      const corrected =
        charges && behind.task.kind === 'payment' && correctedPayment(behind.task, was, total, charges);
      if (corrected) await this.outbox?.revise(behind.seq, () => ({ task: corrected }));
    }
    await this.outbox?.revise(row.seq, ({ task }) =>
      task.kind === 'order' ? { task: { ...task, body: { ...task.body, expected_total: total } } } : {},
    );
  }

  /** Sends a refused order again without the codes that the hub does not take: its total is then another matter. */
  dropCodes(row: OutboxRow): Promise<void> | undefined {
    return this.outbox?.revise(row.seq, ({ task }) => without(task, 'codes'));
  }

  /** Gives up a refused row, and with an order what hangs on it. The sale itself stays on record here. */
  async discard(row: OutboxRow): Promise<void> {
    await store.transaction('rw', store.outbox, store.sales, async () => {
      if (row.task.kind !== 'order') return store.outbox.delete(row.seq);
      await store.outbox.where('order').equals(row.order).delete();
      await store.sales.update(row.order, { discarded_ms: Date.now() });
    });
  }

  private payment(order: string, due: number, tender: Tender, with_order: boolean) {
    const isCash = tender.method === 'cash';
    const { charges } = shop;
    const { rounding, payable } =
      isCash && charges ? payableInCash(due, charges) : { rounding: 0, payable: due };
    const reference = tender.reference.trim();
    return {
      kind: 'payment' as const,
      body: {
        id: uuidv7(),
        order,
        method: tender.method,
        amount: due,
        ...(isCash ? { tendered: tender.tendered } : {}),
        ...(reference === '' ? {} : { reference }),
      },
      rounding,
      change: isCash ? Math.max(0, tender.tendered - payable) : 0,
      with_order,
    };
  }

  private add(order: string, task: Task, id = uuidv7()): Promise<boolean> {
    return this.keep(() => this.outbox?.add(newRow(id, order, task, Date.now())));
  }

  /** A sale counts as taken only once the store has it; a store that refuses is said out loud. */
  private async keep(write: () => Promise<void> | undefined): Promise<boolean> {
    try {
      await write();
      return true;
    } catch (error) {
      console.error('sale.keep_failed', error);
      notices.show({
        tone: 'late',
        title: i18n.t.sent.notSaved,
        text: i18n.t.sent.notSavedText,
        sticky: true,
      });
      return false;
    }
  }

  private settled(row: OutboxRow, refusal: Refusal | null, announce: () => Promise<void>): void {
    if (row.task.kind === 'order' && refusal?.code === 'priced_at') {
      // A clock that is wrong, or a sale of yesterday: it is priced as of now, and shown where that makes a difference.
      void this.outbox?.revise(row.seq, ({ task }) => without(task, 'priced_at'));
      return;
    }
    void announce();
    if (refusal) {
      // A refused total most often means that the menu changed: have the new prices at hand.
      shop.load(store).then(
        () => this.cart.followMenu(shop.catalogue),
        () => undefined,
      );
    } else if (row.task.kind === 'void' || row.task.kind === 'cancel') {
      void this.refresh(row.order);
    }
  }

  private async connect(): Promise<void> {
    while (!shop.outlet && !this.closed) {
      await shop.load(store).catch(() => undefined);
      if (!shop.outlet) await new Promise((resolve) => setTimeout(resolve, OUTLET_AGAIN_MS));
    }
    if (this.closed || !shop.outlet) return;
    this.live = new Live('pos', shop.outlet.id, {
      cursor: () => store.note<Cursor>(CURSOR),
      load: () => this.load(),
      apply: (messages) => this.apply(messages.map(({ message }) => message)),
      onState: (state) => this.lineChanged(state),
    });
    await this.live.start();
  }

  private wasConnected = false;

  private lineChanged(state: LineState): void {
    connection.update(state);
    if (state.connected && !this.wasConnected) {
      this.outbox?.wake();
      shop.load(store).then(
        () => this.cart.followMenu(shop.catalogue),
        () => undefined,
      );
    }
    this.wasConnected = state.connected;
  }

  /** Everything anew: the menu, and how this till's orders stand. */
  private async load(): Promise<Cursor> {
    const { cursor, orders } = await openOrders();
    const byId = new Map(orders.map((known) => [String(known.id), known]));
    for (const sale of await store.sales.toArray()) {
      const now = byId.get(sale.id);
      if (now) await store.sales.update(sale.id, { server: now });
      else if (sale.server && sale.server.state !== 'closed' && sale.server.state !== 'cancelled') {
        await this.refresh(sale.id);
      }
    }
    await shop.load(store);
    this.cart.followMenu(shop.catalogue);
    await store.keepNote(CURSOR, cursor);
    return cursor;
  }

  private async apply(messages: readonly LedgerMessage[]): Promise<void> {
    const changes: CatalogueChange[] = [];
    const stale = new Set<string>();
    const last = messages.at(-1);
    await store.transaction('rw', store.sales, store.notes, async () => {
      for (const message of messages) {
        if (message.event.name === 'catalogue_changed') changes.push(message.event.data as CatalogueChange);
        const key = message.event.name === 'order_created' ? null : keyOf(message);
        const sale = key === null ? undefined : await store.sales.get(key);
        if (!sale?.server) continue;
        const folded = foldChange(sale.server, message.event.name, message.event.data);
        await store.sales.update(sale.id, { server: folded.order });
        if (folded.stale) stale.add(sale.id);
      }
      if (last) await store.keepNote(CURSOR, { epoch: last.epoch, seq: last.seq });
    });
    shop.apply(store, changes);
    if (changes.some(({ kind }) => kind === 'promotion')) {
      // Away again: the next connection brings all of the menu.
      shop.loadPromotions(store).catch(() => undefined);
    }
    if (changes.length > 0) this.cart.followMenu(shop.catalogue);
    for (const id of stale) void this.refresh(id);
  }

  /** Asks the hub how an order stands. Best effort: the stream tells the rest. */
  private async refresh(id: string): Promise<void> {
    const answer: { order: Order } | null = await fetchOrder(id).catch(() => null);
    if (answer) await store.sales.update(id, { server: answer.order });
  }
}

/** An order's task without one of its fields. */
function without(task: Task, field: 'codes' | 'priced_at'): Partial<OutboxRow> {
  if (task.kind !== 'order') return {};
  const body = { ...task.body };
  if (field === 'codes') delete body.codes;
  else delete body.priced_at;
  return { task: { ...task, body } };
}

function sold(line: {
  product: string;
  name: string;
  price: number;
  modifiers: SoldLine['modifiers'];
  quantity: number;
  notes: string;
}): Omit<SoldLine, 'id'> {
  const { product, name, price, modifiers, quantity } = line;
  return { product, name, price, modifiers, quantity, notes: line.notes.trim() };
}
