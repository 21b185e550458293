import { describe, expect, it } from 'vitest';
import type { Modifier, Product } from '$lib/api/types';
import {
  addProduct,
  billOf,
  countOf,
  EMPTY_CART,
  followMenu,
  ITEMS_MAX,
  newItems,
  QUANTITY_MAX,
  removeLine,
  restoreLine,
  setNotes,
  setQuantity,
} from './cart';
import { Catalogue, EMPTY_ROWS } from './catalogue';

const product = (id: string, more: Partial<Product> = {}): Product => ({
  id,
  sku: '',
  name: `Produk ${id}`,
  description: '',
  category: 'c',
  category_name: '',
  price: 10_000,
  image: null,
  is_available: true,
  modifier_groups: [],
  barcode: '',
  station: 'dapur',
  sort_order: 0,
  ...more,
});

const modifier = (id: string, price: number): Modifier => ({
  id,
  group: 'g',
  group_name: '',
  name: id,
  price,
  is_available: true,
  sort_order: 0,
});

describe('the cart', () => {
  it('puts the same product onto the same line', () => {
    let cart = addProduct(EMPTY_CART, product('a'), [], 'k1');
    cart = addProduct(cart, product('a'), [], 'k2');
    expect(cart.lines).toHaveLength(1);
    expect(countOf(cart)).toBe(2);
  });

  it('keeps lines apart that differ in modifiers or notes', () => {
    let cart = addProduct(EMPTY_CART, product('a'), [modifier('telur', 5_000)], 'k1');
    cart = addProduct(cart, product('a'), [], 'k2');
    cart = addProduct(cart, product('a'), [], 'k3', 1, 'pedas');
    cart = addProduct(cart, product('a'), [modifier('telur', 5_000)], 'k4');
    expect(cart.lines.map((line) => line.quantity)).toEqual([2, 1, 1]);
  });

  it('prices modifiers with each piece', () => {
    const cart = addProduct(EMPTY_CART, product('a'), [modifier('telur', 5_000)], 'k', 3);
    const charges = {
      service_rate_bp: 0,
      service_base: 'after_discount' as const,
      tax_rate_bp: 1_000,
      tax_included: false,
      cash_rounding_unit: 1,
      cash_rounding_mode: 'nearest' as const,
    };
    expect(billOf(cart, charges)).toMatchObject({ subtotal: 45_000, tax: 4_500, total: 49_500 });
    expect(billOf(cart, null).total).toBe(0);
  });

  it('keeps quantities within the limits of the hub', () => {
    const cart = addProduct(EMPTY_CART, product('a'), [], 'k');
    expect(setQuantity(cart, 'k', 0).lines[0]?.quantity).toBe(1);
    expect(setQuantity(cart, 'k', 1e9).lines[0]?.quantity).toBe(QUANTITY_MAX);
  });

  it('takes no more lines than an order may have', () => {
    let cart = EMPTY_CART;
    for (let index = 0; index < ITEMS_MAX + 5; index += 1) {
      cart = addProduct(cart, product(`p${index}`), [], `k${index}`);
    }
    expect(cart.lines).toHaveLength(ITEMS_MAX);
  });

  it('puts a removed line back where it lay', () => {
    let cart = ['a', 'b', 'c'].reduce((all, id) => addProduct(all, product(id), [], id), EMPTY_CART);
    cart = setNotes(cart, 'b', 'tanpa es');
    const { cart: without, removed } = removeLine(cart, 'b');
    expect(without.lines.map((line) => line.key)).toEqual(['a', 'c']);
    const back = removed && restoreLine(without, removed);
    expect(back?.lines).toEqual(cart.lines);
    expect(back && removed && restoreLine(back, removed)).toBe(back);
  });

  it('follows the menu: new prices, names, and what ran out', () => {
    const cart = addProduct(EMPTY_CART, product('a'), [modifier('telur', 5_000)], 'k');
    const rows = (of: Product, egg = modifier('telur', 5_000)) =>
      new Catalogue({
        ...EMPTY_ROWS,
        categories: [{ id: 'c', name: 'C', station: '', sort_order: 0, is_active: true }],
        products: [of],
        modifiers: [egg],
      });
    expect(followMenu(cart, rows(product('a')))).toBe(cart);
    const dearer = followMenu(cart, rows(product('a', { price: 12_000 }), modifier('telur', 6_000)));
    expect(dearer.lines[0]).toMatchObject({ price: 12_000, modifiers: [{ id: 'telur', price: 6_000 }] });
    expect(followMenu(cart, rows(product('a', { is_available: false }))).lines[0]?.sold_out).toBe(true);
    expect(followMenu(cart, rows(product('z'))).lines[0]?.sold_out).toBe(true);
    expect(followMenu(cart, new Catalogue(EMPTY_ROWS))).toBe(cart);
  });

  it('becomes items as the hub takes them', () => {
    let cart = addProduct(EMPTY_CART, product('a'), [modifier('telur', 1)], 'k', 2);
    cart = setNotes(cart, 'k', '  pedas ');
    expect(newItems(cart.lines, () => 'id')).toEqual([
      { id: 'id', product: 'a', quantity: 2, modifiers: ['telur'], notes: 'pedas' },
    ]);
  });
});
