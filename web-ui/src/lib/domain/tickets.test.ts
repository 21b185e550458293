import { describe, expect, it } from 'vitest';
import type { Change, LedgerMessage, Order, OrderItem } from '$lib/api/types';
import { foldMessage, isDone, keyOf, readTicket, type Ticket } from './tickets';
import { uuidMaker } from './uuid';

const NOW = Date.parse('2026-11-22T19:42:00+07:00');

const item = (id: string, more: Partial<OrderItem> = {}): OrderItem => ({
  id,
  product: 'p',
  name: `Menu ${id}`,
  sku: '',
  quantity: 1,
  price: 10_000,
  modifiers: [],
  line_total: 10_000,
  notes: '',
  station: 'dapur',
  status: 'sent',
  ...more,
});

const order = (more: Partial<Order> = {}): Partial<Order> => ({
  id: 'o1',
  outlet_id: 1,
  order_number: '017',
  order_type: 'dine_in',
  table: '4',
  customer: '',
  notes: '',
  status: 'sent',
  state: 'sent',
  items: [item('i1'), item('i2', { station: 'bar' })],
  created_at: '2026-11-22T19:40:00+07:00',
  updated_at: '2026-11-22T19:40:00+07:00',
  ...more,
});

const message = (seq: number, name: string, data: unknown): LedgerMessage => ({
  epoch: 1,
  seq,
  prev: seq - 1,
  event: { name, data },
});

const change = (seq: number, kind: Change, status?: string, name = 'order_updated') =>
  message(seq, name, {
    id: 'o1',
    outlet_id: 1,
    order_number: '017',
    ...(status ? { status } : {}),
    change: kind,
    updated_at: '2026-11-22T19:41:00+07:00',
  });

function ticketAfter(...messages: LedgerMessage[]): Ticket | undefined {
  let ticket: Ticket | undefined;
  for (const heard of messages) {
    const folded = foldMessage(ticket, heard, NOW);
    if (folded.did === 'created' || folded.did === 'changed') ticket = folded.ticket;
  }
  return ticket;
}

const created = message(1, 'order_created', order());

describe('the fold of tickets', () => {
  it('makes a ticket of an order', () => {
    expect(ticketAfter(created)).toMatchObject({
      key: 'o1',
      number: '017',
      type: 'dine_in',
      table: '4',
      status: 'sent',
      items: [
        { id: 'i1', round: 0 },
        { id: 'i2', station: 'bar' },
      ],
    });
  });

  it('ignores what it heard before', () => {
    const bumped = change(2, { kind: 'status', reason: '' }, 'preparing');
    const ticket = ticketAfter(created, bumped);
    expect(foldMessage(ticket, created, NOW)).toEqual({ did: 'nothing' });
    expect(foldMessage(ticket, bumped, NOW)).toEqual({ did: 'nothing' });
    expect(ticketAfter(created, bumped, created, bumped)).toEqual(ticket);
  });

  it('ignores what is out of date', () => {
    const ticket = ticketAfter(
      created,
      change(5, { kind: 'status', reason: '' }, 'ready'),
      change(3, { kind: 'status', reason: '' }, 'preparing'),
    );
    expect(ticket?.status).toBe('ready');
  });

  it('says when it does not know the ticket', () => {
    expect(foldMessage(undefined, change(9, { kind: 'status', reason: '' }, 'ready'), NOW)).toEqual({
      did: 'unknown',
      key: 'o1',
    });
  });

  it('moves the items with the whole, but never a voided one', () => {
    const ticket = ticketAfter(
      created,
      change(2, { kind: 'item_voided', item: 'i2', name: 'x', quantity: 1, reason: 'habis', total: 0 }),
      change(3, { kind: 'status', reason: '' }, 'ready'),
    );
    expect(ticket?.items.map((line) => line.status)).toEqual(['ready', 'voided']);
  });

  it('marks a further round, once', () => {
    const round = change(2, { kind: 'items_added', items: [item('i3')], total: 0 }, 'preparing');
    const again = { ...round, seq: 3 };
    const ticket = ticketAfter(created, round, again);
    expect(ticket?.items.map((line) => line.round)).toEqual([0, 0, 1]);
    expect(ticket?.rounds_ms).toHaveLength(2);
    expect(ticket?.status).toBe('preparing');
  });

  it('moves one item, and the order as the hub says', () => {
    const ticket = ticketAfter(
      created,
      change(2, { kind: 'item_status', item: 'i1', item_status: 'ready' }, 'preparing'),
    );
    expect(ticket?.items.map((line) => line.status)).toEqual(['ready', 'sent']);
    expect(ticket?.status).toBe('preparing');
  });

  it('ends with completion and cancellation, and comes back by a recall', () => {
    const done = ticketAfter(created, change(2, { kind: 'status', reason: '' }, 'closed', 'order_completed'));
    expect(done && isDone(done)).toBe(true);
    const off = ticketAfter(
      created,
      change(2, { kind: 'status', reason: 'Tamu pergi' }, 'cancelled', 'order_cancelled'),
    );
    expect(off).toMatchObject({ status: 'cancelled', reason: 'Tamu pergi', seen: false });
    const back = ticketAfter(
      created,
      change(2, { kind: 'status', reason: '' }, 'served'),
      change(3, { kind: 'status', reason: '' }, 'ready'),
    );
    expect(back && isDone(back)).toBe(false);
  });

  it('takes payments and unknown kinds as nothing to cook', () => {
    const before = ticketAfter(created);
    const after = ticketAfter(created, change(2, { kind: 'something_new' } as unknown as Change));
    expect(after).toEqual({ ...before, seq: 2, updated_ms: Date.parse('2026-11-22T19:41:00+07:00') });
  });
});

