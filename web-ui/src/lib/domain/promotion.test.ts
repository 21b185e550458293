import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Promotion } from '$lib/api/types';
import { price, type Bill, type Charges, type Discount } from './pricing';
import { byCode, openOnes, runsAt, weigh, type Priced } from './promotion';

interface Vector {
  name: string;
  time_zone: string;
  at_ms: number;
  codes: string[];
  promotions: Promotion[];
  lines: Priced[];
  order_discount: Discount;
  charges: Charges;
  applied: { id: string; amount: number }[];
  bill: Bill;
}

/** The file that the hub's engine passes too. */
const GOLDEN = new URL('../../../../protocol/tests/golden/promotions.json', import.meta.url);
const vectors = JSON.parse(readFileSync(GOLDEN, 'utf8')) as Vector[];

/** Three in the afternoon of Sunday, 22 November 2026, in Jakarta. */
const THREE = Date.parse('2026-11-22T15:00:00+07:00');
const JAKARTA = 'Asia/Jakarta';

const base = vectors[0]?.promotions[0] as Promotion;
const of = (fields: Partial<Promotion>): Promotion => ({ ...base, ...fields });

describe('the vectors shared with the hub', () => {
  it('are all weighed and priced alike, in whatever order the promotions come', () => {
    expect(vectors.length).toBeGreaterThan(100);
    for (const vector of vectors) {
      for (const promotions of [vector.promotions, vector.promotions.toReversed()]) {
        const applied = weigh(openOnes(promotions, vector), vector.lines);
        expect(
          applied.map(({ id, amount }) => ({ id, amount })),
          vector.name,
        ).toEqual(vector.applied);
        const bill = price(vector.lines, vector.order_discount, vector.charges, applied);
        delete bill.promotions;
        expect(bill, vector.name).toEqual(vector.bill);
      }
    }
  });
});

describe('a window', () => {
  it('past midnight belongs to the day on which it began', () => {
    const friday = of({ days: [5], start_time: '22:00', end_time: '02:00' });
    const runs = (text: string) => runsAt(friday, Date.parse(text), JAKARTA);
    expect(runs('2026-11-20T22:00:00+07:00')).toBe(true);
    expect(runs('2026-11-21T01:59:59+07:00')).toBe(true);
    expect(runs('2026-11-21T02:00:00+07:00')).toBe(false);
    expect(runs('2026-11-21T22:30:00+07:00')).toBe(false);
  });

  it('is one of the outlet, not of the browser', () => {
    const happy = of({ start_time: '15:00', end_time: '17:00' });
    expect(runsAt(happy, THREE, JAKARTA)).toBe(true);
    expect(runsAt(happy, THREE, 'Asia/Jayapura')).toBe(false);
  });
});

describe('a code', () => {
  const terms = { codes: [], at_ms: THREE, time_zone: JAKARTA };
  const code = of({ trigger: 'code', code: 'Hemat10' });

  it('is found without case, and says why it brings nothing', () => {
    expect(byCode([code], 'HEMAT10', terms)).toEqual({ promotion: code });
    expect(byCode([code], 'LAIN', terms)).toEqual({ why: 'unknown' });
    expect(byCode([{ ...code, is_active: false }], 'hemat10', terms)).toEqual({ why: 'off' });
    expect(byCode([{ ...code, max_uses: 2, uses: 2 }], 'hemat10', terms)).toEqual({ why: 'used_up' });
    expect(byCode([{ ...code, end_date: '2026-11-21' }], 'hemat10', terms)).toEqual({ why: 'not_now' });
  });

  it('has to be named', () => {
    expect(openOnes([code], terms)).toEqual([]);
    expect(openOnes([code], { ...terms, codes: ['hemat10'] })).toEqual([code]);
  });
});
