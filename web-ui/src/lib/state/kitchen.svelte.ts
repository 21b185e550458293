/** A kitchen screen: its tickets, what was tapped, and what it missed. */

import { liveQuery, type Subscription } from 'dexie';
import { latestOrders, openOrders, order as fetchOrder } from '$lib/api/hub';
import type { CatalogueChange, Cursor, ItemStatus, LedgerMessage, OrderStatus } from '$lib/api/types';
import { allDay, cardOf, doneCards, forgettable, openCards, withTaps, type Card } from '$lib/domain/board';
import { nextStep, recallStep } from '$lib/domain/board';
import { newRow, type OutboxRow, type Task } from '$lib/domain/outbox';
import { isFinal } from '$lib/domain/status';
import { foldMessage, isDone, readTicket, type Ticket } from '$lib/domain/tickets';
import { uuidv7 } from '$lib/domain/uuid';
import { i18n } from '$lib/i18n/index.svelte';
import { Live, type LineState } from '$lib/sync/live';
import type { Outbox } from '$lib/sync/outbox';
import { clock } from './clock.svelte';
import { connection } from './connection.svelte';
import { openOutbox, store } from './device';
import { identity } from './identity.svelte';
import { Taps } from './taps.svelte';
import { notices } from './notices.svelte';
import { keepPref, keptPref } from './prefs.svelte';
import { shop } from './shop.svelte';

const CURSOR = 'cursor:kitchen';
const OUTLET_AGAIN_MS = 2_000;
/** A ticket that was served stays in its place this long, so that nothing moves under a finger and it can be undone. */
export const LEAVING_MS = 4_000;
/** Orders that this screen did not see leaving are asked for one by one, up to so many. */
const LOOK_UPS_MAX = 60;
const SERVED_SHOWN = 20;

export class Kitchen {
  station = $state<string | null>(null);
  phase = $state<'reading' | 'loading' | 'ready'>('reading');
  /** Orders that came while the screen was away and nobody has seen the banner yet. */
  missed = $state(0);
  selected = $state<string | null>(null);
  private tickets = $state.raw<ReadonlyMap<string, Ticket>>(new Map());
  /** Tickets just served, with the moment at which they leave. */
  private leaving = $state.raw<ReadonlyMap<string, number>>(new Map());
  private readonly taps = new Taps();
  private outbox: Outbox | null = null;
  private live: Live | null = null;
  private rowsWatch: Subscription | undefined;
  private closed = false;

  constructor(private readonly onArrival: () => void) {
    // What was chosen here by hand, "all" too; else what the manager said when this screen was paired.
    this.station = (keptPref('outlet.station') ?? identity.device?.station) || null;
  }

  private readonly shown = $derived(
    [...this.tickets.values()].map((ticket) => withTaps(ticket, this.taps.list)),
  );

  readonly cards: Card[] = $derived.by(() => {
    const cards = openCards(this.shown, this.station);
    const there = new Set(cards.map((card) => card.ticket.key));
    const ghosts = this.shown
      .filter((ticket) => this.leaving.has(ticket.key) && !there.has(ticket.key))
      .map((ticket) => cardOf(ticket, this.station))
      .filter((card) => card !== null);
    return [...cards, ...ghosts].sort((a, b) => (a.ticket.rounds_ms[0] ?? 0) - (b.ticket.rounds_ms[0] ?? 0));
  });

  readonly done: Card[] = $derived(
    doneCards(this.shown, this.station).filter((card) => !this.leaving.has(card.ticket.key)),
  );
  readonly tallies = $derived(allDay(this.cards));

  readonly stations: string[] = $derived.by(() => {
    const named = new Set(shop.catalogue.stations);
    for (const ticket of this.shown) {
      if (isDone(ticket)) continue;
      for (const item of ticket.items) if (item.station !== '') named.add(item.station);
    }
    if (this.station !== null) named.add(this.station);
    return [...named];
  });

  isLeaving(key: string): boolean {
    return this.leaving.has(key);
  }

  async open(): Promise<void> {
    connection.reset();
    this.outbox = openOutbox({
      onTrouble: () => undefined,
      onSettled: (row, refusal) => this.settled(row, refusal !== null),
    });
    await shop.open(store);
    const kept = await store.tickets.toArray().catch(() => []);
    this.tickets = new Map(kept.map((ticket) => [ticket.key, ticket]));
    this.phase = kept.length > 0 ? 'ready' : 'loading';
    this.rowsWatch = liveQuery(() => store.outbox.orderBy('seq').toArray()).subscribe((rows) =>
      this.taps.follow(rows),
    );
    void this.outbox.drain();
    await this.connect();
  }

