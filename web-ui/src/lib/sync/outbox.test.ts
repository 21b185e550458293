import 'fake-indexeddb/auto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Store } from '$lib/db/database';
import { newRow, type Answer, type HubRequest, type Task } from '$lib/domain/outbox';
import type { Sale } from '$lib/domain/sale';
import { EMPTY_BILL } from '$lib/domain/pricing';
import { leaseLock, type Lock } from './lock';
import { Outbox, type OutboxPorts } from './outbox';

let count = 0;
const opened: { store: Store; outboxes: Outbox[] }[] = [];

/** A hub that remembers what it was sent and answers as it is told. */
function fakeHub(answer: (request: HubRequest, attempt: number) => Answer | Promise<Answer>) {
  const attempts = new Map<string, number>();
  const sent: string[] = [];
  return {
    sent,
    attempts,
    send: async (request: HubRequest): Promise<Answer> => {
      const attempt = (attempts.get(request.key) ?? 0) + 1;
      attempts.set(request.key, attempt);
      sent.push(request.key);
      return answer(request, attempt);
    },
  };
}

const yes = (request: HubRequest): Answer => ({
  kind: 'response',
  status: 201,
  body: { id: (request.body as { id?: string }).id ?? request.key, status: 'sent' },
  retryAfterMs: null,
});
const no = (status: number, body: unknown = { detail: 'No.', code: 'no' }): Answer => ({
  kind: 'response',
  status,
  body,
  retryAfterMs: null,
});

const alone: Lock = async (work) => {
  await work();
  return true;
};

function open(send: OutboxPorts['send'], more: Partial<OutboxPorts> = {}, store?: Store) {
  const kept = store ?? new Store(`test-${(count += 1)}`);
  const outbox = new Outbox(kept, { send, nowMs: () => Date.now(), chance: () => 0, lock: alone, ...more });
  opened.push({ store: kept, outboxes: [outbox] });
  return { store: kept, outbox };
}

const orderTask = (id: string): Task => ({
  kind: 'order',
  body: { id, order_type: 'dine_in', expected_total: 1, items: [] },
});
const paymentTask = (id: string, order: string): Task => ({
  kind: 'payment',
  body: { id, order, method: 'cash', amount: 1 },
  rounding: 0,
  change: 0,
  with_order: true,
});
const sale = (id: string): Sale => ({
  id,
  created_ms: 1,
  business_day: '2026-11-22',
  order_type: 'dine_in',
  table: '',
  notes: '',
  lines: [],
  bill: EMPTY_BILL,
  server: null,
  discarded_ms: null,
});

const place = (outbox: Outbox, id: string) =>
  outbox.place(sale(id), [
    newRow(id, id, orderTask(id), 1),
    newRow(`${id}-pay`, id, paymentTask(`${id}-pay`, id), 1),
  ]);

const empty = (store: Store) => vi.waitFor(async () => expect(await store.outbox.count()).toBe(0), 5_000);

afterEach(async () => {
  for (const { store, outboxes } of opened.splice(0)) {
    for (const outbox of outboxes) outbox.close();
    await store.delete();
  }
});

