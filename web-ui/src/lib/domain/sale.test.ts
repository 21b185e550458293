import { describe, expect, it } from 'vitest';
import type { Change, Order } from '$lib/api/types';
import { newRow, type OutboxRow, type SoldLine, type Task } from './outbox';
import type { Charges } from './pricing';
import { foldChange, viewOf, withPayment, type Sale } from './sale';

const CHARGES: Charges = {
  service_rate_bp: 0,
  service_base: 'after_discount',
  tax_rate_bp: 1_000,
  tax_included: false,
  cash_rounding_unit: 1,
  cash_rounding_mode: 'nearest',
};

const line = (id: string, price: number): SoldLine => ({
  id,
  product: 'p',
  name: id,
  price,
  modifiers: [],
  quantity: 2,
  notes: '',
});

const SALE: Sale = {
  id: 'o1',
  created_ms: 1,
  business_day: '2026-11-22',
  order_type: 'dine_in',
  table: '4',
  notes: '',
  lines: [line('i1', 10_000), line('i2', 5_000)],
  bill: { subtotal: 30_000, discount: 0, service: 0, tax: 3_000, tax_included: false, total: 33_000 },
  server: null,
  discarded_ms: null,
};

const item = (id: string, price: number): Order['items'][number] => ({
  id,
  product: 'p',
  name: id,
  sku: '',
  quantity: 2,
  price,
  modifiers: [],
  line_total: price * 2,
  notes: '',
  station: '',
  status: 'sent',
});

const ORDER = {
  id: 'o1',
  order_number: '017',
  receipt_number: null,
  order_type: 'dine_in',
  table: '4',
  notes: '',
  status: 'sent',
  state: 'sent',
  cancel_reason: '',
  items: [item('i1', 10_000), item('i2', 5_000)],
  subtotal: 30_000,
  discount: 0,
  service_charge: 0,
  tax: 3_000,
  tax_included: false,
  total: 33_000,
  paid: 0,
  due: 33_000,
  rounding: 0,
  payments: [],
  payment_status: 'unpaid',
} as unknown as Order;

const row = (task: Task, more: Partial<OutboxRow> = {}): OutboxRow => ({
  ...newRow('r', 'o1', task, 0),
  seq: 1,
  ...more,
});

const refusal = {
  status: 400,
  code: '',
  reasons: ['No.'],
  at_ms: 0,
  hub_total: null,
  hub_bill: null,
  our_total: null,
};

const payment: Task = {
  kind: 'payment',
  body: { id: 'p1', order: 'o1', method: 'cash', amount: 33_000, tendered: 50_000 },
  rounding: 0,
  change: 17_000,
  with_order: false,
};

describe('what a till shows of promotions', () => {
  const applied = { id: 'x', name: 'Promo', code: '', amount: 3_000 };

  it('is what the hub says, and weighed anew for what is on its way', () => {
    const promoted = { ...ORDER, discount: 3_000, total: 29_700, promotions: [applied] };
    const server = { ...SALE, server: promoted };
    expect(viewOf(server, [], CHARGES).bill).toMatchObject({ promotions: [applied], total: 29_700 });
    const voided: Task = { kind: 'void', item: 'i2', body: { reason: 'x' } };
    const view = viewOf(server, [row(voided)], CHARGES, (_, lines) =>
      lines.map(({ id }) => ({ ...applied, id, amount: 1_000 })),
    );
    expect(view.bill).toMatchObject({ subtotal: 20_000, discount: 1_000, total: 20_900 });
    expect(view.bill.promotions).toMatchObject([{ id: 'i1' }]);
  });

  it('asks for the order where the stream tells of others', () => {
    const change = (discount: number) => ({
      change: { kind: 'promoted', codes: [], promotions: [applied], discount, total: ORDER.total },
    });
    expect(foldChange(ORDER, 'order_updated', change(3_000)).stale).toBe(true);
    expect(foldChange(ORDER, 'order_updated', change(ORDER.discount)).stale).toBe(false);
  });
});

