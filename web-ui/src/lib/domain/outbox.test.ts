import { describe, expect, it } from 'vitest';
import {
  BACKOFF_MAX_MS,
  backoffMs,
  newRow,
  outcomeOf,
  readyRows,
  requestOf,
  sentences,
  type Answer,
  type OutboxRow,
  type Task,
} from './outbox';

const order: Task = {
  kind: 'order',
  body: { id: 'o1', order_type: 'dine_in', expected_total: 93_500, items: [] },
};
const payment: Task = {
  kind: 'payment',
  body: { id: 'p1', order: 'o1', method: 'cash', amount: 93_500 },
  rounding: 0,
  change: 0,
  with_order: true,
};

const row = (seq: number, of: string, more: Partial<OutboxRow> = {}): OutboxRow => ({
  ...newRow(`r${seq}`, of, order, 0),
  seq,
  ...more,
});

const refusal = {
  status: 400,
  code: '',
  reasons: [],
  at_ms: 0,
  hub_total: null,
  hub_bill: null,
  our_total: null,
};

const answer = (status: number, body: unknown = {}, retryAfterMs: number | null = null): Answer => ({
  kind: 'response',
  status,
  body,
  retryAfterMs,
});

const seqs = (rows: OutboxRow[]) => rows.map((each) => each.seq);

describe('which rows may go', () => {
  it('is one per order, in the order in which they were made', () => {
    const rows = [row(3, 'b'), row(1, 'a'), row(2, 'a'), row(4, 'b')];
    expect(seqs(readyRows(rows, 0).ready)).toEqual([1, 3]);
  });

  it('holds what hangs on a row that waits, and nothing else', () => {
    const rows = [row(1, 'a', { next_ms: 900 }), row(2, 'a'), row(3, 'b', { next_ms: 700 }), row(4, 'c')];
    expect(readyRows(rows, 500)).toEqual({ ready: [rows[3]], againAtMs: 700 });
  });

  it('passes over a row that was set aside', () => {
    const aside = { refusal, task: payment };
    expect(seqs(readyRows([row(1, 'a', aside), row(2, 'a'), row(3, 'b')], 0).ready)).toEqual([2, 3]);
  });

  it('holds what hangs on an order that the hub does not have', () => {
    expect(
      seqs(readyRows([row(1, 'a', { refusal }), row(2, 'a', { task: payment }), row(3, 'b')], 0).ready),
    ).toEqual([3]);
  });
});

describe('what a row asks of the hub', () => {
  it('has a path, a body and its key', () => {
    const of = (task: Task) => requestOf({ id: 'k', order: 'o/1', task });
    expect(of(order)).toMatchObject({ method: 'POST', path: '/api/orders/', key: 'k' });
    expect(of({ kind: 'items', body: { id: 'k', items: [] }, lines: [] }).path).toBe(
      '/api/orders/o%2F1/items/',
    );
    expect(of({ kind: 'cancel', body: { reason: 'x' } }).path).toBe('/api/orders/o%2F1/cancel/');
    expect(of({ kind: 'discount', body: { percent_bp: 500, reason: 'x' } }).path).toBe(
      '/api/orders/o%2F1/discount/',
    );
    expect(of({ kind: 'status', body: { status: 'ready' } })).toMatchObject({
      method: 'PATCH',
      path: '/api/orders/o%2F1/',
    });
    expect(of({ kind: 'void', item: 'i', body: { reason: 'x' } }).path).toBe('/api/order-items/i/void/');
    expect(of({ kind: 'item_status', item: 'i', body: { status: 'ready' } })).toMatchObject({
      method: 'PATCH',
      path: '/api/order-items/i/',
    });
    expect(of(payment)).toMatchObject({ path: '/api/payments/', body: payment.body });
  });
});

