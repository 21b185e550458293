/** The cart: what is being rung up. Pure functions over plain data, so that it can be kept across a reload. */

import type { AppliedPromotion, Minor, Modifier, NewItem, OrderType, Product } from '$lib/api/types';
import type { Catalogue } from './catalogue';
import { EMPTY_BILL, lineTotal, price, type Bill, type Charges, type Line } from './pricing';

/** The hub's own limits (`protocol/src/order.rs`). */
export const ITEMS_MAX = 500;
export const QUANTITY_MAX = 9_999;
export const NOTES_CHARS_MAX = 1_000;

export interface CartModifier {
  id: string;
  name: string;
  price: Minor;
}

export interface CartLine {
  /** Names the line while it is on the screen. */
  key: string;
  product: string;
  name: string;
  price: Minor;
  modifiers: CartModifier[];
  quantity: number;
  notes: string;
  /** The kitchen ran out of it while it lay in the cart. */
  sold_out: boolean;
}

export interface Cart {
  order_type: OrderType;
  table: string;
  notes: string;
  lines: CartLine[];
  /** Codes that the guest named. */
  codes: string[];
  /** The order that this is a further round of. */
  round_of: string | null;
}

export const EMPTY_CART: Cart = {
  order_type: 'dine_in',
  table: '',
  notes: '',
  lines: [],
  codes: [],
  round_of: null,
};

/** A line as pricing sees it. */
export function asLine(line: Pick<CartLine, 'price' | 'modifiers' | 'quantity'>): Line {
  const modifiers = line.modifiers.reduce((sum, modifier) => sum + modifier.price, 0);
  return { price: line.price, modifiers, quantity: line.quantity };
}

export const totalOf = (line: CartLine): Minor => lineTotal(asLine(line));

export const countOf = (cart: Cart): number => cart.lines.reduce((sum, line) => sum + line.quantity, 0);

/** The bill as the hub will make it. Without an outlet there are no charges to speak of. */
export function billOf(
  cart: Cart,
  charges: Charges | null,
  promotions: readonly AppliedPromotion[] = [],
): Bill {
  if (cart.lines.length === 0 || charges === null) return EMPTY_BILL;
  return price(cart.lines.map(asLine), 'none', charges, promotions);
}

const sameModifiers = (a: readonly CartModifier[], b: readonly CartModifier[]) =>
  a.length === b.length && a.every((modifier, index) => modifier.id === b[index]?.id);

/** A product goes in: onto a line of the same kind without notes, or as a line of its own. */
export function addProduct(
  cart: Cart,
  product: Product,
  modifiers: readonly Modifier[],
  key: string,
  quantity = 1,
  notes = '',
): Cart {
  const picked = modifiers.map(({ id, name, price }) => ({ id, name, price }));
  const same = cart.lines.find(
    (line) =>
      line.product === product.id &&
      line.notes === notes &&
      line.quantity + quantity <= QUANTITY_MAX &&
      sameModifiers(line.modifiers, picked),
  );
  if (same) return setQuantity(cart, same.key, same.quantity + quantity);
  if (cart.lines.length >= ITEMS_MAX) return cart;
  const line: CartLine = {
    key,
    product: product.id,
    name: product.name,
    price: product.price,
    modifiers: picked,
    quantity,
    notes,
    sold_out: !product.is_available,
  };
  return { ...cart, lines: [...cart.lines, line] };
}

function change(cart: Cart, key: string, into: (line: CartLine) => CartLine): Cart {
  return { ...cart, lines: cart.lines.map((line) => (line.key === key ? into(line) : line)) };
}

/** Nothing below one: taking a line away is `removeLine`, which can be undone. */
export function setQuantity(cart: Cart, key: string, quantity: number): Cart {
  const whole = Math.min(QUANTITY_MAX, Math.max(1, Math.trunc(quantity)));
  return change(cart, key, (line) => ({ ...line, quantity: whole }));
}

export function setNotes(cart: Cart, key: string, notes: string): Cart {
  return change(cart, key, (line) => ({ ...line, notes: notes.slice(0, NOTES_CHARS_MAX) }));
}

/** What was taken away, and where it lay, for the undo. */
export interface Removed {
  line: CartLine;
  at: number;
}

export function removeLine(cart: Cart, key: string): { cart: Cart; removed: Removed | null } {
  const at = cart.lines.findIndex((line) => line.key === key);
  const line = cart.lines[at];
  if (!line) return { cart, removed: null };
  return { cart: { ...cart, lines: cart.lines.toSpliced(at, 1) }, removed: { line, at } };
}

/** Puts a line back where it lay. */
export function restoreLine(cart: Cart, removed: Removed): Cart {
  if (cart.lines.some((line) => line.key === removed.line.key)) return cart;
  return { ...cart, lines: cart.lines.toSpliced(removed.at, 0, removed.line) };
}

/** Prices and names follow the menu while a line lies in the cart; what ran out is marked, never taken away. */
export function followMenu(cart: Cart, catalogue: Catalogue): Cart {
  if (catalogue.isEmpty) return cart;
  let changed = false;
  const lines = cart.lines.map((line) => {
    const product = catalogue.product(line.product);
    const modifiers = line.modifiers.map((known) => {
      const now = catalogue.modifier(known.id);
      return now && (now.price !== known.price || now.name !== known.name)
        ? { id: now.id, name: now.name, price: now.price }
        : known;
    });
    const next: CartLine = {
      ...line,
      name: product?.name ?? line.name,
      price: product?.price ?? line.price,
      modifiers,
      sold_out:
        !product?.is_available ||
        line.modifiers.some((known) => catalogue.modifier(known.id)?.is_available === false),
    };
    const same =
      next.name === line.name &&
      next.price === line.price &&
      next.sold_out === line.sold_out &&
      modifiers.every((modifier, index) => modifier === line.modifiers[index]);
    if (same) return line;
    changed = true;
    return next;
  });
  return changed ? { ...cart, lines } : cart;
}

/** The lines as the hub takes them. */
export function newItems(lines: readonly CartLine[], id: () => string): NewItem[] {
  return lines.map((line) => {
    const item: NewItem = {
      id: id(),
      product: line.product,
      quantity: line.quantity,
      modifiers: line.modifiers.map((modifier) => modifier.id),
    };
    const notes = line.notes.trim();
    return notes === '' ? item : { ...item, notes };
  });
}