describe('the outbox', () => {
  it('keeps the rows of an order in order', async () => {
    const hub = fakeHub(yes);
    const { store, outbox } = open(hub.send);
    await place(outbox, 'a');
    await place(outbox, 'b');
    await empty(store);
    expect(hub.sent.indexOf('a')).toBeLessThan(hub.sent.indexOf('a-pay'));
    expect(hub.sent.indexOf('b')).toBeLessThan(hub.sent.indexOf('b-pay'));
    expect(hub.sent).toHaveLength(4);
  });

  it('keeps a sale and its rows together, or neither', async () => {
    const { store, outbox } = open(fakeHub(yes).send);
    await store.sales.add(sale('a'));
    await expect(place(outbox, 'a')).rejects.toThrow();
    expect(await store.outbox.count()).toBe(0);
    expect(await store.sales.count()).toBe(1);
  });

  it('sets aside what is refused for good, and goes on with the others', async () => {
    const settled: [string, boolean][] = [];
    const hub = fakeHub((request) =>
      request.key === 'a' ? no(400, { table: ['Too long.'] }) : yes(request),
    );
    const { store, outbox } = open(hub.send, {
      onSettled: (row, refusal) => settled.push([row.id, refusal !== null]),
    });
    await place(outbox, 'a');
    await place(outbox, 'b');
    await vi.waitFor(async () => expect(await store.outbox.count()).toBe(2));
    const rows = await store.outbox.toArray();
    expect(rows.map((row) => row.id)).toEqual(['a', 'a-pay']);
    expect(rows[0]?.refusal).toMatchObject({ status: 400, reasons: ['table: Too long.'] });
    expect(hub.attempts.get('a-pay')).toBeUndefined();
    expect(settled).toContainEqual(['a', true]);
    expect(settled).toContainEqual(['b-pay', false]);
  });

  it('sends a row again once a person has seen to it, and what waited behind it', async () => {
    const hub = fakeHub((request) => {
      const total = (request.body as { expected_total?: number }).expected_total;
      return total === 1 ? no(400, { expected_total: ['1 differs from 2'] }) : yes(request);
    });
    const { store, outbox } = open(hub.send);
    await place(outbox, 'a');
    await vi.waitFor(async () => expect((await store.outbox.toArray())[0]?.refusal?.hub_total).toBe(2));
    const [row] = await store.outbox.toArray();
    await outbox.revise(row?.seq ?? 0, ({ task }) =>
      task.kind === 'order' ? { task: { ...task, body: { ...task.body, expected_total: 2 } } } : {},
    );
    await empty(store);
    expect(hub.sent).toEqual(['a', 'a', 'a-pay']);
  });

  it('tries for ever what fails for a passing reason', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    try {
      const hub = fakeHub((request, attempt) => (attempt <= 30 ? { kind: 'unreachable' } : yes(request)));
      const { store, outbox } = open(hub.send);
      await place(outbox, 'a');
      for (let turn = 0; turn < 400 && (await store.outbox.count()) > 0; turn += 1) {
        await vi.advanceTimersByTimeAsync(30_000);
        await outbox.drain();
      }
      expect(hub.attempts.get('a')).toBe(31);
      expect(await store.outbox.count()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  it('lets a row that makes the hub stumble hold up nobody else', async () => {
    const hub = fakeHub((request) => (request.key === 'a' ? no(500) : yes(request)));
    const { store, outbox } = open(hub.send);
    await place(outbox, 'a');
    await place(outbox, 'b');
    await vi.waitFor(() => expect(hub.sent).toContain('b-pay'));
    const rows = await store.outbox.toArray();
    expect(rows.map((row) => [row.id, row.refusal, row.trouble])).toEqual([
      ['a', null, 'server'],
      ['a-pay', null, null],
    ]);
  });

  it('says that the hub is away, and goes on at once when it is back', async () => {
    const troubles: (string | null)[] = [];
    let isUp = false;
    const hub = fakeHub((request) => (isUp ? yes(request) : { kind: 'unreachable' }));
    const { store, outbox } = open(hub.send, {
      onTrouble: (trouble) => troubles.push(trouble),
      chance: () => 1,
    });
    await place(outbox, 'a');
    await vi.waitFor(() => expect(troubles).toEqual(['network']));
    isUp = true;
    outbox.wake();
    await empty(store);
    expect(troubles).toEqual(['network', null]);
  });

  it('waits while nobody is signed in, and goes in order once somebody is', async () => {
    const troubles: (string | null)[] = [];
    let isIn = false;
    const hub = fakeHub((request) => (isIn ? yes(request) : no(401, { code: 'token_not_valid' })));
    const { store, outbox } = open(hub.send, {
      onTrouble: (trouble) => troubles.push(trouble),
      chance: () => 1,
    });
    await place(outbox, 'a');
    await place(outbox, 'b');
    await vi.waitFor(() => expect(troubles).toContain('sign_in'));
    const rows = await store.outbox.toArray();
    expect(rows.map((row) => [row.id, row.refusal])).toEqual([
      ['a', null],
      ['a-pay', null],
      ['b', null],
      ['b-pay', null],
    ]);
    isIn = true;
    hub.sent.length = 0;
    outbox.wake();
    await empty(store);
    expect(hub.sent.indexOf('a')).toBeLessThan(hub.sent.indexOf('a-pay'));
    expect(hub.sent.indexOf('b')).toBeLessThan(hub.sent.indexOf('b-pay'));
    expect(troubles.at(-1)).toBeNull();
  });

  it('takes an approved row as the hub answers it, and never keeps the approval', async () => {
    const hub = fakeHub(() => no(403, { detail: 'A manager must agree.', code: 'approval_needed' }));
    const { store, outbox } = open(hub.send);
    await outbox.add(newRow('v', 'a', { kind: 'void', item: 'i', body: { reason: 'x' } }, 1));
    await vi.waitFor(async () => expect((await store.outbox.toArray())[0]?.refusal).not.toBeNull());
    const [row] = await store.outbox.toArray();
    if (!row) throw new Error('the row is gone');
    expect(row.refusal?.code).toBe('approval_needed');
    await outbox.settle(row, { id: 'i', order: 'a', status: 'voided' });
    expect(await store.outbox.count()).toBe(0);
  });

  it('survives a tab that dies between the answer and the deletion', async () => {
    const stored = new Map<string, string>();
    const hub = fakeHub((request) => {
      const text = JSON.stringify(request.body);
      if (stored.has(request.key) && stored.get(request.key) !== text) return no(409);
      stored.set(request.key, text);
      return yes(request);
    });
    const first = open(async (request) => {
      await hub.send(request);
      // The answer arrives, and nobody is there to write it down.
      return new Promise<Answer>(() => undefined);
    });
    await place(first.outbox, 'a');
    await vi.waitFor(() => expect(hub.sent).toEqual(['a']));
    first.outbox.close();
    const second = open(hub.send, {}, first.store);
    await second.outbox.drain();
    await empty(first.store);
    expect(hub.sent).toEqual(['a', 'a', 'a-pay']);
    expect(stored.size).toBe(2);
  });

  it('keeps a row that was changed while it was being sent', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const bodies: unknown[] = [];
    const hub = fakeHub(async (request, attempt) => {
      bodies.push(request.body);
      if (attempt === 1) await held;
      return yes(request);
    });
    const { store, outbox } = open(hub.send);
    await outbox.place(sale('a'), [newRow('a', 'a', orderTask('a'), 1)]);
    await vi.waitFor(() => expect(hub.sent).toEqual(['a']));
    const [row] = await store.outbox.toArray();
    await outbox.revise(row?.seq ?? 0, ({ task }) =>
      task.kind === 'order' ? { task: { ...task, body: { ...task.body, table: '9' } } } : {},
    );
    release();
    await empty(store);
    expect(bodies).toHaveLength(2);
    expect(bodies[1]).toMatchObject({ table: '9' });
  });

  it('does not take a refusal for a row that was changed meanwhile', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const hub = fakeHub(async (request, attempt) => {
      if (attempt > 1) return yes(request);
      await held;
      return no(400);
    });
    const { store, outbox } = open(hub.send);
    await outbox.place(sale('a'), [newRow('a', 'a', orderTask('a'), 1)]);
    await vi.waitFor(() => expect(hub.sent).toEqual(['a']));
    await outbox.revise((await store.outbox.toArray())[0]?.seq ?? 0, () => ({}));
    release();
    await empty(store);
  });

  it('sends once when it is asked twice at the same time', async () => {
    const hub = fakeHub(async (request) => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return yes(request);
    });
    const { store, outbox } = open(hub.send);
    await place(outbox, 'a');
    await Promise.all([outbox.drain(), outbox.drain(), outbox.drain()]);
    await empty(store);
    expect(hub.sent).toEqual(['a', 'a-pay']);
  });

  it('sends once when two tabs drain at the same time', async () => {
    const hub = fakeHub(async (request) => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return yes(request);
    });
    const store = new Store(`test-${(count += 1)}`);
    const lock = (owner: string) => leaseLock('outbox', store, owner, () => Date.now());
    const one = open(hub.send, { lock: lock('one') }, store);
    const two = open(hub.send, { lock: lock('two') }, store);
    await place(one.outbox, 'a');
    await Promise.all([one.outbox.drain(), two.outbox.drain()]);
    await empty(store);
    expect(hub.sent).toEqual(['a', 'a-pay']);
  });

  it('takes over the lease of a tab that died', async () => {
    const store = new Store(`test-${(count += 1)}`);
    opened.push({ store, outboxes: [] });
    let now = 1_000;
    await store.keepNote('lease:outbox', { owner: 'dead', until_ms: 5_000 });
    const lock = leaseLock('outbox', store, 'living', () => now);
    const work = vi.fn(async () => undefined);
    expect(await lock(work)).toBe(false);
    now = 6_000;
    expect(await lock(work)).toBe(true);
    expect(work).toHaveBeenCalledOnce();
    expect(await store.note('lease:outbox')).toBeNull();
  });

  it('writes the answer of the hub to the sale', async () => {
    const full = (request: HubRequest): Answer => ({
      kind: 'response',
      status: 201,
      retryAfterMs: null,
      body:
        request.path === '/api/orders/'
          ? {
              id: 'a',
              order_number: '017',
              state: 'sent',
              items: [],
              payments: [],
              total: 5,
              paid: 0,
              due: 5,
              rounding: 0,
            }
          : { id: 'a-pay', order: 'a', amount: 5, rounding: 0, receipt_number: 3 },
    });
    const { store, outbox } = open(fakeHub(full).send);
    await place(outbox, 'a');
    await empty(store);
    expect((await store.sales.get('a'))?.server).toMatchObject({
      order_number: '017',
      receipt_number: 3,
      paid: 5,
      due: 0,
      payment_status: 'paid',
    });
  });
});
