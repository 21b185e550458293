/** How many of this device's sales have not reached the hub. */

import { liveQuery } from 'dexie';
import { store } from './device';

export class Unsent {
  count = $state(0);

  open(): () => void {
    const rows = liveQuery(() => store.outbox.toArray()).subscribe({
      next: (all) => {
        const orders = all.filter((row) => row.task.kind !== 'status' && row.task.kind !== 'item_status');
        this.count = new Set(orders.map((row) => row.order)).size;
      },
      error: (error: unknown) => console.error('unsent.read_failed', error),
    });
    return () => rows.unsubscribe();
  }
}
