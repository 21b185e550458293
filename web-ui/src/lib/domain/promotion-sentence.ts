/** What a promotion does, in one sentence. */

import type { PromotionBody } from '$lib/api/promotion-types';
import type { Minor } from '$lib/api/types';
import { formatDate, formatMoney, formatRate, type Figures, type Locale } from './format';
import { WHOLE_BP } from './promotion-form';
import { dayRuns, isPastMidnight } from './promotion-week';

/** Names beyond so many are counted. */
const NAMES_MAX = 2;
/** Stands where nothing was entered yet. */
const BLANK = '…';

/** The words of one language. */
export interface Say {
  days: readonly string[];
  everything: string;
  percent: (rate: string, what: string) => string;
  percentOrder: (rate: string) => string;
  amount: (money: string, what: string) => string;
  amountOrder: (money: string) => string;
  free: (buy: string, get: string, what: string) => string;
  cheaper: (buy: string, get: string, rate: string, what: string) => string;
  bundle: (parts: string, price: string) => string;
  part: (quantity: number, what: string) => string;
  anyOf: (category: string) => string;
  others: (names: string, count: number) => string;
  products: (count: number) => string;
  categories: (count: number) => string;
  join: (one: string, other: string) => string;
  nextDay: (hours: string) => string;
  from: (date: string) => string;
  until: (date: string) => string;
  on: (date: string) => string;
  code: (code: string) => string;
  minSpend: (money: string) => string;
  uses: (count: number) => string;
  alone: string;
}

/** Where the words, the figures and the names come from. */
export interface Teller {
  say: Say;
  locale: Locale;
  figures: Figures;
  /** Nothing while the menu is not there, and for what is gone from it. */
  nameOf: (kind: 'product' | 'category', id: string) => string | null;
}

/** `14:00` as people write it: `14.00` in Indonesian. */
export function timeText(time: string, locale: Locale): string {
  return time.slice(0, 5).replace(':', locale === 'id' ? '.' : ':');
}

/** `2026-11-22` as people write it. */
export function dayText(date: string, locale: Locale): string {
  const atMs = Date.parse(`${date}T00:00:00Z`);
  return Number.isNaN(atMs) ? date : formatDate(atMs, locale, 'UTC');
}

const all = (parts: readonly string[], join: Say['join']) =>
  parts.reduce((one, other, index) => (index === 0 ? other : join(one, other)), '');

function namesOf(kind: 'product' | 'category', ids: readonly string[], { say, nameOf }: Teller): string {
  if (ids.length === 0) return BLANK;
  const names = ids.map((id) => nameOf(kind, id)).filter((name) => name !== null);
  if (names.length < ids.length) return (kind === 'product' ? say.products : say.categories)(ids.length);
  if (names.length <= NAMES_MAX) return all(names, say.join);
  return say.others(names.slice(0, NAMES_MAX).join(', '), names.length - NAMES_MAX);
}

function whatOf({ scope, categories, products }: PromotionBody, teller: Teller): string | null {
  if (scope === 'order') return null;
  return scope === 'category'
    ? namesOf('category', categories, teller)
    : namesOf('product', products, teller);
}

function givesText(promotion: PromotionBody, teller: Teller): string {
  const { say, locale, figures } = teller;
  const money = (amount: Minor | null) => (amount === null ? BLANK : formatMoney(amount, locale, figures));
  const rate = (bp: number | null) => (bp === null ? BLANK : formatRate(bp, locale));
  const count = (value: number | null) => (value === null ? BLANK : String(value));
  const what = whatOf(promotion, teller);
  switch (promotion.kind) {
    case 'percent': {
      const off = rate(promotion.percent_bp);
      return what === null ? say.percentOrder(off) : say.percent(off, what);
    }
    case 'amount': {
      const off = money(promotion.amount);
      return what === null ? say.amountOrder(off) : say.amount(off, what);
    }
    case 'buy_get': {
      const [buy, get] = [count(promotion.buy_quantity), count(promotion.get_quantity)];
      const of = what ?? say.everything;
      const isFree = promotion.percent_bp === WHOLE_BP;
      return isFree ? say.free(buy, get, of) : say.cheaper(buy, get, rate(promotion.percent_bp), of);
    }
    case 'bundle': {
      const parts = promotion.parts.map(({ product, category, quantity }) =>
        say.part(
          quantity,
          category === null
            ? namesOf('product', product === null ? [] : [product], teller)
            : say.anyOf(namesOf('category', [category], teller)),
        ),
      );
      return say.bundle(parts.length === 0 ? BLANK : parts.join(' + '), money(promotion.amount));
    }
  }
}

/** `Sen–Jum 14.00–17.00`; empty where it runs at all hours of all days. */
export function hoursText(promotion: PromotionBody, { say, locale }: Pick<Teller, 'say' | 'locale'>): string {
  const name = (day: number) => say.days[day - 1] ?? '';
  const runs = dayRuns(promotion.days).map(([from, until]) =>
    from === until ? name(from) : `${name(from)}–${name(until)}`,
  );
  const { start_time, end_time } = promotion;
  const hours =
    start_time !== null && end_time !== null
      ? `${timeText(start_time, locale)}–${timeText(end_time, locale)}`
      : '';
  const told = hours !== '' && isPastMidnight(promotion) ? say.nextDay(hours) : hours;
  return [all(runs, say.join), told].filter((text) => text !== '').join(' ');
}

/** From which date, until which; empty where neither is set. */
export function datesText(promotion: PromotionBody, { say, locale }: Pick<Teller, 'say' | 'locale'>): string {
  const { start_date, end_date } = promotion;
  if (start_date !== null && start_date === end_date) return say.on(dayText(start_date, locale));
  return [
    start_date === null ? '' : say.from(dayText(start_date, locale)),
    end_date === null ? '' : say.until(dayText(end_date, locale)),
  ]
    .filter((text) => text !== '')
    .join(' ');
}

/** `isWhole`: with its limits, which a list shows beside it. */
export function sentenceOf(promotion: PromotionBody, teller: Teller, isWhole = false): string {
  const { say, locale, figures } = teller;
  const { trigger, code, min_spend, max_uses, is_exclusive } = promotion;
  return [
    givesText(promotion, teller),
    hoursText(promotion, teller),
    datesText(promotion, teller),
    trigger === 'code' ? say.code(code || BLANK) : '',
    min_spend > 0 ? say.minSpend(formatMoney(min_spend, locale, figures)) : '',
    isWhole && max_uses !== null ? say.uses(max_uses) : '',
    isWhole && is_exclusive ? say.alone : '',
  ]
    .filter((text) => text !== '')
    .join(', ');
}
