/**
 * The live stream, decided: one pure step from what was heard to what is to be done.
 *
 * Promises: messages are handed on once and in order; a gap is never passed over, it asks the hub again from the
 * last message held; a stream that cannot be resumed is read anew, listening first, so that nothing falls between
 * the snapshot and the first message. `sync/live.ts` does what is decided here.
 */

import type { Cursor, Heartbeat, LedgerMessage, Subscribed } from '$lib/api/types';

/** Messages kept while the snapshot loads. Past it the rest is fetched by cursor, which has no limit. */
const BUFFER_MAX = 5_000;
/** An unanswered subscription is asked for again after this long. */
const ANSWER_MAX_MS = 5_000;

export type Phase = 'away' | 'subscribing' | 'loading' | 'live';

export interface Stream {
  phase: Phase;
  /** The last message held. */
  cursor: Cursor | null;
  /** Up to here messages were missed while away; nothing once caught up. */
  head: number | null;
  buffer: LedgerMessage[];
  /** The seq held when a heartbeat was first ahead of it. */
  behind: number | null;
  /** Whether the subscription that is under way goes on from the cursor. */
  resuming: boolean;
  asked_ms: number;
}

export type Input =
  | { kind: 'connected'; at_ms: number }
  | { kind: 'disconnected' }
  | { kind: 'subscribed'; subscribed: Subscribed }
  | { kind: 'message'; message: LedgerMessage; at_ms: number }
  | { kind: 'heartbeat'; heartbeat: Heartbeat; at_ms: number }
  | { kind: 'resync'; at_ms: number }
  | { kind: 'loaded'; cursor: Cursor; at_ms: number }
  | { kind: 'tick'; at_ms: number };

export type Effect =
  | { do: 'subscribe'; since: Cursor | null }
  | { do: 'load' }
  /** `missed`: it was sent while this screen was away. */
  | { do: 'apply'; message: LedgerMessage; missed: boolean };

export interface Step {
  stream: Stream;
  effects: Effect[];
}

/** A stream that has not begun; `cursor` is what an earlier visit kept. */
export function newStream(cursor: Cursor | null): Stream {
  return { phase: 'away', cursor, head: null, buffer: [], behind: null, resuming: false, asked_ms: 0 };
}

const stay = (stream: Stream): Step => ({ stream, effects: [] });

function subscribe(stream: Stream, cursor: Cursor | null, atMs: number): Step {
  return {
    stream: {
      ...stream,
      phase: 'subscribing',
      cursor,
      buffer: [],
      behind: null,
      resuming: cursor !== null,
      asked_ms: atMs,
    },
    effects: [{ do: 'subscribe', since: cursor }],
  };
}

const load = (stream: Stream, buffer: LedgerMessage[] = []): Step => ({
  stream: { ...stream, phase: 'loading', buffer, behind: null },
  effects: [{ do: 'load' }],
});

/** What follows from what was heard. */
export function step(stream: Stream, input: Input): Step {
  switch (input.kind) {
    case 'connected':
      return subscribe(stream, stream.cursor, input.at_ms);
    case 'disconnected':
      return stay({ ...stream, phase: 'away', buffer: [], behind: null });
    case 'subscribed':
      return subscribed(stream, input.subscribed);
    case 'message':
      return message(stream, input.message, input.at_ms);
    case 'heartbeat':
      return heartbeat(stream, input.heartbeat, input.at_ms);
    case 'resync':
      // Listen first: without a cursor the hub subscribes us from now on, and its answer starts the loading.
      return stream.phase === 'away'
        ? stay({ ...stream, cursor: null })
        : subscribe(stream, null, input.at_ms);
    case 'loaded':
      return loaded(stream, input.cursor, input.at_ms);
    case 'tick': {
      const unanswered = stream.phase === 'subscribing' && input.at_ms - stream.asked_ms > ANSWER_MAX_MS;
      return unanswered ? subscribe(stream, stream.cursor, input.at_ms) : stay(stream);
    }
  }
}

function subscribed(stream: Stream, { epoch, seq }: Subscribed): Step {
  if (stream.phase !== 'subscribing') return stay(stream);
  const { cursor } = stream;
  if (!stream.resuming || cursor === null || cursor.epoch !== epoch) return load(stream);
  // A position behind ours in the same epoch: our cursor came from a snapshot, and counts records that are not for
  // screens. There is nothing to fetch then.
  return stay({ ...stream, phase: 'live', head: seq > cursor.seq ? seq : null });
}

function message(stream: Stream, heard: LedgerMessage, atMs: number): Step {
  if (stream.phase === 'away') return stay(stream);
  if (stream.phase === 'loading') {
    const kept = stream.buffer.length < BUFFER_MAX ? [...stream.buffer, heard] : stream.buffer;
    return stay({ ...stream, buffer: kept });
  }
  const { cursor } = stream;
  // Before the answer to a subscription without a cursor there is nothing to put a message onto.
  if (cursor === null) return stay(stream);
  if (heard.epoch !== cursor.epoch) {
    return stream.phase === 'live' ? load(stream, [heard]) : stay(stream);
  }
  if (heard.seq <= cursor.seq) return stay(stream);
  if (heard.prev > cursor.seq) {
    return stream.phase === 'live' ? subscribe(stream, cursor, atMs) : stay(stream);
  }
  // What comes before the answer to a subscription that goes on is what was missed; after it, up to its position.
  const isCatchingUp = stream.phase === 'subscribing' && stream.resuming;
  const missed = isCatchingUp || (stream.head !== null && heard.seq <= stream.head);
  return {
    stream: {
      ...stream,
      cursor: { epoch: heard.epoch, seq: heard.seq },
      head: missed && heard.seq !== stream.head ? stream.head : null,
      behind: null,
      // A long way to catch up is no silence.
      asked_ms: isCatchingUp ? atMs : stream.asked_ms,
    },
    effects: [{ do: 'apply', message: heard, missed }],
  };
}

function heartbeat(stream: Stream, { epoch, seq }: Heartbeat, atMs: number): Step {
  const { cursor } = stream;
  if (stream.phase !== 'live' || cursor === null) return stay(stream);
  if (epoch !== cursor.epoch) return load(stream);
  if (seq <= cursor.seq) return stay(stream.behind === null ? stream : { ...stream, behind: null });
  // The message may be on its way: only a second heartbeat with nothing in between shows that it is not.
  if (stream.behind === cursor.seq) return subscribe(stream, cursor, atMs);
  return stay({ ...stream, behind: cursor.seq });
}

function loaded(stream: Stream, cursor: Cursor, atMs: number): Step {
  // Away meanwhile: the snapshot stands, and the next subscription goes on from it.
  if (stream.phase !== 'loading') return stay({ ...stream, cursor });
  const buffered = stream.buffer;
  let next: Step = stay({ ...stream, phase: 'live', cursor, head: null, buffer: [] });
  const effects: Effect[] = [];
  for (const heard of buffered) {
    if (next.stream.phase !== 'live') break;
    next = message(next.stream, heard, atMs);
    effects.push(...next.effects);
  }
  return { stream: next.stream, effects };
}