describe('what an answer means', () => {
  const means = (status: number, body: unknown = {}, task: Task = order) =>
    outcomeOf({ task }, answer(status, body), 5);

  it.each([
    [200, 'forget'],
    [201, 'forget'],
    [400, 'set_aside'],
    [403, 'set_aside'],
    [404, 'set_aside'],
    [409, 'set_aside'],
    [422, 'set_aside'],
    [401, 'retry'],
    [408, 'retry'],
    [425, 'retry'],
    [429, 'retry'],
    [500, 'retry'],
    [502, 'retry'],
    [503, 'retry'],
    [507, 'retry'],
  ])('%i: %s', (status, wanted) => {
    expect(means(status, { id: 'o1' }).do).toBe(wanted);
  });

  it.each(['not_authenticated', 'token_not_valid', 'device_not_paired', ''])(
    'waits for somebody to sign in, and is never set aside for it: %s',
    (code) => {
      expect(means(401, { detail: 'No.', code })).toEqual({
        do: 'retry',
        scope: 'all',
        trouble: 'sign_in',
        afterMs: null,
      });
    },
  );

  it('waits for the secure address, and takes every other 403 as a refusal', () => {
    expect(means(403, { code: 'https_needed' })).toMatchObject({
      do: 'retry',
      scope: 'all',
      trouble: 'https',
    });
    for (const code of ['approval_needed', 'approval_refused', 'permission_denied']) {
      expect(means(403, { detail: 'No.', code })).toMatchObject({ do: 'set_aside', refusal: { code } });
    }
    expect(means(403, 'https_needed').do).toBe('set_aside');
  });

  it('counts only the words of the hub as an acknowledgement', () => {
    for (const body of [null, '<html>Sign in to Wi-Fi</html>', [], {}, { id: 'another' }]) {
      expect(means(200, body)).toMatchObject({ do: 'retry', trouble: 'odd_answer' });
    }
    expect(means(201, { id: 'p1' }, payment).do).toBe('forget');
  });

  it('stops everything only where everything would fail alike', () => {
    expect(means(500)).toMatchObject({ scope: 'row' });
    expect(means(503)).toMatchObject({ scope: 'all', trouble: 'busy' });
    expect(means(507)).toMatchObject({ scope: 'all', trouble: 'full' });
    expect(outcomeOf({ task: order }, { kind: 'unreachable' }, 0)).toMatchObject({
      scope: 'all',
      trouble: 'network',
    });
  });

  it('tells a refused total with both figures, and the breakdown where the hub sends it', () => {
    const said = { expected_total: ['The total 93500 differs from 95.000.'] };
    expect(means(400, said)).toMatchObject({
      refusal: { code: 'total_differs', our_total: 93_500, hub_total: 95_000, hub_bill: null },
    });
    const bill = { subtotal: 90_000, discount: 0, service_charge: 0, tax: 9_000, total: 99_000 };
    expect(means(400, { ...said, hub_bill: bill })).toMatchObject({
      refusal: { hub_total: 99_000, hub_bill: { tax: 9_000 } },
    });
    const promotions = [{ id: 'x', name: 'Promo', code: '', amount: 1_000 }];
    expect(means(400, { ...said, hub_bill: { ...bill, promotions } })).toMatchObject({
      refusal: { hub_bill: { promotions } },
    });
  });

  it('names the field that a till can do something about', () => {
    expect(means(400, { codes: ['There is no code LAIN.'] })).toMatchObject({ refusal: { code: 'codes' } });
    expect(means(400, { priced_at: ['Too late.'] })).toMatchObject({ refusal: { code: 'priced_at' } });
    expect(means(400, { table: ['Too long.'] })).toMatchObject({ refusal: { code: '' } });
  });

  it('reads errors in the shapes of Django REST Framework', () => {
    expect(sentences({ detail: 'Gone.', code: 'x' })).toEqual(['Gone.']);
    expect(sentences({ items: [{}, { product: ['Unknown.'], quantity: ['Too few.'] }] })).toEqual([
      'items 2 · product: Unknown.',
      'items 2 · quantity: Too few.',
    ]);
    expect(sentences({ table: ['Too long.'] })).toEqual(['table: Too long.']);
    expect(sentences('plain')).toEqual(['plain']);
    expect(sentences(null)).toEqual([]);
  });
});

describe('the wait after a failure', () => {
  it('doubles up to a limit, and is spread', () => {
    expect([0, 1, 2, 3].map((attempts) => backoffMs(attempts, null, 1))).toEqual([500, 1_000, 2_000, 4_000]);
    expect(backoffMs(500, null, 1)).toBe(BACKOFF_MAX_MS);
    expect(backoffMs(3, null, 0)).toBe(2_000);
  });

  it('believes a hub that says when', () => {
    expect(backoffMs(0, 7_000, 0)).toBeGreaterThanOrEqual(7_000);
    expect(backoffMs(0, 3_600_000, 1)).toBeLessThanOrEqual(301_000);
  });
});
