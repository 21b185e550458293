/** What one promotion takes off each line, of what is left of them. The twin of `protocol/src/promotion/take.rs`. */

import type { Promotion } from '$lib/api/types';
import { percent } from './money';
import type { Priced } from './promotion';

const FREE_BP = 10_000;

const sum = (amounts: readonly bigint[]) => amounts.reduce((total, amount) => total + amount, 0n);

const isWithin = ({ scope, categories, products }: Promotion, { product, category }: Priced) =>
  scope === 'order' ||
  (scope === 'category'
    ? category !== null && categories.includes(category)
    : product !== null && products.includes(product));

export function take(promotion: Promotion, lines: readonly Priced[], left: readonly bigint[]): bigint[] {
  const of = lines.map((line, at) => (isWithin(promotion, line) ? (left[at] ?? 0n) : 0n));
  switch (promotion.kind) {
    case 'percent':
      return spread(percent(sum(of), promotion.percent_bp ?? 0), of);
    case 'amount': {
      const [wanted, most] = [BigInt(promotion.amount ?? 0), sum(of)];
      return spread(wanted < most ? wanted : most, of);
    }
    case 'buy_get': {
      const units = runs(lines, left, (line) => isWithin(promotion, line));
      const got = buyGet(units, lines.length, promotion.buy_quantity ?? 1, promotion.get_quantity ?? 0);
      return spread(percent(sum(got), promotion.percent_bp ?? FREE_BP), got);
    }
    case 'bundle':
      return bundle(promotion, lines, left);
    default:
      // A kind of a newer hub: what it takes off, the hub says.
      return lines.map(() => 0n);
  }
}

/** Units of a line that are worth the same. */
interface Run {
  line: number;
  value: bigint;
  count: number;
}

/** The units of lines, dearest first; equal ones in the order of their lines. */
function runs(lines: readonly Priced[], left: readonly bigint[], within: (line: Priced) => boolean): Run[] {
  return lines
    .flatMap((line, at) => {
      if (!within(line) || line.quantity < 1) return [];
      const quantity = BigInt(line.quantity);
      const value = (left[at] ?? 0n) / quantity;
      const dearer = Number((left[at] ?? 0n) % quantity);
      return [
        { line: at, value: value + 1n, count: dearer },
        { line: at, value, count: line.quantity - dearer },
      ].filter(({ count }) => count > 0);
    })
    .sort((a, b) => (a.value === b.value ? a.line - b.line : a.value > b.value ? -1 : 1));
}

/** Of the units, dearest first, each so many are paid and the next so many are got. */
function buyGet(units: readonly Run[], lines: number, buy: number, get: number): bigint[] {
  const before = (count: number) =>
    Math.floor(count / (buy + get)) * get + Math.max(0, (count % (buy + get)) - buy);
  const got = new Array<bigint>(lines).fill(0n);
  let first = 0;
  for (const { line, value, count } of units) {
    got[line] = (got[line] ?? 0n) + value * BigInt(before(first + count) - before(first));
    first += count;
  }
  return got;
}

/** As many bundles as the lines hold, of the dearest units that fit, as long as each is worth more than its price. */
function bundle(promotion: Promotion, lines: readonly Priced[], left: readonly bigint[]): bigint[] {
  const price = BigInt(promotion.amount ?? 0);
  // What only one product fills picks before what any of a category fills.
  const parts = [
    ...promotion.parts.filter(({ product }) => product !== null),
    ...promotion.parts.filter(({ product }) => product === null),
  ];
  const units = runs(lines, left, () => true);
  const isWorth = (bundles: number) => {
    const withIt = pick(lines, units, parts, bundles);
    const without = pick(lines, units, parts, bundles - 1);
    return withIt !== null && without !== null && sum(withIt) - sum(without) > price;
  };
  let made = 0;
  let tooMany = units.reduce((total, { count }) => total + count, 0) + 1;
  while (made + 1 < tooMany) {
    const middle = Math.floor((made + tooMany) / 2);
    if (isWorth(middle)) made = middle;
    else tooMany = middle;
  }
  const picked = pick(lines, units, parts, made) ?? lines.map(() => 0n);
  return spread(sum(picked) - price * BigInt(made), picked);
}

/** What is picked of each line for so many bundles, or `null` where the lines do not hold them. */
function pick(
  lines: readonly Priced[],
  units: readonly Run[],
  parts: Promotion['parts'],
  bundles: number,
): bigint[] | null {
  const free = units.map(({ count }) => count);
  const picked = lines.map(() => 0n);
  for (const part of parts) {
    let wanted = bundles * part.quantity;
    for (const [at, { line, value }] of units.entries()) {
      const { product, category } = lines[line] ?? { product: null, category: null };
      const fits = part.product === null ? category === part.category : product === part.product;
      if (!fits || (part.product ?? part.category) === null) continue;
      const count = Math.min(wanted, free[at] ?? 0);
      wanted -= count;
      free[at] = (free[at] ?? 0) - count;
      picked[line] = (picked[line] ?? 0n) + value * BigInt(count);
    }
    if (wanted > 0) return null;
  }
  return picked;
}

/** Spreads what is taken off over lines, in proportion to `of`; the shares make the whole. */
function spread(total: bigint, of: readonly bigint[]): bigint[] {
  const whole = sum(of);
  if (whole === 0n || total <= 0n) return of.map(() => 0n);
  let upto = 0n;
  let given = 0n;
  return of.map((part) => {
    upto += part;
    const share = (total * upto) / whole - given;
    given += share;
    return share;
  });
}
