/** The start page: whether the hub answers, and what of this device has not reached it. */

import { liveQuery, type Subscription } from 'dexie';
import { store } from './device';
import { hub } from './hub.svelte';
import { identity } from './identity.svelte';
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
    this.isUp = await hub.load();
    // What the outlet is called is for anyone; the rest of it is for those whom the hub knows.
    if (this.isUp && (identity.device || identity.session)) {
      await shop.loadOutlet(store).catch(() => undefined);
    }
    if (!this.closed) this.timer = setTimeout(() => void this.ask(), ASK_EVERY_MS);
  }
}
