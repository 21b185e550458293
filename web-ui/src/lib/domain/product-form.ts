/** The form of a product: what of it is to be written. */

import type { Minor, Product, ProductChange } from '$lib/api/types';

export interface ProductForm {
  name: string;
  sku: string;
  barcode: string;
  category: string;
  price: Minor | null;
  description: string;
  modifier_groups: string[];
  is_available: boolean;
  sort_order: string;
}

export function productForm(product: Product | null, category = ''): ProductForm {
  if (!product) {
    const empty = { name: '', sku: '', barcode: '', description: '', price: null, sort_order: '0' };
    return { ...empty, category, modifier_groups: [], is_available: true };
  }
  const { name, sku, barcode, price, description, modifier_groups, is_available } = product;
  return {
    name,
    sku,
    barcode,
    category: product.category,
    price,
    description,
    modifier_groups: [...modifier_groups],
    is_available,
    sort_order: String(product.sort_order),
  };
}

/** A whole number as it is typed; nothing where it is none. */
export function wholeOf(text: string): number | null {
  const bare = text.trim();
  return /^-?\d{1,9}$/.test(bare) ? Number(bare) : null;
}

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

/** Only what differs from what is there: what another changed meanwhile stays as they left it. */
export function productChange(form: ProductForm, product: Product | null): ProductChange {
  const before = productForm(product);
  const change: ProductChange = {};
  const name = form.name.trim();
  if (!product || name !== before.name) change.name = name;
  for (const field of ['sku', 'barcode', 'description'] as const) {
    if (form[field].trim() !== before[field]) change[field] = form[field].trim();
  }
  if (!product || form.category !== before.category) change.category = form.category;
  if (form.price !== null && form.price !== before.price) change.price = form.price;
  if (!same(form.modifier_groups, before.modifier_groups)) change.modifier_groups = [...form.modifier_groups];
  if (form.is_available !== before.is_available) change.is_available = form.is_available;
  const place = wholeOf(form.sort_order);
  if (place !== null && String(place) !== before.sort_order) change.sort_order = place;
  return change;
}