describe('what a till shows of a sale', () => {
  it('is what was rung up, until the hub has it', () => {
    expect(viewOf(SALE, [], CHARGES)).toMatchObject({
      number: null,
      status: 'waiting',
      due: 33_000,
      lines: [{ pending: true, total: 20_000 }, { total: 10_000 }],
    });
  });

  it('is what the hub says, once it has it', () => {
    expect(viewOf({ ...SALE, server: ORDER }, [], CHARGES)).toMatchObject({
      number: '017',
      status: 'sent',
      lines: [{ pending: false }, {}],
    });
  });

  it('shows what is on its way on top', () => {
    const server = { ...SALE, server: ORDER };
    const added: Task = { kind: 'items', body: { id: 'r', items: [] }, lines: [line('i3', 1_000)] };
    expect(viewOf(server, [row(added)], CHARGES)).toMatchObject({
      bill: { subtotal: 32_000, tax: 3_200, total: 35_200 },
      due: 35_200,
      pending: 1,
    });
    const voided: Task = { kind: 'void', item: 'i2', body: { reason: 'x' } };
    const view = viewOf(server, [row(voided)], CHARGES);
    expect(view.lines[1]).toMatchObject({ status: 'voided', pending: true });
    expect(view.bill.total).toBe(22_000);
    expect(viewOf(server, [row(payment)], CHARGES)).toMatchObject({ paid: 33_000, due: 0 });
    expect(viewOf(server, [row({ kind: 'cancel', body: { reason: 'x' } })], CHARGES)).toMatchObject({
      status: 'cancelled',
      cancel_reason: 'x',
    });
  });

  it('does not count what the hub refused', () => {
    const server = { ...SALE, server: ORDER };
    expect(viewOf(server, [row(payment, { refusal })], CHARGES)).toMatchObject({
      paid: 0,
      due: 33_000,
      refused: 1,
    });
    const task: Task = {
      kind: 'order',
      body: { id: 'o1', order_type: 'dine_in', expected_total: 1, items: [] },
    };
    expect(viewOf(SALE, [row(task, { refusal })], CHARGES).status).toBe('refused');
    expect(viewOf({ ...SALE, discarded_ms: 5 }, [], CHARGES).status).toBe('discarded');
  });
});

describe('an order after a change', () => {
  const after = (change: Change, name = 'order_updated', status?: string) =>
    foldChange(ORDER, name, { change, ...(status ? { status } : {}) });

  it('moves, with its items', () => {
    const { order, stale } = after({ kind: 'status', reason: '' }, 'order_updated', 'ready');
    expect([order.state, order.items.map((each) => each.status), stale]).toEqual([
      'ready',
      ['ready', 'ready'],
      false,
    ]);
    expect(after({ kind: 'status', reason: 'x' }, 'order_cancelled').order).toMatchObject({
      state: 'cancelled',
      cancel_reason: 'x',
    });
  });

  it('asks for the figures that a change does not carry, once', () => {
    const added = after({ kind: 'items_added', items: [item('i3', 1)], total: 1 });
    expect([added.order.items.length, added.stale]).toEqual([3, true]);
    expect(
      foldChange(added.order, 'order_updated', { change: { kind: 'items_added', items: [item('i3', 1)] } })
        .stale,
    ).toBe(false);
    expect(
      after({ kind: 'item_voided', item: 'i1', name: '', quantity: 2, reason: '', total: 1 }).stale,
    ).toBe(true);
  });

  it('takes a payment once', () => {
    const paid = {
      id: 'p1',
      order: 'o1',
      method: 'cash',
      amount: 33_000,
      tendered: 50_000,
      rounding: 0,
      change: 17_000,
      reference: '',
      status: 'paid',
      receipt_number: 8,
      created_at: '',
    };
    const once = withPayment(ORDER, paid);
    expect(once).toMatchObject({ paid: 33_000, due: 0, payment_status: 'paid', receipt_number: 8 });
    expect(withPayment(once, paid)).toBe(once);
  });

  it('takes the free form of an old screen', () => {
    expect(foldChange(ORDER, 'order_updated', { id: 'o1', status: 'cooking' }).order.state).toBe('preparing');
    expect(foldChange(ORDER, 'order_updated', { id: 'o1', status: '??' }).order.state).toBe('sent');
  });
});
