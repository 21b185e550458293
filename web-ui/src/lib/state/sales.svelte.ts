/** This till's sales and outbox, as the store has them: whatever tab wrote, every tab shows it. */

import { liveQuery, type Subscription } from 'dexie';
import type { Store } from '$lib/db/database';
import { businessDay } from '$lib/domain/format';
import type { OutboxRow } from '$lib/domain/outbox';
import { viewOf, type Promote, type Sale, type SaleView } from '$lib/domain/sale';
import { isFinal } from '$lib/domain/status';
import { shop } from './shop.svelte';

/** Older sales are the hub's to show. */
const WINDOW_MS = 36 * 3_600_000;
const RENEW_EVERY_MS = 3_600_000;
/** Sales that the hub has are kept this long, for the eye. */
const KEPT_MS = 7 * 24 * 3_600_000;

/** Weighed as the hub will, at the moment at which the sale was priced. */
const promote: Promote = (sale, lines) => {
  const terms = { codes: sale.server?.codes ?? sale.codes ?? [], at_ms: sale.priced_ms ?? sale.created_ms };
  return shop.promote(lines, terms);
};

export class Sales {
  sales = $state.raw<Sale[]>([]);
  rows = $state.raw<OutboxRow[]>([]);
  private subscriptions: Subscription[] = [];
  private renewal: ReturnType<typeof setInterval> | undefined;

  constructor(private readonly store: Store) {}

  private readonly rowsByOrder = $derived.by(() => {
    const byOrder = new Map<string, OutboxRow[]>();
    for (const row of this.rows) {
      const rows = byOrder.get(row.order);
      if (rows) rows.push(row);
      else byOrder.set(row.order, [row]);
    }
    return byOrder;
  });

  /** Rows that a till made; a kitchen screen on the same device has its own. */
  private readonly tillRows = $derived(
    this.rows.filter((row) => row.task.kind !== 'status' && row.task.kind !== 'item_status'),
  );

  /** On their way to the hub. */
  readonly unsent = $derived(this.tillRows.filter((row) => !row.refusal).length);

  /** Refused for good: a person must look. */
  readonly aside = $derived(this.tillRows.filter((row) => row.refusal));

  /** Today's, the last first; older ones only while something of them is unsettled. */
  readonly views: SaleView[] = $derived.by(() => {
    const { outlet, charges, figures } = shop;
    const today = businessDay(Date.now(), figures.timeZone, outlet?.business_day_start_hour ?? 4);
    return this.sales
      .map((sale) => ({ sale, view: viewOf(sale, this.rowsByOrder.get(sale.id) ?? [], charges, promote) }))
      .filter(({ sale, view }) => sale.business_day === today || view.pending > 0 || isRunning(view))
      .map(({ view }) => view)
      .sort((a, b) => b.created_ms - a.created_ms);
  });

  view(id: string): SaleView | undefined {
    return this.views.find((view) => view.id === id);
  }

  rowsOf(id: string): readonly OutboxRow[] {
    return this.rowsByOrder.get(id) ?? [];
  }

  open(): void {
    this.watch();
    // A till runs for weeks: what it shows moves on with the days.
    this.renewal = setInterval(() => {
      this.unwatch();
      this.watch();
    }, RENEW_EVERY_MS);
  }

  close(): void {
    clearInterval(this.renewal);
    this.unwatch();
  }

  private watch(): void {
    const failed = (error: unknown) => console.error('sales.read_failed', error);
    const since = Date.now() - WINDOW_MS;
    this.subscriptions = [
      liveQuery(() => this.store.sales.where('created_ms').above(since).toArray()).subscribe({
        next: (sales) => (this.sales = sales),
        error: failed,
      }),
      liveQuery(() => this.store.outbox.orderBy('seq').toArray()).subscribe({
        next: (rows) => (this.rows = rows),
        error: failed,
      }),
    ];
    this.prune().catch(failed);
  }

  private unwatch(): void {
    for (const subscription of this.subscriptions) subscription.unsubscribe();
  }

  /** Takes out old sales that the hub has whole. One with a row in the outbox stays, however old. */
  private async prune(): Promise<void> {
    const { store } = this;
    await store.transaction('rw', store.sales, store.outbox, async () => {
      const waiting = new Set((await store.outbox.toArray()).map((row) => row.order));
      const old = await store.sales
        .where('created_ms')
        .below(Date.now() - KEPT_MS)
        .toArray();
      const gone = old.filter((sale) => !waiting.has(sale.id) && (sale.server || sale.discarded_ms));
      await store.sales.bulkDelete(gone.map((sale) => sale.id));
    });
  }
}

/** Something is still to be cooked, carried or paid. */
export function isRunning(view: SaleView): boolean {
  if (view.status === 'discarded' || view.status === 'cancelled') return view.refused > 0;
  if (view.status === 'waiting' || view.status === 'refused' || view.refused > 0) return true;
  return !isFinal(view.status) && (view.due > 0 || view.status !== 'served');
}
