import { describe, expect, it } from 'vitest';
import type { Cursor, LedgerMessage } from '$lib/api/types';
import { newStream, step, type Effect, type Input, type Stream } from './stream';

const at = (seq: number, epoch = 1): Cursor => ({ epoch, seq });

const message = (seq: number, prev = seq - 1, epoch = 1): LedgerMessage => ({
  epoch,
  seq,
  prev,
  event: { name: 'order_created', data: { id: seq } },
});

const heard = (seq: number, prev?: number, epoch?: number): Input => ({
  kind: 'message',
  message: message(seq, prev, epoch),
  at_ms: 0,
});
const connected: Input = { kind: 'connected', at_ms: 0 };
const subscribed = (seq: number, epoch = 1): Input => ({
  kind: 'subscribed',
  subscribed: { outletId: 1, epoch, seq },
});
const beat = (seq: number, epoch = 1): Input => ({
  kind: 'heartbeat',
  heartbeat: { epoch, seq, at: '' },
  at_ms: 0,
});

/** Runs inputs and tells what was done, in short words. */
function run(stream: Stream, ...inputs: Input[]): { stream: Stream; done: string[] } {
  const done: string[] = [];
  const word = (effect: Effect) => {
    if (effect.do === 'apply') return `apply ${effect.message.seq}${effect.missed ? ' missed' : ''}`;
    if (effect.do === 'subscribe') return effect.since ? `subscribe since ${effect.since.seq}` : 'subscribe';
    return 'load';
  };
  for (const input of inputs) {
    const next = step(stream, input);
    stream = next.stream;
    done.push(...next.effects.map(word));
  }
  return { stream, done };
}

const live = (seq: number) => run(newStream(at(seq)), connected, subscribed(seq)).stream;

