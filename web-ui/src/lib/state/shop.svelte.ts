/** The outlet and its menu, as every page of this device knows them. */

import type { AppliedPromotion, CatalogueChange, Minor, Outlet } from '$lib/api/types';
import type { Store } from '$lib/db/database';
import { asLine, type CartLine } from '$lib/domain/cart';
import { applyCatalogueChange, Catalogue, EMPTY_ROWS, type CatalogueRows } from '$lib/domain/catalogue';
import { DEFAULT_FIGURES, formatAmount, formatMoney, formatTime, type Figures } from '$lib/domain/format';
import { chargesOf, type Charges } from '$lib/domain/pricing';
import { openOnes, weigh, type Terms } from '$lib/domain/promotion';
import { i18n } from '$lib/i18n/index.svelte';
import { keepMenu, keptMenu, loadList, loadMenu } from '$lib/sync/menu';

/** A burst of changes is written once. */
const KEEP_AFTER_MS = 300;

class Shop {
  catalogue = $state.raw(new Catalogue(EMPTY_ROWS));
  /** `reading`: the store is being asked. `waiting`: nothing kept, and the hub has not answered. */
  phase = $state<'reading' | 'waiting' | 'ready'>('reading');
  private timer: ReturnType<typeof setTimeout> | undefined;

  get outlet(): Outlet | null {
    return this.catalogue.rows.outlet;
  }

  get charges(): Charges | null {
    return this.outlet ? chargesOf(this.outlet) : null;
  }

  get figures(): Figures {
    const outlet = this.outlet;
    if (!outlet) return DEFAULT_FIGURES;
    return { currency: outlet.currency, exponent: outlet.currency_exponent, timeZone: outlet.time_zone };
  }

  /** What promotions take off lines that were priced at a moment, with these codes. */
  promote(
    lines: readonly Pick<CartLine, 'product' | 'price' | 'modifiers' | 'quantity'>[],
    terms: Omit<Terms, 'time_zone'>,
  ): AppliedPromotion[] {
    const { promotions } = this.catalogue.rows;
    const open = openOnes(promotions, { ...terms, time_zone: this.figures.timeZone });
    if (open.length === 0) return [];
    return weigh(
      open,
      lines.map((line) => ({
        ...asLine(line),
        product: line.product,
        category: this.catalogue.product(line.product)?.category ?? null,
      })),
    );
  }

  /** An amount as the reader writes it. */
  money(minor: Minor): string {
    return formatMoney(minor, i18n.locale, this.figures);
  }

  /** The same without its currency, where there is no room for it. */
  amount(minor: Minor): string {
    return formatAmount(minor, i18n.locale, this.figures.exponent);
  }

  time(atMs: number): string {
    return formatTime(atMs, i18n.locale, this.figures.timeZone);
  }

  /** What an earlier visit kept. */
  async open(store: Store): Promise<void> {
    const rows = await keptMenu(store).catch(() => null);
    if (rows?.outlet) this.take(rows);
    else this.phase = 'waiting';
  }

  /** What the hub has now. Throws when it does not answer. */
  async load(store: Store): Promise<void> {
    this.take(await loadMenu(store));
  }

  /** The outlet alone. Throws when the hub does not answer. */
  async loadOutlet(store: Store): Promise<void> {
    const outlet = (await loadList(store, 'outlet'))?.[0];
    if (outlet) this.take({ ...this.catalogue.rows, outlet });
  }

  /** Promotions alone: the stream says only that one has changed. Throws when the hub does not answer. */
  async loadPromotions(store: Store): Promise<void> {
    const promotions = await loadList(store, 'promotions');
    // Without an outlet all of the menu is still to come.
    if (promotions && this.outlet) this.take({ ...this.catalogue.rows, promotions });
  }

  apply(store: Store, changes: readonly CatalogueChange[]): void {
    if (changes.length === 0) return;
    this.take(changes.reduce(applyCatalogueChange, this.catalogue.rows));
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      keepMenu(store, this.catalogue.rows).catch((error: unknown) =>
        console.error('menu.keep_failed', error),
      );
    }, KEEP_AFTER_MS);
  }

  private take(rows: CatalogueRows): void {
    this.catalogue = new Catalogue(rows);
    this.phase = 'ready';
    if (rows.outlet) i18n.offer(rows.outlet.language);
  }
}

export const shop = new Shop();
