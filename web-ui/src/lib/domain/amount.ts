/** Amounts as people write them. */

import type { Minor } from '$lib/api/types';

/** Thousands apart by one sign or none, then perhaps a part behind the other sign. */
const WRITTEN = /^(\d{1,3}(?:([.,])\d{3})(?:\2\d{3})*|\d+)(?:([.,])(\d{1,3}))?$/;

/**
 * `12.500`, `12,500`, `Rp 12.500,00` and `12500` are all the same where the currency has no cents; `12,50` is
 * nothing there. `null` for whatever cannot be an amount: better refused than guessed.
 */
export function parseAmount(text: string, exponent = 0): Minor | null {
  const bare = text
    .replace(/[\s\u00a0\u202f]/g, '')
    .replace(/^(?:rp\.?|idr)/i, '')
    .replace(/,-$/, '');
  const match = WRITTEN.exec(bare);
  if (!match) return null;
  const [, whole = '', group, decimal, part = ''] = match;
  // The same sign cannot part thousands and cents.
  if (decimal !== undefined && decimal === group) return null;
  // With three digits behind the point, `1.250` may be either: the smaller reading is that of such a currency.
  if (exponent === 3 && group !== undefined && decimal === undefined && whole.split(group).length === 2) {
    return safe(whole.replace(group, ''));
  }
  if (/[1-9]/.test(part.slice(exponent))) return null;
  return safe(whole.replace(/[.,]/g, '') + part.slice(0, exponent).padEnd(exponent, '0'));
}

function safe(digits: string): Minor | null {
  const amount = Number(digits);
  return Number.isSafeInteger(amount) ? amount : null;
}

/** The digits of a field in which an amount is typed, from the right: what a till's keypad does. */
export function typedAmount(text: string): Minor | null {
  const digits = text.replace(/\D/g, '').slice(0, 13);
  return digits === '' ? null : Number(digits);
}

/** For files: `12500`, or `125.00` where the currency has cents. */
export function plainAmount(minor: Minor, exponent = 0): string {
  if (exponent === 0) return String(minor);
  const digits = String(minor).padStart(exponent + 1, '0');
  return `${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}