describe('what old tills and screens send', () => {
  const legacy = message(1, 'order_created', {
    id: 4711,
    order_number: 'B-017',
    outlet_id: '1',
    items: [
      {
        product_name: 'Nasi Goreng',
        quantity: '2',
        notes: 'pedas',
        modifiers: ['Telur', { name: 'Kerupuk' }],
      },
      { name: 'Es Teh' },
      'nonsense',
    ],
    total: 74_000,
    table_number: 9,
    order_type: 'dine-in',
  });

  it('is read as well as it can be', () => {
    expect(ticketAfter(legacy)).toMatchObject({
      key: '4711',
      number: 'B-017',
      type: 'dine_in',
      table: '9',
      status: 'sent',
      rounds_ms: [NOW],
      items: [
        { name: 'Nasi Goreng', quantity: 2, notes: 'pedas', modifiers: ['Telur', 'Kerupuk'] },
        { name: 'Es Teh', quantity: 1 },
      ],
    });
  });

  it('changes by a bare status, and keeps a word that is none of ours', () => {
    const after = (name: string, data: object, seq = 2) =>
      ticketAfter(legacy, message(seq, name, { id: 4711, outlet_id: 1, ...data }));
    expect(after('order_updated', { status: 'cooking' })?.status).toBe('preparing');
    expect(after('order_completed', {})?.status).toBe('closed');
    expect(after('order_cancelled', { reason: 'x' })).toMatchObject({ status: 'cancelled', reason: 'x' });
    expect(after('order_updated', { status: 'flambéed' })).toMatchObject({
      status: 'sent',
      word: 'flambéed',
    });
  });

  it('is nothing where it makes no sense', () => {
    for (const data of [null, 7, [], {}, { items: [] }]) {
      expect(foldMessage(undefined, message(1, 'order_created', data), NOW)).toEqual({ did: 'nothing' });
    }
    expect(keyOf(message(1, 'catalogue_changed', { id: 'x' }))).toBeNull();
  });
});

describe('a snapshot', () => {
  it('finds the rounds in the times of the ids', () => {
    let ms = NOW;
    const make = uuidMaker({ nowMs: () => ms, random: (bytes) => void bytes.fill(1) });
    const id = make();
    const [first, second] = [make(), make()];
    ms += 9 * 60_000;
    const [third, fourth] = [make(), make()];
    const ticket = readTicket(
      order({ id, items: [first, second, third, fourth].map((name) => item(name)) }),
      7,
      ms,
    );
    expect(ticket?.items.map((line) => line.round)).toEqual([0, 0, 1, 1]);
    expect(ticket?.rounds_ms).toEqual([
      Date.parse('2026-11-22T19:40:00+07:00'),
      Date.parse('2026-11-22T19:49:00+07:00'),
    ]);
  });

  it('keeps the rounds that this screen saw', () => {
    const known = ticketAfter(created, change(2, { kind: 'items_added', items: [item('i3')], total: 0 }));
    const anew = readTicket(order({ items: [item('i1'), item('i2'), item('i3')] }), 9, NOW, known);
    expect(anew?.items.map((line) => line.round)).toEqual([0, 0, 1]);
    expect(anew?.rounds_ms).toEqual(known?.rounds_ms);
  });
});
