/** Cash: what is to be handed over, what notes a guest is likely to hand over, and what goes back. Pure. */

import type { Minor } from '$lib/api/types';
import { cashRounding } from './money';
import type { Task } from './outbox';
import type { Charges } from './pricing';

/** The notes in a guest's purse, in whole units of the currency, small first. */
const NOTES: Record<string, readonly number[]> = {
  IDR: [1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000],
};
const NOTES_ELSEWHERE: readonly number[] = [1, 5, 10, 20, 50, 100];

/** Most buttons for quick cash, besides the exact amount. */
const QUICK_MAX = 3;

/** What `due` becomes when it is paid in coins that exist. */
export function payableInCash(due: Minor, charges: Charges): { rounding: Minor; payable: Minor } {
  const rounding = cashRounding(due, charges.cash_rounding_unit, charges.cash_rounding_mode);
  return { rounding, payable: due + rounding };
}

/** Amounts above the exact one that a guest is likely to hand over: the next multiple of each note, small first. */
export function quickCash(payable: Minor, currency: string, exponent: number): Minor[] {
  if (payable <= 0) return [];
  const notes = (NOTES[currency] ?? NOTES_ELSEWHERE).map((note) => note * 10 ** exponent);
  const above = notes.map((note) => Math.ceil(payable / note) * note).filter((amount) => amount > payable);
  const distinct = [...new Set(above)].sort((a, b) => a - b);
  // The largest are the likeliest: a bill of 93.500 is paid with 100.000 more often than with 94.000.
  return distinct.slice(-QUICK_MAX);
}

/** What goes back; negative while it is not enough. */
export const changeOf = (tendered: Minor, payable: Minor): Minor => tendered - payable;

/** A payment that came with its order, after the order's total was corrected; nothing where it need not change. */
export function correctedPayment(
  task: Extract<Task, { kind: 'payment' }>,
  was: Minor,
  total: Minor,
  charges: Charges,
): Extract<Task, { kind: 'payment' }> | null {
  if (!task.with_order || task.body.amount !== was || was === total) return null;
  if (task.body.method !== 'cash') {
    // What the terminal took stands: more than the new total it cannot settle, less is less.
    return total < was ? { ...task, body: { ...task.body, amount: total } } : null;
  }
  const tendered = task.body.tendered ?? was;
  const { rounding, payable } = payableInCash(total, charges);
  // Too little for the new total: it settles what it settled before, and the rest stays due.
  if (tendered < payable) return null;
  return { ...task, body: { ...task.body, amount: total }, rounding, change: tendered - payable };
}

/** Longest amount that can be keyed in, in digits: as far as the hub takes one. */
const DIGITS_MAX = 12;

/** A key on the pad: a digit, several zeros, or a step back. */
export function keyIn(amount: Minor, key: string): Minor {
  if (key === 'back') return Math.floor(amount / 10);
  if (key === 'clear') return 0;
  const text = `${amount === 0 ? '' : amount}${key}`.replace(/^0+/, '');
  return text.length > DIGITS_MAX ? amount : Number(text === '' ? '0' : text);
}
