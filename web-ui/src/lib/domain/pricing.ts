/**
 * The bill: from item lines to the total, each charge on its own line.
 *
 * The twin of `protocol/src/pricing.rs`; both pass `protocol/tests/golden/pricing.json`. Order of charges: item
 * lines, discounts (lines', promotions', the order's), service charge, tax. Cash rounding belongs to the part that is paid in cash.
 */

import type { AppliedPromotion, Minor, Outlet, RoundingMode, ServiceBase } from '$lib/api/types';
import { checked, percent, ratioHalfUp, toMinor, WHOLE_BP } from './money';

/** The outlet's charges. */
export interface Charges {
  service_rate_bp: number;
  service_base: ServiceBase;
  tax_rate_bp: number;
  tax_included: boolean;
  cash_rounding_unit: Minor;
  cash_rounding_mode: RoundingMode;
}

/** A reduction of a line or of an order: a share in basis points, or a fixed amount. */
export type Discount = 'none' | { percent: number } | { amount: Minor };

/** One item line as pricing sees it: price and modifiers are those of one. */
export interface Line {
  price: Minor;
  modifiers: Minor;
  quantity: number;
  discount?: Discount;
}

/** A priced order, every charge on its own line. `total` is before cash rounding. */
export interface Bill {
  subtotal: Minor;
  discount: Minor;
  service: Minor;
  tax: Minor;
  tax_included: boolean;
  total: Minor;
  /** What of `discount` are promotions, first to last; left out where there are none. */
  promotions?: readonly AppliedPromotion[];
}

/** What of a bill's discounts are promotions. */
export const promotedBy = (bill: Pick<Bill, 'promotions'>): Minor =>
  (bill.promotions ?? []).reduce((sum, { amount }) => sum + amount, 0);

/** Nothing sold yet. */
export const EMPTY_BILL: Bill = {
  subtotal: 0,
  discount: 0,
  service: 0,
  tax: 0,
  tax_included: false,
  total: 0,
};

/** The charges among an outlet's settings. */
export function chargesOf(outlet: Outlet): Charges {
  return {
    service_rate_bp: outlet.service_rate_bp,
    service_base: outlet.service_base,
    tax_rate_bp: outlet.tax_rate_bp,
    tax_included: outlet.tax_included,
    cash_rounding_unit: outlet.cash_rounding_unit,
    cash_rounding_mode: outlet.cash_rounding_mode,
  };
}

/** What a discount takes off `amount`: never more than there is. */
export function off(discount: Discount, amount: bigint): bigint {
  if (discount === 'none') return 0n;
  const wanted = 'percent' in discount ? percent(amount, discount.percent) : BigInt(discount.amount);
  const most = amount > 0n ? amount : 0n;
  if (wanted < 0n) return 0n;
  return wanted > most ? most : wanted;
}

/** `(price + modifiers) × quantity`, before discount, unrounded. */
export function grossOf(line: Line): bigint {
  return checked(checked(BigInt(line.price) + BigInt(line.modifiers)) * BigInt(line.quantity));
}

/** `(price + modifiers) × quantity`, before discount. */
export function lineTotal(line: Line): Minor {
  return toMinor(grossOf(line));
}

/**
 * Prices lines and an order discount under an outlet's charges, with what promotions take off in between. Throws
 * `OverflowError`, never wraps.
 */
export function price(
  lines: readonly Line[],
  orderDiscount: Discount,
  charges: Charges,
  promotions: readonly AppliedPromotion[] = [],
): Bill {
  let subtotal = 0n;
  let discount = 0n;
  for (const line of lines) {
    const gross = grossOf(line);
    subtotal = checked(subtotal + gross);
    discount = checked(discount + off(line.discount ?? 'none', gross));
  }
  discount = checked(discount + off({ amount: promotedBy({ promotions }) }, subtotal - discount));
  discount = checked(discount + off(orderDiscount, subtotal - discount));
  const afterDiscount = subtotal - discount;
  const serviceBase = charges.service_base === 'before_discount' ? subtotal : afterDiscount;
  const service = percent(serviceBase, charges.service_rate_bp);
  const taxable = checked(afterDiscount + service);
  const rate = BigInt(charges.tax_rate_bp);
  const tax = charges.tax_included
    ? ratioHalfUp(taxable, rate, WHOLE_BP + rate)
    : percent(taxable, charges.tax_rate_bp);
  const total = charges.tax_included ? taxable : checked(taxable + tax);
  return {
    subtotal: toMinor(subtotal),
    discount: toMinor(discount),
    service: toMinor(service),
    tax: toMinor(tax),
    tax_included: charges.tax_included,
    total: toMinor(total),
    ...(promotions.length === 0 ? {} : { promotions }),
  };
}
