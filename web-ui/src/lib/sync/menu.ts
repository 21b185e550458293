/** The menu: from the store at once, from the hub as soon as it answers, and kept in the store for the next time. */

import { menuList, type MenuLists } from '$lib/api/hub';
import type { Store } from '$lib/db/database';
import { EMPTY_ROWS, type CatalogueRows } from '$lib/domain/catalogue';

const NAMES: readonly (keyof MenuLists)[] = [
  'outlet',
  'categories',
  'products',
  'groups',
  'modifiers',
  'promotions',
];

function rowsOf(lists: ReadonlyMap<string, unknown[]>): CatalogueRows {
  const list = <K extends keyof MenuLists>(name: K) => (lists.get(name) ?? []) as MenuLists[K][];
  return {
    outlet: list('outlet')[0] ?? null,
    categories: list('categories'),
    products: list('products'),
    groups: list('groups'),
    modifiers: list('modifiers'),
    promotions: list('promotions'),
  };
}

/** The menu of the last visit, or nothing. */
export async function keptMenu(store: Store): Promise<CatalogueRows | null> {
  const kept = await store.menu.toArray();
  if (kept.length === 0) return null;
  return rowsOf(new Map(kept.map((row) => [row.name, row.rows])));
}

/** The menu as the hub has it now; lists that did not change are not sent again. Throws when it does not answer. */
export async function loadMenu(store: Store): Promise<CatalogueRows> {
  const kept = new Map((await store.menu.toArray()).map((row) => [row.name, row]));
  const lists = new Map<string, unknown[]>();
  const fresh = [];
  for (const name of NAMES) {
    const known = kept.get(name);
    const listed = await menuList(name, known?.etag ?? undefined);
    lists.set(name, listed?.rows ?? known?.rows ?? []);
    if (listed) fresh.push({ name, rows: listed.rows, etag: listed.etag, saved_ms: Date.now() });
  }
  if (fresh.length > 0) await store.menu.bulkPut(fresh);
  return rowsOf(lists);
}

/** One list alone, where it changed since it was kept. Throws when the hub does not answer. */
export async function loadList<K extends keyof MenuLists>(
  store: Store,
  name: K,
): Promise<MenuLists[K][] | null> {
  const known = await store.menu.get(name);
  const listed = await menuList(name, known?.etag ?? undefined);
  if (!listed) return null;
  await store.menu.put({ name, rows: listed.rows, etag: listed.etag, saved_ms: Date.now() });
  return listed.rows;
}

/** Keeps rows that the live stream changed. Their tags no longer fit, so that the next load asks for all of them. */
export async function keepMenu(store: Store, rows: CatalogueRows = EMPTY_ROWS): Promise<void> {
  const saved_ms = Date.now();
  await store.menu.bulkPut([
    { name: 'outlet', rows: rows.outlet ? [rows.outlet] : [], etag: null, saved_ms },
    { name: 'categories', rows: rows.categories, etag: null, saved_ms },
    { name: 'products', rows: rows.products, etag: null, saved_ms },
    { name: 'groups', rows: rows.groups, etag: null, saved_ms },
    { name: 'modifiers', rows: rows.modifiers, etag: null, saved_ms },
    { name: 'promotions', rows: rows.promotions, etag: null, saved_ms },
  ]);
}
