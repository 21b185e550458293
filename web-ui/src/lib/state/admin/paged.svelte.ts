/** A list of the hub's that is looked at a page at a time: searched, narrowed, and put in order by the hub. */

import { isNoPage } from '$lib/api/lists';
import type { Page } from '$lib/api/types';
import { Listed } from './listed.svelte';

const USUAL_MS = 30_000;
const PAGE_SIZE = 50;
/** A search is asked once the fingers rest. */
const TYPED_MS = 200;

/** What a person looks for. Every other field is a filter by the hub's name for it; empty is all of them. */
export interface Sought {
  search: string;
  /** Empty is the hub's own order. */
  ordering?: string;
  page: number;
}

/** The hub's words for what is wanted, where each field is called as the hub calls it. */
function plainQuery(wanted: Sought): Record<string, string> {
  const fields = Object.entries(wanted).map(([field, value]) => [field, String(value).trim()] as const);
  return Object.fromEntries(fields.filter(([, text]) => text !== ''));
}

export class Paged<Row, Wanted extends Sought> {
  wanted: Wanted = $state.raw() as Wanted;
  count = $state(0);
  /** A change of what is wanted has not been answered yet. */
  isLooking = $state(false);
  readonly list = new Listed<Row>(() => this.askPage(), USUAL_MS);
  private typing: ReturnType<typeof setTimeout> | undefined;

  readonly pages = $derived(Math.max(1, Math.ceil(this.count / PAGE_SIZE)));
  readonly first = $derived((this.wanted.page - 1) * PAGE_SIZE + 1);
  readonly isNarrowed = $derived(
    Object.entries(this.wanted).some(
      ([field, value]) =>
        field !== 'ordering' && field !== 'page' && value !== this.everything[field as keyof Wanted],
    ),
  );

  constructor(
    private readonly ask: (query: Record<string, string>) => Promise<Page<Row>>,
    private readonly everything: Wanted,
    private readonly toQuery: (wanted: Wanted) => Record<string, string> = plainQuery,
  ) {
    this.wanted = everything;
  }

  open(): () => void {
    const end = this.list.open();
    return () => {
      clearTimeout(this.typing);
      end();
    };
  }

  /** Looks for something else, from its first page on. */
  want(change: Partial<Wanted>): void {
    this.wanted = { ...this.wanted, page: 1, ...change };
    this.isLooking = true;
    clearTimeout(this.typing);
    this.typing = setTimeout(() => void this.list.load(), change.search === undefined ? 0 : TYPED_MS);
  }

  wantAll(): void {
    const { ordering } = this.wanted;
    this.want(ordering === undefined ? this.everything : { ...this.everything, ordering });
  }

  /** Takes a row as the hub answered it. */
  put<Named extends Row & { id: string }>(this: Paged<Named, Wanted>, row: Named): void {
    const isSame = (other: Named) => other.id === row.id;
    // What is new stands where the hub's order puts it, perhaps on another page.
    if (this.list.rows.some(isSame)) this.list.put(row, isSame);
    else void this.list.load();
  }

  drop<Named extends Row & { id: string }>(this: Paged<Named, Wanted>, id: string): void {
    this.list.drop((other) => other.id === id);
    this.count = Math.max(0, this.count - 1);
  }

  private async askPage(): Promise<Row[]> {
    const { wanted } = this;
    const paging = { page: String(wanted.page), page_size: String(PAGE_SIZE) };
    try {
      const page = await this.ask({ ...this.toQuery(wanted), ...paging });
      this.count = page.count;
      return page.results;
    } catch (error) {
      // The last row of the last page is gone.
      if (!isNoPage(error) || wanted.page === 1) throw error;
      this.wanted = { ...wanted, page: 1 };
      return await this.askPage();
    } finally {
      if (wanted === this.wanted) this.isLooking = false;
    }
  }
}
