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
    try {
      this.rows = await this.ask();
      this.phase = 'ready';
      this.isStale = false;
    } catch (error) {
      if (error instanceof Refused && error.status === 403) {
        this.phase = codeOf(error.body) === 'https_needed' ? 'insecure' : 'forbidden';
      } else if (this.phase !== 'ready') this.phase = 'away';
      this.isStale = true;
    }
    clearTimeout(this.timer);
    const nextMs = this.isStale ? Math.min(AWAY_AGAIN_MS, this.everyMs) : this.everyMs;
    if (!this.closed) this.timer = setTimeout(() => void this.load(), nextMs);
  }

  /** Takes one row as the hub answered it. */
  put(row: T, isSame: (other: T) => boolean): void {
    const isKnown = this.rows.some(isSame);
    this.rows = isKnown ? this.rows.map((other) => (isSame(other) ? row : other)) : [...this.rows, row];
  }
}
