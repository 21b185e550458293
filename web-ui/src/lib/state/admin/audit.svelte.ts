/** Who did what, a page at a time, as a manager looks for it. */

import { auditPage, type AuditEntry } from '$lib/api/audit';
import { isNoPage } from '$lib/api/menu';
import { Listed } from './listed.svelte';

const USUAL_MS = 30_000;
const PAGE_SIZE = 50;
/** A search is asked once the fingers rest. */
const TYPED_MS = 250;
const DAY_MS = 86_400_000;

export const AREAS = [
  'menu',
  'promotions',
  'orders',
  'staff',
  'devices',
  'guests',
  'outlet',
  'work',
] as const;
export type Area = (typeof AREAS)[number];

/** How far back, in days; 0: to the beginning. */
export const PERIODS = [0, 1, 7, 30] as const;
export type Period = (typeof PERIODS)[number];

/** One person, device or thing, with what to call it. */
export interface One {
  id: string;
  name: string;
}

/** What a person looks for. */
export interface Wanted {
  search: string;
  area: Area | '';
  period: Period;
  /** Only what somebody let somebody do. */
  isApproved: boolean;
  actor: One | null;
  device: One | null;
  subject: One | null;
  page: number;
}

const EVERYTHING: Wanted = {
  search: '',
  area: '',
  period: 0,
  isApproved: false,
  actor: null,
  device: null,
  subject: null,
  page: 1,
};

export class Trail {
  wanted = $state.raw<Wanted>(EVERYTHING);
  count = $state(0);
  /** A change of what is wanted has not been answered yet. */
  isLooking = $state(false);
  readonly list = new Listed<AuditEntry>(() => this.askPage(), USUAL_MS);
  private typing: ReturnType<typeof setTimeout> | undefined;

  readonly pages = $derived(Math.max(1, Math.ceil(this.count / PAGE_SIZE)));
  readonly first = $derived((this.wanted.page - 1) * PAGE_SIZE + 1);
  readonly isNarrowed = $derived.by(() => {
    const { search, area, period, isApproved, actor, device, subject } = this.wanted;
    const isAny = search === '' && area === '' && period === 0 && !isApproved;
    return !isAny || actor !== null || device !== null || subject !== null;
  });

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
    this.want(EVERYTHING);
  }

  private async askPage(): Promise<AuditEntry[]> {
    const { wanted } = this;
    const query: Record<string, string> = { page: String(wanted.page), page_size: String(PAGE_SIZE) };
    if (wanted.search.trim() !== '') query.search = wanted.search.trim();
    if (wanted.area !== '') query.area = wanted.area;
    if (wanted.period !== 0)
      query.created_after = new Date(Date.now() - wanted.period * DAY_MS).toISOString();
    if (wanted.isApproved) query.approved = 'true';
    for (const field of ['actor', 'device', 'subject'] as const) {
      const one = wanted[field];
      if (one) query[field] = one.id;
    }
    try {
      const page = await auditPage(query);
      this.count = page.count;
      return page.results;
    } catch (error) {
      // The last page has gone.
      if (!isNoPage(error) || wanted.page === 1) throw error;
      this.wanted = { ...wanted, page: 1 };
      return await this.askPage();
    } finally {
      if (wanted === this.wanted) this.isLooking = false;
    }
  }
}
