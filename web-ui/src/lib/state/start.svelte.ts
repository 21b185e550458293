/** The start page: whether the hub answers, and what of this device has not reached it. */

import { liveQuery, type Subscription } from 'dexie';
import { store } from './device';
import { shop } from './shop.svelte';

const ASK_EVERY_MS = 3_000;

export class Start {
  /** Nothing until the first answer, or its absence. */
  isUp = $state<boolean | null>(null);
  unsent = $state(0);
  aside = $state(0);
  private timer: ReturnType<typeof setTimeout> | undefined;
  private rows: Subscription | undefined;
  private closed = false;

  async open(): Promise<void> {
    this.rows = liveQuery(() => store.outbox.toArray()).subscribe((rows) => {
      this.unsent = rows.filter((row) => !row.refusal).length;
      this.aside = rows.length - this.unsent;
    });
    await shop.open(store);
    await this.ask();
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
    this.rows?.unsubscribe();
  }

  private async ask(): Promise<void> {
    this.isUp = await shop.loadOutlet(store).then(
      () => true,
      () => false,
    );
    if (!this.closed) this.timer = setTimeout(() => void this.ask(), ASK_EVERY_MS);
  }
}
