/**
 * The live stream, done: the socket's words go through `domain/stream.ts`, and what it decides is carried out,
 * one thing after the other. A line that says nothing for too long is cut and opened again: a network that went
 * away without a word looks open for minutes otherwise.
 */

import { openLine, type Line } from '$lib/api/socket';
import type { Cursor, LedgerMessage } from '$lib/api/types';
import { newStream, step, type Effect, type Input, type Phase, type Stream } from '$lib/domain/stream';

/** Who listens: it keeps what it hears together with its place in the stream. */
export interface Listener {
  /** Where an earlier visit stopped. */
  cursor(): Promise<Cursor | null>;
  /** The whole state anew. Answers the position that it contains. Throws when the hub does not answer. */
  load(): Promise<Cursor>;
  /** Messages in order; `missed` ones were sent while this screen was away. */
  apply(messages: readonly { message: LedgerMessage; missed: boolean }[]): Promise<void>;
  /** Something changed that the page shows. */
  onState(state: LineState): void;
}

export interface LineState {
  connected: boolean;
  phase: Phase;
  /** When the hub was last heard, by this device's clock. */
  heard_ms: number | null;
  /** The hub's clock minus this device's. */
  skew_ms: number | null;
}

/** Silence after which the line is cut and opened again. Three heartbeats are an alarm already. */
const SILENCE_MAX_MS = 6_000;
const LOAD_AGAIN_MS = 2_000;

export class Live {
  private stream: Stream = newStream(null);
  private line: Line | null = null;
  private queue: { message: LedgerMessage; missed: boolean }[] = [];
  private work: Promise<void> = Promise.resolve();
  private ticker: ReturnType<typeof setInterval> | undefined;
  private state: LineState = { connected: false, phase: 'away', heard_ms: null, skew_ms: null };
  private closed = false;
  private readonly end = new AbortController();

  constructor(
    private readonly who: 'pos' | 'kitchen',
    private readonly outletId: number,
    private readonly listener: Listener,
  ) {}

  async start(): Promise<void> {
    this.stream = newStream(await this.listener.cursor());
    if (this.closed) return;
    const line = openLine(this.end.signal);
    this.line = line;
    line.on('connect', () => {
      line.emit('identify', { type: this.who, outletId: this.outletId });
      this.heard({ connected: true });
      this.feed({ kind: 'connected', at_ms: Date.now() });
    });
    line.on('disconnect', () => {
      this.say({ connected: false });
      this.feed({ kind: 'disconnected' });
    });
    line.on('subscribed', (subscribed) => {
      this.heard();
      this.feed({ kind: 'subscribed', subscribed });
    });
    line.on('ledger', (message) => {
      this.heard();
      this.feed({ kind: 'message', message, at_ms: Date.now() });
    });
    line.on('heartbeat', (heartbeat) => {
      const at = typeof heartbeat.at === 'number' ? heartbeat.at : Date.parse(heartbeat.at ?? '');
      this.heard(Number.isFinite(at) ? { skew_ms: at - Date.now() } : {});
      this.feed({ kind: 'heartbeat', heartbeat, at_ms: Date.now() });
    });
    line.on('error', (error) => {
      this.heard();
      if (error.code === 'resync') this.feed({ kind: 'resync', at_ms: Date.now() });
      else console.warn('live.refused', error);
    });
    this.ticker = setInterval(() => this.tick(), 1_000);
  }

  close(): void {
    this.closed = true;
    clearInterval(this.ticker);
    this.end.abort();
  }

  private tick(): void {
    this.feed({ kind: 'tick', at_ms: Date.now() });
    const silentMs = this.state.heard_ms === null ? 0 : Date.now() - this.state.heard_ms;
    if (this.state.connected && silentMs > SILENCE_MAX_MS) this.line?.disconnect().connect();
  }

  private feed(input: Input): void {
    if (this.closed) return;
    const { stream, effects } = step(this.stream, input);
    this.stream = stream;
    for (const effect of effects) this.carryOut(effect);
    if (stream.phase !== this.state.phase) this.say({ phase: stream.phase });
  }

  private carryOut(effect: Effect): void {
    switch (effect.do) {
      case 'subscribe': {
        const { since } = effect;
        this.line?.emit(
          'subscribe_outlet',
          since ? { outletId: this.outletId, since } : { outletId: this.outletId },
        );
        return;
      }
      case 'load':
        this.then(() => this.load());
        return;
      case 'apply':
        this.queue.push({ message: effect.message, missed: effect.missed });
        // A burst is applied at once: one write to the store, one change on the screen.
        if (this.queue.length === 1) this.then(() => this.flush());
    }
  }

  private async flush(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 16));
    const batch = this.queue;
    this.queue = [];
    await this.listener.apply(batch);
  }

  private async load(): Promise<void> {
    if (this.stream.phase !== 'loading') return;
    try {
      const cursor = await this.listener.load();
      this.feed({ kind: 'loaded', cursor, at_ms: Date.now() });
    } catch {
      await new Promise((resolve) => setTimeout(resolve, LOAD_AGAIN_MS));
      if (!this.closed) this.then(() => this.load());
    }
  }

  /** One thing after the other: what is applied never overtakes what was loaded. */
  private then(task: () => Promise<void>): void {
    this.work = this.work.then(task).catch((error: unknown) => console.error('live.listener_failed', error));
  }

  private heard(more: Partial<LineState> = {}): void {
    this.say({ heard_ms: Date.now(), ...more });
  }

  private say(change: Partial<LineState>): void {
    this.state = { ...this.state, ...change };
    this.listener.onState(this.state);
  }
}