  close(): void {
    this.closed = true;
    this.rowsWatch?.unsubscribe();
    this.outbox?.close();
    this.live?.close();
  }

  choose(station: string | null): void {
    this.station = station;
    keepPref('outlet.station', station ?? '');
  }

  /** The big button: the next step of a ticket, or of this station's part of it. */
  bump(key: string): void {
    const card = this.cards.find((known) => known.ticket.key === key);
    if (!card || this.leaving.has(key)) return;
    if (card.ticket.status === 'cancelled') return void this.seen(key);
    const step = nextStep(card.status);
    if (!step) return;
    if (step === 'served') this.leave(key);
    this.move(card, step);
  }

  /** One item ready, or back. */
  tapItem(key: string, item: string, now: ItemStatus): void {
    const to: ItemStatus = now === 'ready' ? 'preparing' : 'ready';
    void this.tap(key, { kind: 'item_status', item, body: { status: to } });
  }

  /** Brings a ticket back that left too early. */
  recall(key: string): void {
    const card = [...this.done, ...this.cards].find((known) => known.ticket.key === key);
    const step = card && recallStep(card.status);
    this.stay(key);
    if (!card || !step || isFinal(card.ticket.status)) return;
    this.move(card, step);
    notices.show({ title: i18n.t.kitchen.undone(card.ticket.number), lasts_ms: 3_000 });
  }

  recallLast(): void {
    const leaving = [...this.leaving.keys()].at(-1);
    const key = leaving ?? this.done.find((card) => recallStep(card.status) !== null)?.ticket.key;
    if (key) this.recall(key);
  }

  private move(card: Card, step: 'preparing' | 'ready' | 'served'): void {
    const { key } = card.ticket;
    if (this.station === null || card.elsewhere === 0) {
      void this.tap(key, { kind: 'status', body: { status: step } });
      return;
    }
    for (const item of card.items) {
      if (item.status === 'voided' || item.status === step) continue;
      void this.tap(key, { kind: 'item_status', item: item.id, body: { status: step } });
    }
  }

  private async tap(order: string, task: Extract<Task, { kind: 'status' | 'item_status' }>): Promise<void> {
    const row = newRow(uuidv7(), order, task, Date.now());
    this.taps.add(row);
    await this.outbox?.add(row);
  }

  private async seen(key: string): Promise<void> {
    const ticket = this.tickets.get(key);
    if (ticket) await this.keep([{ ...ticket, seen: true }], null);
  }

  private leave(key: string): void {
    this.leaving = new Map(this.leaving).set(key, Date.now() + LEAVING_MS);
    setTimeout(() => this.stay(key), LEAVING_MS);
  }

  private stay(key: string): void {
    const leaving = new Map(this.leaving);
    leaving.delete(key);
    this.leaving = leaving;
  }

  private settled(row: OutboxRow, refused: boolean): void {
    if (row.task.kind !== 'status' && row.task.kind !== 'item_status') return;
    if (!refused) return this.taps.acknowledged(row.id);
    // Not a sale: a step that the hub refuses is undone on the screen, and said.
    this.taps.drop(row.id);
    this.stay(row.order);
    void store.outbox.delete(row.seq);
    notices.show({ tone: 'attention', title: i18n.t.kitchen.refused });
    void this.look([row.order]);
  }

  private async connect(): Promise<void> {
    for (;;) {
      await shop.load(store).catch(() => undefined);
      if (shop.outlet || this.closed) break;
      await new Promise((resolve) => setTimeout(resolve, OUTLET_AGAIN_MS));
    }
    if (this.closed || !shop.outlet) return;
    this.live = new Live('kitchen', shop.outlet.id, {
      cursor: () => store.note<Cursor>(CURSOR),
      load: () => this.load(),
      apply: (messages) => this.apply(messages),
      onState: (state) => this.lineChanged(state),
    });
    await this.live.start();
  }

  private lineChanged(state: LineState): void {
    connection.update(state);
    if (state.connected) this.outbox?.wake();
    if (state.phase === 'live') this.phase = 'ready';
  }

