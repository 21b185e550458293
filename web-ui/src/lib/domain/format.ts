/**
 * How amounts, times and dates are written. The language decides the words and separators, the outlet decides
 * the currency and the time zone: a till whose device stands on another zone still shows the outlet's time.
 */

import type { Minor } from '$lib/api/types';

export type Locale = 'id' | 'en';

/** What of the outlet decides how figures are written. */
export interface Figures {
  currency: string;
  exponent: number;
  timeZone: string;
}

/** Before the outlet is known. */
export const DEFAULT_FIGURES: Figures = { currency: 'IDR', exponent: 0, timeZone: 'Asia/Jakarta' };

/** Signs put before the amount where the code would be long-winded; others show their code. */
const SIGNS: Record<string, string> = { IDR: 'Rp', USD: '$', SGD: 'S$', MYR: 'RM', EUR: '€' };

const NO_BREAK = '\u00a0';

/** Separators by language, the same on every device, whatever its own locale data say. */
const SEPARATORS: Record<Locale, { group: string; decimal: string }> = {
  id: { group: '.', decimal: ',' },
  en: { group: ',', decimal: '.' },
};

/** An integer with its thousands apart: `93.500`. */
export function formatCount(value: number, locale: Locale): string {
  const digits = String(Math.abs(Math.trunc(value))).replace(/\B(?=(\d{3})+$)/g, SEPARATORS[locale].group);
  return value < 0 ? `−${digits}` : digits;
}

/** An amount without its sign of currency: `93.500`, or `93,50` where the currency has cents. */
export function formatAmount(minor: Minor, locale: Locale, exponent = 0): string {
  if (exponent === 0) return formatCount(minor, locale);
  const digits = String(Math.abs(Math.trunc(minor))).padStart(exponent + 1, '0');
  const whole = formatCount(Number(digits.slice(0, -exponent)), locale);
  const text = `${whole}${SEPARATORS[locale].decimal}${digits.slice(-exponent)}`;
  return minor < 0 ? `−${text}` : text;
}

/** An amount with its currency: `Rp 93.500`. The space does not break. */
export function formatMoney(minor: Minor, locale: Locale, figures: Figures = DEFAULT_FIGURES): string {
  const amount = formatAmount(Math.abs(minor), locale, figures.exponent);
  const sign = SIGNS[figures.currency] ?? figures.currency;
  return `${minor < 0 ? '−' : ''}${sign}${NO_BREAK}${amount}`;
}

/** A rate: 1,000 basis points are `10 %`, 1,050 are `10,5 %`. */
export function formatRate(rateBp: number, locale: Locale): string {
  const text = String(rateBp / 100).replace('.', SEPARATORS[locale].decimal);
  return `${text}${NO_BREAK}%`;
}

const MONTHS: Record<Locale, readonly string[]> = {
  id: ['Jan', 'Feb', 'Mar', 'Apr', 'Mei', 'Jun', 'Jul', 'Agu', 'Sep', 'Okt', 'Nov', 'Des'],
  en: ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'],
};

/** The parts of a moment in a time zone. */
export interface Moment {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
}

const partsByZone = new Map<string, Intl.DateTimeFormat>();

function zoneFormat(timeZone: string): Intl.DateTimeFormat {
  const known = partsByZone.get(timeZone);
  if (known) return known;
  const options: Intl.DateTimeFormatOptions = {
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    hourCycle: 'h23',
  };
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-GB', { ...options, timeZone });
  } catch {
    // A zone that this browser does not know: its own is better than no time at all.
    format = new Intl.DateTimeFormat('en-GB', options);
  }
  partsByZone.set(timeZone, format);
  return format;
}

/** A moment in the outlet's time zone. */
export function momentOf(atMs: number, timeZone: string): Moment {
  const parts = new Map(
    zoneFormat(timeZone)
      .formatToParts(atMs)
      .map((part) => [part.type, Number(part.value)]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
  return {
    year: part('year'),
    month: part('month'),
    day: part('day'),
    hour: part('hour'),
    minute: part('minute'),
  };
}

const two = (value: number) => String(value).padStart(2, '0');

/** A time of day: `19.42` in Indonesian, `19:42` in English. */
export function formatTime(atMs: number, locale: Locale, timeZone = DEFAULT_FIGURES.timeZone): string {
  const { hour, minute } = momentOf(atMs, timeZone);
  return `${two(hour)}${locale === 'id' ? '.' : ':'}${two(minute)}`;
}

/** A date: `22 Nov 2026`. */
export function formatDate(atMs: number, locale: Locale, timeZone = DEFAULT_FIGURES.timeZone): string {
  const { year, month, day } = momentOf(atMs, timeZone);
  return `${day} ${MONTHS[locale][month - 1] ?? month} ${year}`;
}

/** An age for a kitchen ticket: `4:07`, past an hour `1:04:07`. */
export function formatAge(ageMs: number): string {
  const seconds = Math.max(0, Math.floor(ageMs / 1000));
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  const tail = two(seconds % 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${tail}` : `${minutes}:${tail}`;
}

/** The business day of a moment, as `2026-11-22`: it begins at an hour that the outlet sets. */
export function businessDay(atMs: number, timeZone: string, startHour: number): string {
  const { year, month, day } = momentOf(atMs - startHour * 3_600_000, timeZone);
  return `${year}-${two(month)}-${two(day)}`;
}
