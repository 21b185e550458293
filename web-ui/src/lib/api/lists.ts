/** Lists of the hub, page after page, in Django REST Framework's shape. */

import { Refused, read } from './http';
import type { Cursor, Page } from './types';

/** The largest page that the hub gives. */
const PAGE_SIZE = 500;
/** More pages than this is a loop, not a menu. */
const PAGES_MAX = 200;

export interface Listed<T> {
  rows: T[];
  etag: string | null;
  /** The ledger position that each page contains, and its rows with it. */
  pages: { cursor: Cursor | null; rows: T[] }[];
}

/** The position in the ledger that an answer contains. */
export function cursorOf(headers: Headers): Cursor | null {
  const epoch = Number(headers.get('x-ledger-epoch') ?? NaN);
  const seq = Number(headers.get('x-ledger-seq') ?? NaN);
  return Number.isFinite(epoch) && Number.isFinite(seq) ? { epoch, seq } : null;
}

/** `next` may be absolute, with whatever host the hub believes it has: its path and query are what counts. */
function pathOf(next: string): string {
  const url = new URL(next, location.origin);
  return `${url.pathname}${url.search}`;
}

/** Every row of a list, or `null` where nothing changed since `etag`. */
export async function list<T>(path: string, query: Record<string, string>, etag?: string) {
  const search = new URLSearchParams({ ...query, page_size: String(PAGE_SIZE) });
  let next: string | null = `${path}?${search}`;
  const listed: Listed<T> = { rows: [], etag: null, pages: [] };
  for (let page = 0; next !== null && page < PAGES_MAX; page += 1) {
    const reply = await read(next, page === 0 ? etag : undefined);
    if (reply.status === 304) return null;
    const body = reply.body as Page<T>;
    listed.rows.push(...body.results);
    listed.pages.push({ cursor: cursorOf(reply.headers), rows: body.results });
    // The tag of one page says nothing of the others.
    listed.etag = page === 0 && body.next === null ? reply.headers.get('etag') : null;
    next = body.next === null ? null : pathOf(body.next);
  }
  return listed;
}

/** One page of what a query finds. A page behind the last is the hub's 404. Throws like `read`. */
export async function pageOf<T>(path: string, query: Record<string, string>): Promise<Page<T>> {
  const { body } = await read(`${path}?${new URLSearchParams(query)}`);
  return body as Page<T>;
}

/** Whether what was thrown says that there is no such page. */
export const isNoPage = (error: unknown) => error instanceof Refused && error.status === 404;
