/** When a promotion runs, as a picture of a week. */

import type { PromotionBody } from '$lib/api/promotion-types';

export type Hours = Pick<PromotionBody, 'days' | 'start_time' | 'end_time'>;

/** Minutes of a day, from and until. */
export interface Span {
  from: number;
  until: number;
}

export const DAYS: readonly number[] = [1, 2, 3, 4, 5, 6, 7];
export const DAY_MINUTES = 1_440;

/** Minutes since midnight of `14:00`; nothing where it is no time of day. Seconds, where there are any, are cut off. */
export function minutesOf(time: string | null): number | null {
  const match = /^(\d{2}):(\d{2})(?::\d{2})?$/.exec(time ?? '');
  if (!match) return null;
  const [hour, minute] = [Number(match[1]), Number(match[2])];
  return hour < 24 && minute < 60 ? hour * 60 + minute : null;
}

/** Whether it runs into the day after the one on which it began. */
export function isPastMidnight({ start_time, end_time }: Omit<Hours, 'days'>): boolean {
  const [start, end] = [minutesOf(start_time), minutesOf(end_time)];
  return start !== null && end !== null && end <= start && end > 0;
}

function joined(spans: readonly Span[]): Span[] {
  const sorted = [...spans].filter(({ from, until }) => until > from).sort((a, b) => a.from - b.from);
  const whole: Span[] = [];
  for (const span of sorted) {
    const last = whole.at(-1);
    if (last && span.from <= last.until) last.until = Math.max(last.until, span.until);
    else whole.push({ ...span });
  }
  return whole;
}

/** Seven columns, from Monday on, each with the spans in which it runs. */
export function weekOf({ days, start_time, end_time }: Hours): Span[][] {
  const runs = (day: number) => days.length === 0 || days.includes(day);
  const [start, end] = [minutesOf(start_time), minutesOf(end_time)];
  return DAYS.map((day) => {
    if (start === null || end === null) return runs(day) ? [{ from: 0, until: DAY_MINUTES }] : [];
    const isOver = end <= start;
    const before = day === 1 ? 7 : day - 1;
    return joined([
      ...(isOver && runs(before) ? [{ from: 0, until: end }] : []),
      ...(runs(day) ? [{ from: start, until: isOver ? DAY_MINUTES : end }] : []),
    ]);
  });
}

/** Days of the week as runs of neighbours: Monday to Friday is one of them. */
export function dayRuns(days: readonly number[]): [number, number][] {
  const runs: [number, number][] = [];
  for (const day of [...days].sort((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last && day === last[1] + 1) last[1] = day;
    else if (!last || day > last[1]) runs.push([day, day]);
  }
  return runs;
}
