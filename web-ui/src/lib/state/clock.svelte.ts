/** The time, as the pages show it: one timer for all of them, set right by the hub's clock where it is known. */

import { watchHubTime } from '$lib/api/http';

/** Differences below are the network's delay, or a cut-off second. */
const JITTER_MS = 1_500;
const ROUGH_JITTER_MS = 3_000;

class Clock {
  now_ms = $state(Date.now());
  /** The hub's clock minus this device's: a tablet with a wrong clock still shows true ages. */
  private skew_ms = $state(0);
  private users = 0;
  private timer: ReturnType<typeof setInterval> | undefined;

  /** By the hub's clock. */
  get hub_ms(): number {
    return this.now_ms + this.skew_ms;
  }

  /** The hub's clock right now, not at the last tick. */
  exact(): number {
    return Date.now() + this.skew_ms;
  }

  /** Only true differences move the clock, so that ages do not jitter. */
  set(skewMs: number, jitterMs = JITTER_MS): void {
    if (Math.abs(skewMs - this.skew_ms) > jitterMs) this.skew_ms = skewMs;
  }

  /** Runs while somebody looks. Answers how to stop. */
  run(): () => void {
    this.users += 1;
    this.timer ??= setInterval(() => (this.now_ms = Date.now()), 500);
    return () => {
      this.users -= 1;
      if (this.users > 0) return;
      clearInterval(this.timer);
      this.timer = undefined;
    };
  }
}

export const clock = new Clock();

watchHubTime((skewMs) => clock.set(skewMs, ROUGH_JITTER_MS));
