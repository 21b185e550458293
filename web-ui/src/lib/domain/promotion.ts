/**
 * Promotions: when they run, and what they take off a cart.
 *
 * The twin of `protocol/src/promotion/`, where each rule is explained; both pass `protocol/tests/golden/promotions.json`.
 */

import type { AppliedPromotion, Promotion } from '$lib/api/types';
import { momentOf } from './format';
import { toMinor } from './money';
import { grossOf, off, type Line } from './pricing';
import { take } from './promotion-take';

/** A line as promotions see it. */
export interface Priced extends Line {
  product: string | null;
  category: string | null;
}

/** By what promotions are judged. */
export interface Terms {
  codes: readonly string[];
  at_ms: number;
  time_zone: string;
}

const same = (a: string, b: string) => a.toUpperCase() === b.toUpperCase();

const minutes = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));

/** Whether it runs at a moment, by the clock on the outlet's wall. */
export function runsAt(promotion: Promotion, at_ms: number, time_zone: string): boolean {
  const { year, month, day, hour, minute } = momentOf(at_ms, time_zone);
  const hasDay = (ago: number) => {
    const date = new Date(Date.UTC(year, month - 1, day - ago));
    const text = date.toISOString().slice(0, 10);
    const { days, start_date: first, end_date: last } = promotion;
    return (
      (days.length === 0 || days.includes(date.getUTCDay() || 7)) &&
      (first === null || first <= text) &&
      (last === null || text <= last)
    );
  };
  if (promotion.start_time === null || promotion.end_time === null) return hasDay(0);
  const [start, end, now] = [minutes(promotion.start_time), minutes(promotion.end_time), hour * 60 + minute];
  if (start < end) return start <= now && now < end && hasDay(0);
  return (now >= start && hasDay(0)) || (now < end && hasDay(1));
}

/** Those that a cart with these codes may have at that moment. */
export function openOnes(promotions: readonly Promotion[], { codes, at_ms, time_zone }: Terms): Promotion[] {
  return promotions.filter(
    (each) =>
      each.is_active &&
      (each.max_uses === null || each.uses < each.max_uses) &&
      (each.trigger === 'automatic' || codes.some((code) => same(code, each.code))) &&
      runsAt(each, at_ms, time_zone),
  );
}

/** Why a code brings nothing now; `unknown` where this till has not heard of it. */
export type CodeTrouble = 'unknown' | 'off' | 'used_up' | 'not_now';

/** The promotion that a code means here and now, or why there is none. */
export function byCode(
  promotions: readonly Promotion[],
  code: string,
  terms: Terms,
): { promotion: Promotion } | { why: CodeTrouble } {
  const named = promotions.filter((each) => each.trigger === 'code' && same(each.code, code));
  const promotion = named.find((each) => each.is_active) ?? named[0];
  if (!promotion) return { why: 'unknown' };
  if (!promotion.is_active) return { why: 'off' };
  if (promotion.max_uses !== null && promotion.uses >= promotion.max_uses) return { why: 'used_up' };
  return runsAt(promotion, terms.at_ms, terms.time_zone) ? { promotion } : { why: 'not_now' };
}

/** By priority, then by id, so that every machine agrees. */
const byPlace = (a: Promotion, b: Promotion) => b.priority - a.priority || (a.id < b.id ? -1 : 1);

/** Weighs promotions that may be had against lines: all that go with others, or one that goes with no other. */
export function weigh(promotions: readonly Promotion[], lines: readonly Priced[]): AppliedPromotion[] {
  const left = lines.map((line) => {
    const gross = grossOf(line);
    const rest = gross - off(line.discount ?? 'none', gross);
    return rest > 0n ? rest : 0n;
  });
  const spent = left.reduce((sum, amount) => sum + amount, 0n);
  const all = promotions.filter((each) => BigInt(each.min_spend) <= spent).sort(byPlace);
  const ways = [
    all.filter((each) => !each.is_exclusive),
    ...all.filter((each) => each.is_exclusive).map((each) => [each]),
  ];
  let best: { total: bigint; first: Promotion; applied: AppliedPromotion[] } | null = null;
  for (const way of ways) {
    const tried = apply(way, lines, left);
    if (!tried) continue;
    const better =
      best === null ||
      tried.total > best.total ||
      (tried.total === best.total && byPlace(tried.first, best.first) < 0);
    if (better) best = tried;
  }
  return best?.applied ?? [];
}

/** One after the other, each on what the ones before it have left. */
function apply(promotions: readonly Promotion[], lines: readonly Priced[], before: readonly bigint[]) {
  let left = [...before];
  let first: Promotion | null = null;
  let total = 0n;
  const applied: AppliedPromotion[] = [];
  for (const promotion of promotions) {
    const shares = take(promotion, lines, left);
    const amount = shares.reduce((sum, share) => sum + share, 0n);
    if (amount === 0n) continue;
    left = left.map((rest, at) => rest - (shares[at] ?? 0n));
    first ??= promotion;
    total += amount;
    const { id, name, code } = promotion;
    applied.push({ id, name, code, amount: toMinor(amount) });
  }
  return first && { total, first, applied };
}
