/** How the line to the hub stands, in words that a person can act on. */

import { clock } from './clock.svelte';
import type { LineState } from '$lib/sync/live';

/** Silence of this length is an alarm: the hub speaks every second. */
export const ALARM_MS = 3_000;

export type LineWord = 'connecting' | 'catching_up' | 'live' | 'quiet' | 'offline';

class Connection {
  private line = $state<LineState>({ connected: false, phase: 'away', heard_ms: null, skew_ms: null });
  /** When the page began to wait for its first word. */
  private began_ms = $state(Date.now());

  update(line: LineState): void {
    this.line = line;
    if (line.skew_ms !== null) clock.set(line.skew_ms);
  }

  reset(): void {
    this.began_ms = Date.now();
    this.line = { connected: false, phase: 'away', heard_ms: null, skew_ms: null };
  }

  /** Whole seconds since the hub was last heard, or since the page began to wait. */
  get seconds(): number {
    const since = this.line.heard_ms ?? this.began_ms;
    return Math.max(0, Math.floor((clock.now_ms - since) / 1000));
  }

  get word(): LineWord {
    const { connected, phase, heard_ms } = this.line;
    const silentMs = clock.now_ms - (heard_ms ?? this.began_ms);
    if (silentMs > ALARM_MS) return connected ? 'quiet' : 'offline';
    if (!connected) return heard_ms === null ? 'connecting' : 'offline';
    return phase === 'live' ? 'live' : 'catching_up';
  }

  /** Whether what is shown can be trusted to be now. */
  get isAlarm(): boolean {
    const { heard_ms } = this.line;
    return clock.now_ms - (heard_ms ?? this.began_ms) > ALARM_MS;
  }

  get isUp(): boolean {
    return this.word === 'live' || this.word === 'catching_up';
  }
}

export const connection = new Connection();