describe('the live stream', () => {
  it('listens first, then reads, and applies what is newer', () => {
    const { stream, done } = run(
      newStream(null),
      connected,
      subscribed(5),
      heard(6),
      heard(7),
      { kind: 'loaded', cursor: at(6), at_ms: 0 },
      heard(8),
    );
    expect(done).toEqual(['subscribe', 'load', 'apply 7', 'apply 8']);
    expect(stream).toMatchObject({ phase: 'live', cursor: at(8) });
  });

  it('goes on from where it stopped, and says what was missed', () => {
    const { done } = run(newStream(at(5)), connected, subscribed(7), heard(6), heard(7), heard(8));
    expect(done).toEqual(['subscribe since 5', 'apply 6 missed', 'apply 7 missed', 'apply 8']);
  });

  it('takes what comes before the answer as missed, and a long way to catch up as no silence', () => {
    const late = (seq: number, at_ms: number): Input => ({ kind: 'message', message: message(seq), at_ms });
    const { done } = run(
      newStream(at(5)),
      connected,
      late(6, 4_000),
      late(7, 8_000),
      { kind: 'tick', at_ms: 9_000 },
      subscribed(7),
      heard(8),
    );
    expect(done).toEqual(['subscribe since 5', 'apply 6 missed', 'apply 7 missed', 'apply 8']);
  });

  it('applies nothing twice', () => {
    expect(run(live(5), heard(6), heard(6), heard(5), heard(7)).done).toEqual(['apply 6', 'apply 7']);
  });

  it('asks again at a gap, from the last message held, and only once', () => {
    const { stream, done } = run(live(5), heard(6), heard(9), heard(10));
    expect(done).toEqual(['apply 6', 'subscribe since 6']);
    expect(run(stream, subscribed(10), heard(7), heard(8), heard(9), heard(10)).done).toEqual([
      'apply 7 missed',
      'apply 8 missed',
      'apply 9 missed',
      'apply 10 missed',
    ]);
  });

  it('takes records that are not for screens as no gap', () => {
    const { done } = run(
      newStream(null),
      connected,
      subscribed(5),
      { kind: 'loaded', cursor: at(8), at_ms: 0 },
      heard(12, 4),
    );
    expect(done).toEqual(['subscribe', 'load', 'apply 12']);
  });

  it('asks again when two heartbeats are ahead and nothing arrives', () => {
    expect(run(live(5), beat(5), beat(6), beat(6)).done).toEqual(['subscribe since 5']);
    expect(run(live(5), beat(6), heard(6), beat(6), beat(6)).done).toEqual(['apply 6']);
    expect(run(live(9), beat(4), beat(4)).done).toEqual([]);
  });

  it('reads anew when the ledger is another one', () => {
    expect(run(live(5), beat(2, 2)).done).toEqual(['load']);
    expect(run(newStream(at(5)), connected, subscribed(2, 2)).done).toEqual(['subscribe since 5', 'load']);
    const { done } = run(live(5), heard(3, 2, 2), { kind: 'loaded', cursor: at(2, 2), at_ms: 0 });
    expect(done).toEqual(['load', 'apply 3']);
  });

  it('listens without a cursor when the hub cannot resume, and reads only then', () => {
    const { done } = run(
      newStream(at(5)),
      connected,
      { kind: 'resync', at_ms: 0 },
      subscribed(9),
      heard(10),
      {
        kind: 'loaded',
        cursor: at(9),
        at_ms: 0,
      },
    );
    expect(done).toEqual(['subscribe since 5', 'subscribe', 'load', 'apply 10']);
  });

  it('finds a gap between the snapshot and what came meanwhile', () => {
    const { done } = run(newStream(null), connected, subscribed(5), heard(9), heard(10), {
      kind: 'loaded',
      cursor: at(6),
      at_ms: 0,
    });
    expect(done).toEqual(['subscribe', 'load', 'subscribe since 6']);
  });

  it('keeps a snapshot that arrives while the line is down', () => {
    const { stream, done } = run(
      newStream(null),
      connected,
      subscribed(5),
      { kind: 'disconnected' },
      { kind: 'loaded', cursor: at(6), at_ms: 0 },
      heard(7),
      connected,
      subscribed(8),
      heard(7),
      heard(8),
    );
    expect(done).toEqual(['subscribe', 'load', 'subscribe since 6', 'apply 7 missed', 'apply 8 missed']);
    expect(stream.cursor).toEqual(at(8));
  });

  it('does not take a subscription without a cursor for a resumed one', () => {
    const { done } = run(
      newStream(null),
      connected,
      subscribed(5),
      { kind: 'disconnected' },
      connected,
      { kind: 'loaded', cursor: at(5), at_ms: 0 },
      subscribed(9),
    );
    expect(done).toEqual(['subscribe', 'load', 'subscribe', 'load']);
  });

  it('asks again when nobody answers', () => {
    const tick = (at_ms: number): Input => ({ kind: 'tick', at_ms });
    expect(run(newStream(at(5)), connected, tick(4_000), tick(6_000), tick(7_000)).done).toEqual([
      'subscribe since 5',
      'subscribe since 5',
    ]);
    expect(run(live(5), tick(99_000)).done).toEqual([]);
  });

  it('survives any order of repeats and losses with every message applied once', () => {
    let seed = 7;
    const chance = () => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;
    const applied: number[] = [];
    let stream = live(0);
    let pending: Input[] = [];
    const feed = (input: Input) => {
      const next = step(stream, input);
      stream = next.stream;
      for (const effect of next.effects) {
        if (effect.do === 'apply') applied.push(effect.message.seq);
        if (effect.do === 'subscribe') {
          const from = effect.since?.seq ?? 0;
          pending = [
            subscribed(100),
            ...Array.from({ length: 100 - from }, (_, index) => heard(from + index + 1)),
          ];
        }
      }
    };
    for (let seq = 1; seq <= 100; seq += 1) {
      if (chance() < 0.2) continue;
      feed(heard(seq));
      if (chance() < 0.2) feed(heard(seq));
      while (pending.length > 0 && chance() < 0.9) feed(pending.shift() as Input);
    }
    feed(beat(100));
    feed(beat(100));
    while (pending.length > 0) feed(pending.shift() as Input);
    expect(applied).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
  });
});
