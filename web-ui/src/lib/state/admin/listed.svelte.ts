/** A list of the hub's that a manager looks at: asked anew while it is open, the last one shown meanwhile. */

import { Refused } from '$lib/api/http';
import { codeOf } from '$lib/domain/identity';

const AWAY_AGAIN_MS = 4_000;

export class Listed<T> {
  rows = $state.raw<readonly T[]>([]);
  phase = $state<'asking' | 'ready' | 'away' | 'forbidden' | 'insecure'>('asking');
  /** The last attempt found nobody; what is shown may be old. */
  isStale = $state(false);
  private timer: ReturnType<typeof setTimeout> | undefined;
  private everyMs: number;
  private closed = false;
  /** Which question is the last one: an answer to an earlier one is not shown. */
  private turn = 0;
  private isAsking = false;

  constructor(
    private readonly ask: () => Promise<T[]>,
    private readonly usualMs: number,
  ) {
    this.everyMs = usualMs;
  }

  open(): () => void {
    this.closed = false;
    void this.load();
    return () => {
      this.closed = true;
      clearTimeout(this.timer);
    };
  }

  /** Looks more often for a while, as when something is about to appear; `null` is as usual. */
  hurry(everyMs: number | null): void {
    this.everyMs = everyMs ?? this.usualMs;
    if (everyMs !== null) void this.load();
  }

  async load(): Promise<void> {
    clearTimeout(this.timer);
    this.turn += 1;
    const { turn } = this;
    this.isAsking = true;
    try {
      const rows = await this.ask();
      if (turn !== this.turn) return;
      this.rows = rows;
      this.phase = 'ready';
      this.isStale = false;
    } catch (error) {
      if (turn !== this.turn) return;
      if (error instanceof Refused && error.status === 403) {
        this.phase = codeOf(error.body) === 'https_needed' ? 'insecure' : 'forbidden';
      } else if (this.phase !== 'ready') this.phase = 'away';
      this.isStale = true;
    }
    this.isAsking = false;
    clearTimeout(this.timer);
    const nextMs = this.isStale ? Math.min(AWAY_AGAIN_MS, this.everyMs) : this.everyMs;
    if (!this.closed) this.timer = setTimeout(() => void this.load(), nextMs);
  }

  /** Takes one row as the hub answered it. A question that is on its way may not know of it: it is asked anew. */
  put(row: T, isSame: (other: T) => boolean): void {
    if (this.isAsking) void this.load();
    const isKnown = this.rows.some(isSame);
    this.rows = isKnown ? this.rows.map((other) => (isSame(other) ? row : other)) : [...this.rows, row];
  }

  /** Takes one row away, and asks what moves up. */
  drop(isSame: (other: T) => boolean): void {
    void this.load();
    this.rows = this.rows.filter((other) => !isSame(other));
  }
}
