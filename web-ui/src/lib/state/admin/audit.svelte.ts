/** Who did what, a page at a time, as a manager looks for it. */

import { auditPage, type AuditEntry } from '$lib/api/audit';
import { Paged, type Sought } from './paged.svelte';

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
export interface Wanted extends Sought {
  area: Area | '';
  period: Period;
  /** Only what somebody let somebody do. */
  isApproved: boolean;
  actor: One | null;
  device: One | null;
  subject: One | null;
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

/** The hub's words for what is wanted. */
function queryOf(wanted: Wanted): Record<string, string> {
  const query: Record<string, string> = {};
  if (wanted.search.trim() !== '') query.search = wanted.search.trim();
  if (wanted.area !== '') query.area = wanted.area;
  if (wanted.period !== 0) query.created_after = new Date(Date.now() - wanted.period * DAY_MS).toISOString();
  if (wanted.isApproved) query.approved = 'true';
  for (const field of ['actor', 'device', 'subject'] as const) {
    const one = wanted[field];
    if (one) query[field] = one.id;
  }
  return query;
}

export class Trail extends Paged<AuditEntry, Wanted> {
  constructor() {
    super(auditPage, EVERYTHING, queryOf);
  }
}
