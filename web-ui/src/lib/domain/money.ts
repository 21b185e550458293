/**
 * Amounts: integers in the currency's minor unit, with checked arithmetic and one rounding rule.
 *
 * The twin of `protocol/src/money.rs`. `bigint` inside, so that nothing is ever rounded by accident; on the wire
 * and in the pages an amount is a `number`, which is exact as long as `toMinor` lets it pass.
 */

import type { Minor, RoundingMode } from '$lib/api/types';

/** One whole in basis points. */
export const WHOLE_BP = 10_000n;

/** The hub counts in 64 bits; what does not fit there is an error here too. */
const INT64_MAX = 2n ** 63n - 1n;
const INT64_MIN = -(2n ** 63n);

/** An amount left the range of what can be exact. */
export class OverflowError extends Error {
  override name = 'OverflowError';

  constructor() {
    super('the amount is larger than can be kept exactly');
  }
}

/** Lets pass what the hub can count. */
export function checked(amount: bigint): bigint {
  if (amount > INT64_MAX || amount < INT64_MIN) throw new OverflowError();
  return amount;
}

/** A `number` for the wire and the page, if it is exact. */
export function toMinor(amount: bigint): Minor {
  const number = Number(amount);
  if (!Number.isSafeInteger(number)) throw new OverflowError();
  return number;
}

const abs = (value: bigint) => (value < 0n ? -value : value);

/** `amount × numerator / denominator`, rounded half-up (halves away from zero). Once per charge line. */
export function ratioHalfUp(amount: bigint, numerator: bigint, denominator: bigint): bigint {
  const product = amount * numerator;
  const magnitude = (abs(product) * 2n + denominator) / (denominator * 2n);
  return checked(product < 0n ? -magnitude : magnitude);
}

/** A percentage of an amount, half-up to the minor unit. */
export function percent(amount: bigint, rateBp: number): bigint {
  return ratioHalfUp(amount, BigInt(rateBp), WHOLE_BP);
}

/** What must be added to `amount` so that it is payable in coins of `unit`; zero for a unit of 0 or 1. */
export function cashRounding(amount: Minor, unit: Minor, mode: RoundingMode): Minor {
  if (unit <= 1) return 0;
  const whole = BigInt(amount);
  const coin = BigInt(unit);
  const below = ((whole % coin) + coin) % coin;
  const up = below === 0n ? 0n : coin - below;
  let delta = -below;
  if (mode === 'up' || (mode === 'nearest' && below * 2n >= coin)) delta = up;
  checked(whole + delta);
  return toMinor(delta);
}
