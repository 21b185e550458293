/** What the pages ask of the hub, by name. */

import type { Answer, HubRequest } from '$lib/domain/outbox';
import { read, request, Unreachable } from './http';
import { cursorOf, list, type Listed } from './lists';
import type { Category, Cursor, Modifier, ModifierGroup, Order, Outlet, Product, Promotion } from './types';

/** The lists that make up the menu, by the name under which they are kept. */
export interface MenuLists {
  outlet: Outlet;
  categories: Category;
  products: Product;
  groups: ModifierGroup;
  modifiers: Modifier;
  promotions: Promotion;
}

const MENU_PATHS: Record<keyof MenuLists, string> = {
  outlet: '/api/outlets/',
  categories: '/api/categories/',
  products: '/api/products/',
  groups: '/api/modifier-groups/',
  modifiers: '/api/modifiers/',
  promotions: '/api/promotions/',
};

/** One list of the menu, or `null` where it is still the one of `etag`. */
export function menuList<K extends keyof MenuLists>(name: K, etag?: string) {
  return list<MenuLists[K]>(MENU_PATHS[name], {}, etag);
}

/** Orders in the given states, page by page, and the position in the ledger that all of them contain. */
export async function openOrders(status = 'open,sent,preparing,ready,served'): Promise<Snapshot> {
  const listed = await list<Order>('/api/orders/', { status, ordering: 'created_at' });
  const pages = listed?.pages ?? [];
  // Later pages may be newer than the first; what they hold already changes nothing when it is heard again.
  const cursor = pages[0]?.cursor;
  if (!cursor) throw new Error('the answer does not say which position it contains');
  return { cursor, orders: listed?.rows ?? [], pages };
}

export interface Snapshot {
  cursor: Cursor;
  orders: Order[];
  pages: Listed<Order>['pages'];
}

/** Orders in given states, the last ones first, one page of them. */
export async function latestOrders(status: string, count: number): Promise<Order[]> {
  const query = new URLSearchParams({ status, ordering: '-created_at', page_size: String(count) });
  const reply = await read(`/api/orders/?${query}`);
  return (reply.body as { results: Order[] }).results;
}

/** One order. */
export async function order(id: string): Promise<{ order: Order; cursor: Cursor | null }> {
  const reply = await read(`/api/orders/${encodeURIComponent(id)}/`);
  return { order: reply.body as Order, cursor: cursorOf(reply.headers) };
}

/** Sends what an outbox row asks for. Never throws: that nobody answered is an answer too. */
export async function send({ method, path, body, key }: HubRequest): Promise<Answer> {
  try {
    const reply = await request(path, { method, body, key });
    return { kind: 'response', status: reply.status, body: reply.body, retryAfterMs: reply.retryAfterMs };
  } catch (error) {
    if (error instanceof Unreachable) return { kind: 'unreachable' };
    throw error;
  }
}
