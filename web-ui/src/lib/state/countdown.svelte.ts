/** A wait that the hub asked for, counted down in whole seconds. */

import { secondsLeft } from '$lib/domain/keyed';
import { clock } from './clock.svelte';

/** Where the hub does not say how long. */
const UNSAID_MS = 5_000;

export class Countdown {
  private until_ms = $state(0);

  get seconds(): number {
    return secondsLeft(this.until_ms, clock.now_ms);
  }

  get isOver(): boolean {
    return this.seconds === 0;
  }

  start(forMs: number | null): void {
    clock.now_ms = Date.now();
    this.until_ms = clock.now_ms + (forMs ?? UNSAID_MS);
  }
}
