/** The menu of the mock hub: lists with filters and pages, and what a manager may do to them. */

import { Refusal } from './orders.mjs';

const IMAGE_BYTES_MAX = 5_000_000;
const IMAGE_TYPES = ['image/jpeg', 'image/png', 'image/webp'];
const DEFAULTS = {
  categories: { station: '', sort_order: 0, is_active: true },
  products: {
    sku: '',
    description: '',
    barcode: '',
    image: null,
    is_available: true,
    modifier_groups: [],
    sort_order: 0,
  },
  groups: { min_select: 0, max_select: 1, sort_order: 0 },
  modifiers: { price: 0, is_available: true, sort_order: 0 },
};
const KINDS = {
  categories: 'categories',
  products: 'products',
  'modifier-groups': 'groups',
  modifiers: 'modifiers',
};
const TOLD = { categories: 'category', products: 'product', groups: 'modifier_group', modifiers: 'modifier' };
const REQUIRED = {
  categories: ['name'],
  products: ['name', 'category', 'price'],
  groups: ['name'],
  modifiers: ['name', 'group'],
};

export function page(url, rows) {
  const size = Math.min(500, Number(url.searchParams.get('page_size') ?? 20));
  const at = Number(url.searchParams.get('page') ?? 1);
  if (at > 1 && (at - 1) * size >= rows.length) throw missing();
  const next = at * size < rows.length ? new URL(url) : null;
  next?.searchParams.set('page', at + 1);
  return {
    count: rows.length,
    next: next && `${next}`,
    previous: null,
    results: rows.slice((at - 1) * size, at * size),
  };
}

export const missing = () => new Refusal(404, { detail: 'Tidak ada.', code: 'not_found' });
/** A page of the rows that a search and filters find, in the order that is asked for. */
export function found(url, all, searched, filters) {
  const asked = url.searchParams;
  const words = (asked.get('search') ?? '').toLowerCase().split(/\s+/);
  const text = (row) =>
    searched
      .map((field) => row[field] ?? '')
      .join(' ')
      .toLowerCase();
  const isSame = (field, row) => !asked.has(field) || String(row[field]) === asked.get(field);
  const rows = all.filter(
    (row) => words.every((word) => text(row).includes(word)) && filters.every((field) => isSame(field, row)),
  );
  const ordering = asked.get('ordering')?.split(',')[0] ?? 'sort_order';
  const field = ordering.replace('-', '');
  const compare = (a, b) =>
    typeof a[field] === 'number'
      ? a[field] - b[field]
      : String(a[field] ?? '').localeCompare(String(b[field] ?? ''));
  rows.sort((a, b) => (ordering.startsWith('-') ? compare(b, a) : compare(a, b)));
  return page(url, rows);
}

const inUse = (detail) => new Refusal(409, { detail, code: 'in_use' });

export function makeCatalogue(menu, tell, newId) {
  const pictures = new Map();

  function named(kind, row) {
    if (kind === 'products') {
      const category = menu.categories.find(({ id }) => id === row.category);
      row.category_name = category?.name ?? '';
      row.station = category?.station ?? '';
    }
    if (kind === 'modifiers') row.group_name = menu.groups.find(({ id }) => id === row.group)?.name ?? '';
    return row;
  }

  function check(kind, row, isNew) {
    const errors = {};
    for (const field of isNew ? REQUIRED[kind] : []) {
      if (row[field] === undefined) errors[field] = ['This field is required.'];
    }
    if (row.name === '') errors.name = ['This field may not be blank.'];
    if (kind === 'products') {
      const isTaken = menu.products.some((other) => other.id !== row.id && other.sku === row.sku);
      if (row.sku && isTaken) errors.sku = ['product with this sku already exists.'];
      if (row.category && !menu.categories.some(({ id }) => id === row.category)) {
        errors.category = [`Invalid pk "${row.category}" - object does not exist.`];
      }
      if (/tolak/i.test(row.name ?? '')) errors.name = ['This name is refused by the mock hub.'];
    }
    if (Object.keys(errors).length > 0) throw new Refusal(400, errors);
  }

  function remove(kind, row) {
    const { products, modifiers } = menu;
    if (kind === 'categories' && products.some(({ category }) => category === row.id)) {
      throw inUse('Products are in this category; move them first.');
    }
    const isAsked = products.some(({ modifier_groups }) => modifier_groups.includes(row.id));
    if (kind === 'groups' && (isAsked || modifiers.some(({ group }) => group === row.id))) {
      throw inUse('Products and modifiers use this group; change them first.');
    }
    menu[kind].splice(menu[kind].indexOf(row), 1);
    tell('catalogue_changed', { kind: `${TOLD[kind]}_removed`, value: row.id });
    return [204, null];
  }

  return {
    pictures,
    /** Nothing where the path is not of the menu. */
    read(url) {
      const kind = KINDS[url.pathname.split('/')[2]];
      if (!kind) return null;
      return found(
        url,
        menu[kind],
        ['name', 'sku', 'description', 'barcode'],
        ['category', 'is_available', 'is_active', 'group'],
      );
    },
    write(method, pathname, body) {
      const [, , name, id] = pathname.split('/');
      const kind = KINDS[name];
      if (!kind) return null;
      const known = menu[kind].find((row) => row.id === (id || body.id));
      if (id && !known) throw missing();
      if (method === 'DELETE') return remove(kind, known);
      if (!id && known) return [200, known];
      const row = { ...(known ?? { ...DEFAULTS[kind], id: newId(Date.now()) }), ...body };
      check(kind, row, !known);
      named(kind, row);
      if (known) Object.assign(known, row);
      else menu[kind].push(row);
      for (const product of menu.products) named('products', product);
      tell('catalogue_changed', { kind: TOLD[kind], value: row });
      return [known ? 200 : 201, row];
    },
    /** The picture of a product, as bytes. */
    picture(method, pathname, type, bytes) {
      const product = menu.products.find((row) => row.id === pathname.split('/')[3]);
      if (!product) throw missing();
      if (method === 'POST') {
        if (!IMAGE_TYPES.includes(type)) {
          throw new Refusal(415, { detail: 'Send a JPEG, PNG or WebP.', code: 'unsupported_media_type' });
        }
        if (bytes.length > IMAGE_BYTES_MAX) {
          throw new Refusal(413, { detail: 'The picture is too large.', code: 'too_large' });
        }
        if (bytes.length < 64) throw new Refusal(400, { image: ['This is not a picture.'] });
        const path = `/media/products/${product.id}-${pictures.size}`;
        pictures.set(path, { type, bytes });
        product.image = path;
      } else product.image = null;
      tell('catalogue_changed', { kind: 'product', value: product });
      return [200, product];
    },
  };
}
