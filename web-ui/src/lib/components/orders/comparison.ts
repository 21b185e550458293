/** Both breakdowns of a bill on which the till and the hub do not agree, line beside line. */

import type { Catalogue } from '$lib/domain/catalogue';
import type { OutboxRow } from '$lib/domain/outbox';
import { price, promotedBy, type Bill, type Charges } from '$lib/domain/pricing';
import { i18n } from '$lib/i18n/index.svelte';

export interface Comparison {
  lines: { label: string; ours: number | null; theirs: number | null; differs: boolean }[];
  hubTotal: number | null;
}

/** The bill at the prices of the menu as it is now: what the hub has most likely charged. */
function atMenuPrices(row: OutboxRow, catalogue: Catalogue, charges: Charges): Bill | null {
  if (row.task.kind !== 'order') return null;
  const lines = [];
  for (const item of row.task.body.items) {
    const product = catalogue.product(item.product);
    const modifiers = item.modifiers.map((id) => catalogue.modifier(id));
    if (!product || modifiers.includes(undefined)) return null;
    const extra = modifiers.reduce((sum, modifier) => sum + (modifier?.price ?? 0), 0);
    lines.push({ price: product.price, modifiers: extra, quantity: item.quantity });
  }
  try {
    return price(lines, 'none', charges);
  } catch {
    return null;
  }
}

/** Every promotion of either bill, with what it takes off each. */
function promotions(our: Bill, their: Bill) {
  const all = [...(our.promotions ?? []), ...(their.promotions ?? [])];
  const of = (bill: Bill, id: string) => bill.promotions?.find((each) => each.id === id)?.amount ?? 0;
  const named = new Map(all.map(({ id, name }) => [id, name]));
  return [...named].map(([id, name]) => ({ name, ours: of(our, id), hubs: of(their, id) }));
}

export function comparison(
  row: OutboxRow,
  catalogue: Catalogue,
  charges: Charges | null,
  ourBill: Bill | null = null,
): Comparison | null {
  const { refusal } = row;
  if (row.task.kind !== 'order' || !refusal || refusal.code !== 'total_differs' || !charges) return null;
  const now = atMenuPrices(row, catalogue, charges);
  const hubTotal = refusal.hub_total ?? now?.total ?? null;
  // Prices of today that lead to another total than the hub's explain nothing.
  const theirs = refusal.hub_bill ?? (now?.total === hubTotal ? now : null);
  const { t } = i18n;
  const line = (label: string, our: number | null | undefined, their: number | null | undefined) => ({
    label,
    ours: our ?? null,
    theirs: their ?? null,
    differs: our !== undefined && their !== undefined && our !== their,
  });
  const parts =
    theirs && ourBill
      ? [
          line(t.bill.subtotal, ourBill.subtotal, theirs.subtotal),
          ...promotions(ourBill, theirs).map(({ name, ours, hubs }) => line(name, -ours, -hubs)),
          line(t.bill.discount, promotedBy(ourBill) - ourBill.discount, promotedBy(theirs) - theirs.discount),
          line(t.bill.service('').trim(), ourBill.service, theirs.service),
          line(t.bill.tax('').trim(), ourBill.tax, theirs.tax),
        ].filter((part) => part.ours !== 0 || part.theirs !== 0)
      : [];
  return {
    lines: [...parts, line(t.bill.total, refusal.our_total, hubTotal)],
    hubTotal,
  };
}
