/** The cart on the screen: answers a tap in the same frame, and is kept across a reload. */

import type { Modifier, OrderType, Product } from '$lib/api/types';
import type { Store } from '$lib/db/database';
import * as domain from '$lib/domain/cart';
import type { Catalogue } from '$lib/domain/catalogue';
import { EMPTY_BILL, type Bill } from '$lib/domain/pricing';
import { uuidv7 } from '$lib/domain/uuid';
import { clock } from './clock.svelte';
import { shop } from './shop.svelte';

const NOTE = 'cart';
const KEEP_AFTER_MS = 150;
const MINUTE_MS = 60_000;

export class CartState {
  cart = $state.raw<domain.Cart>(domain.EMPTY_CART);
  /** The line that was touched last, to be shown. */
  touched = $state<string | null>(null);
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly store: Store) {}

  /** Products in the cart, with how many of each: marks on the tiles. */
  readonly counts = $derived.by(() => {
    const counts = new Map<string, number>();
    for (const line of this.cart.lines) {
      counts.set(line.product, (counts.get(line.product) ?? 0) + line.quantity);
    }
    return counts;
  });

  /** The minute that it is, by the hub's clock: what promotions run is judged by it, and the hub is told. */
  readonly priced_ms = $derived(Math.floor(clock.hub_ms / MINUTE_MS) * MINUTE_MS);

  /** Nothing where the amounts are past what can be counted. */
  readonly bill: Bill | null = $derived.by(() => {
    try {
      // What a further round has of promotions depends on its order: the hub says.
      const { codes, lines, round_of } = this.cart;
      const terms = { codes, at_ms: this.priced_ms };
      return domain.billOf(this.cart, shop.charges, round_of === null ? shop.promote(lines, terms) : []);
    } catch {
      return null;
    }
  });

  get count(): number {
    return domain.countOf(this.cart);
  }

  get total(): number {
    return (this.bill ?? EMPTY_BILL).total;
  }

  get isEmpty(): boolean {
    return this.cart.lines.length === 0;
  }

  get hasSoldOut(): boolean {
    return this.cart.lines.some((line) => line.sold_out);
  }

  async open(): Promise<void> {
    const kept = await this.store.note<domain.Cart>(NOTE).catch(() => null);
    if (kept && this.isEmpty) this.cart = { ...domain.EMPTY_CART, ...kept };
  }

  add(product: Product, modifiers: readonly Modifier[] = [], quantity = 1, notes = ''): void {
    const before = new Map(this.cart.lines.map((line) => [line.key, line.quantity]));
    this.set(domain.addProduct(this.cart, product, modifiers, uuidv7(), quantity, notes));
    this.touched = this.cart.lines.find((line) => before.get(line.key) !== line.quantity)?.key ?? null;
  }

  setQuantity(key: string, quantity: number): void {
    this.set(domain.setQuantity(this.cart, key, quantity));
  }

  setNotes(key: string, notes: string): void {
    this.set(domain.setNotes(this.cart, key, notes));
  }

  remove(key: string): domain.Removed | null {
    const { cart, removed } = domain.removeLine(this.cart, key);
    this.set(cart);
    return removed;
  }

  restore(removed: domain.Removed): void {
    this.set(domain.restoreLine(this.cart, removed));
  }

  setType(order_type: OrderType): void {
    this.set({ ...this.cart, order_type });
  }

  setTable(table: string): void {
    this.set({ ...this.cart, table: table.slice(0, 40) });
  }

  setOrderNotes(notes: string): void {
    this.set({ ...this.cart, notes: notes.slice(0, domain.NOTES_CHARS_MAX) });
  }

  setCodes(codes: string[]): void {
    this.set({ ...this.cart, codes });
  }

  setRound(order: string | null): void {
    this.set({ ...this.cart, round_of: order });
  }

  followMenu(catalogue: Catalogue): void {
    const followed = domain.followMenu(this.cart, catalogue);
    if (followed !== this.cart) this.set(followed);
  }

  /** Empties it. Answers what it was, for the undo. */
  clear(): domain.Cart {
    const was = this.cart;
    this.set({ ...domain.EMPTY_CART, order_type: was.order_type });
    return was;
  }

  putBack(cart: domain.Cart): void {
    this.set(cart);
  }

  private set(cart: domain.Cart): void {
    this.cart = cart;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.store
        .keepNote(NOTE, this.cart)
        .catch((error: unknown) => console.error('cart.keep_failed', error));
    }, KEEP_AFTER_MS);
  }
}