  /** All tickets anew, from what the hub has. */
  private async load(): Promise<Cursor> {
    const { cursor, orders, pages } = await openOrders('sent,preparing,ready');
    const known = this.tickets;
    const fresh = new Map<string, Ticket>();
    for (const page of pages) {
      for (const order of page.rows) {
        const ticket = readTicket(
          order,
          page.cursor?.seq ?? cursor.seq,
          clock.exact(),
          known.get(String(order.id)),
        );
        if (ticket) fresh.set(ticket.key, ticket);
      }
    }
    const isFirst = known.size === 0 && (await store.note(CURSOR)) === null;
    const arrived = orders.filter((order) => !known.has(String(order.id))).length;
    const gone = [...known.values()].filter((ticket) => !isDone(ticket) && !fresh.has(ticket.key));
    for (const ticket of known.values()) {
      if (isDone(ticket) && !fresh.has(ticket.key)) fresh.set(ticket.key, { ...ticket, seq: cursor.seq });
    }
    for (const order of await latestOrders('served', SERVED_SHOWN).catch(() => [])) {
      const ticket = readTicket(order, cursor.seq, clock.exact(), known.get(String(order.id)));
      if (ticket && !fresh.has(ticket.key)) fresh.set(ticket.key, ticket);
    }
    this.tickets = fresh;
    this.phase = 'ready';
    await store.transaction('rw', store.tickets, store.notes, async () => {
      await store.tickets.clear();
      await store.tickets.bulkPut([...fresh.values()]);
      await store.keepNote(CURSOR, cursor);
    });
    await this.look(gone.slice(0, LOOK_UPS_MAX).map((ticket) => ticket.key));
    if (!isFirst && arrived > 0) this.arrive(arrived, arrived);
    return cursor;
  }

  private async apply(messages: readonly { message: LedgerMessage; missed: boolean }[]): Promise<void> {
    const changed = new Map<string, Ticket>();
    const unknown = new Set<string>();
    const catalogue: CatalogueChange[] = [];
    let arrived = 0;
    let missed = 0;
    for (const { message, missed: wasMissed } of messages) {
      if (message.event.name === 'catalogue_changed') catalogue.push(message.event.data as CatalogueChange);
      const key = String((message.event.data as { id?: unknown } | null)?.id ?? '');
      const folded = foldMessage(changed.get(key) ?? this.tickets.get(key), message, clock.exact());
      if (folded.did === 'unknown') unknown.add(folded.key);
      if (folded.did !== 'created' && folded.did !== 'changed') continue;
      changed.set(folded.ticket.key, folded.ticket);
      if (folded.did === 'changed' || isDone(folded.ticket)) continue;
      arrived += 1;
      if (wasMissed) missed += 1;
    }
    const last = messages.at(-1)?.message;
    await this.keep([...changed.values()], last ? { epoch: last.epoch, seq: last.seq } : null);
    shop.apply(store, catalogue);
    if (arrived > 0) this.arrive(arrived, missed);
    if (unknown.size > 0) void this.look([...unknown].slice(0, LOOK_UPS_MAX));
  }

  private arrive(count: number, missed: number): void {
    if (count > 0) this.onArrival();
    this.missed += missed;
  }

  /** Shows tickets at once, and writes them with the place in the stream that they contain. */
  private async keep(changed: readonly Ticket[], cursor: Cursor | null): Promise<void> {
    const next = new Map(this.tickets);
    for (const ticket of changed) next.set(ticket.key, ticket);
    const old = forgettable(next.values());
    for (const key of old) next.delete(key);
    this.tickets = next;
    this.taps.reached(next);
    await store.transaction('rw', store.tickets, store.notes, async () => {
      // Another screen in this browser may be further on: the newer state stays.
      const stored = await store.tickets.bulkGet(changed.map((ticket) => ticket.key));
      await store.tickets.bulkPut(
        changed.filter((ticket, index) => (stored[index]?.seq ?? -1) <= ticket.seq),
      );
      await store.tickets.bulkDelete(old);
      if (cursor) await store.keepNote(CURSOR, cursor);
    });
  }

  /** Asks the hub for orders that this screen does not know, or no longer knows. */
  private async look(keys: readonly string[]): Promise<void> {
    const found: Ticket[] = [];
    for (const key of keys) {
      const answer = await fetchOrder(key).catch(() => null);
      const known = this.tickets.get(key);
      const seq = Math.max(answer?.cursor?.seq ?? 0, known?.seq ?? 0);
      const ticket = answer && readTicket(answer.order, seq, clock.exact(), known);
      if (ticket) found.push(ticket);
    }
    if (found.length > 0) await this.keep(found, null);
  }

  /** What a test, or the page's keys, may want to know. */
  statusOf(key: string): OrderStatus | undefined {
    return this.shown.find((ticket) => ticket.key === key)?.status;
  }
}
