import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { cashRounding, OverflowError } from './money';
import { lineTotal, price, type Bill, type Charges, type Discount, type Line } from './pricing';

const CHARGES: Charges = {
  service_rate_bp: 500,
  service_base: 'before_discount',
  tax_rate_bp: 1_000,
  tax_included: false,
  cash_rounding_unit: 500,
  cash_rounding_mode: 'nearest',
};

interface Vector {
  name: string;
  lines: Line[];
  order_discount: Discount;
  charges: Charges;
  bill: Bill;
  cash_rounding: number;
}

/** The file that the hub's pricing passes too. */
const GOLDEN = new URL('../../../../protocol/tests/golden/pricing.json', import.meta.url);

describe('the vectors shared with the hub', () => {
  const vectors = JSON.parse(readFileSync(GOLDEN, 'utf8')) as Vector[];

  it('are all priced alike', () => {
    expect(vectors.length).toBeGreaterThan(0);
    for (const vector of vectors) {
      const bill = price(vector.lines, vector.order_discount, vector.charges);
      expect(bill, vector.name).toEqual(vector.bill);
      const { cash_rounding_unit: unit, cash_rounding_mode: mode } = vector.charges;
      expect(cashRounding(bill.total, unit, mode), vector.name).toBe(vector.cash_rounding);
    }
  });
});

describe('a bill', () => {
  it("is the tax office of Jakarta's own example", () => {
    const lines = [{ price: 100_000, modifiers: 0, quantity: 1 }];
    expect(price(lines, { percent: 2_000 }, CHARGES)).toEqual({
      subtotal: 100_000,
      discount: 20_000,
      service: 5_000,
      tax: 8_500,
      tax_included: false,
      total: 93_500,
    });
  });

  it('shows a tax that the prices contain, and does not add it', () => {
    const charges = { ...CHARGES, service_rate_bp: 0, tax_included: true };
    const bill = price([{ price: 11_000, modifiers: 0, quantity: 2 }], 'none', charges);
    expect([bill.tax, bill.total]).toEqual([2_000, 22_000]);
  });

  it('never goes below zero by a discount', () => {
    const charges: Charges = { ...CHARGES, service_base: 'after_discount' };
    const bill = price([{ price: 10_000, modifiers: 0, quantity: 1 }], { amount: 50_000 }, charges);
    expect([bill.discount, bill.total]).toEqual([10_000, 0]);
  });

  it('takes line discounts before the order discount', () => {
    const lines: Line[] = [
      { price: 10_000, modifiers: 2_000, quantity: 3, discount: { percent: 1_000 } },
      { price: 5_000, modifiers: 0, quantity: 1, discount: { amount: 9_000 } },
    ];
    const bill = price(lines, { percent: 5_000 }, { ...CHARGES, service_rate_bp: 0, tax_rate_bp: 0 });
    expect(bill).toMatchObject({ subtotal: 41_000, discount: 3_600 + 5_000 + 16_200, total: 16_200 });
  });

  it('rounds each charge half-up, once', () => {
    const bill = price([{ price: 5, modifiers: 0, quantity: 1 }], 'none', {
      ...CHARGES,
      service_rate_bp: 1_000,
    });
    expect([bill.service, bill.tax, bill.total]).toEqual([1, 1, 7]);
  });

  it('refuses what cannot be exact rather than wrapping', () => {
    const huge = { price: Number.MAX_SAFE_INTEGER, modifiers: 0, quantity: 9_999 };
    expect(() => lineTotal(huge)).toThrow(OverflowError);
    expect(() => price([huge, huge], 'none', CHARGES)).toThrow(OverflowError);
  });
});

describe('cash rounding', () => {
  it.each([
    [93_449, 100, 'down', -49],
    [93_449, 100, 'nearest', -49],
    [93_450, 100, 'nearest', 50],
    [93_401, 500, 'up', 99],
    [93_500, 500, 'up', 0],
    [93_499, 1, 'up', 0],
    [93_499, 0, 'up', 0],
    [-149, 100, 'down', -51],
  ] as const)('of %i to %i, %s, adds %i', (amount, unit, mode, delta) => {
    expect(cashRounding(amount, unit, mode)).toBe(delta);
  });
});
