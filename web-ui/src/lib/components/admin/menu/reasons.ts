import type { PlanRow } from '$lib/domain/menu-csv';
import { ROWS_MAX } from '$lib/domain/menu-csv';
import { formatCount } from '$lib/domain/format';
import { resultCsv } from '$lib/domain/import-result';
import { i18n } from '$lib/i18n/index.svelte';
import { menu } from '$lib/i18n/menu';
import type { Fault, MenuImport } from '$lib/state/admin/import.svelte';

/** Why a row of a file cannot be taken. */
export function reasonText({ reason }: PlanRow & { kind: 'refused' }): string {
  const { why: said } = menu.t.csv;
  switch (reason.why) {
    case 'sku_again':
      return said.sku_again(reason.line);
    case 'too_long':
      return said.too_long(reason.column, reason.max);
    case 'category_unknown':
    case 'price':
    case 'is_available':
    case 'shortened':
      return said[reason.why](reason.text);
    default:
      return said[reason.why];
  }
}

export const rowsMaxText = () => formatCount(ROWS_MAX, i18n.locale);

/** Why a whole file cannot be taken. */
export function faultText(fault: Fault): string {
  const { t } = menu;
  switch (fault.fault) {
    case 'away':
      return t.csv.away;
    case 'too_large':
      return t.csv.fault.tooLarge;
    case 'quote':
      return t.csv.fault.quote(fault.line);
    case 'too_many':
      return t.csv.fault.too_many(formatCount(fault.count, i18n.locale), rowsMaxText());
    default:
      return t.csv.fault[fault.fault];
  }
}

export function resultText(job: MenuImport): string {
  return resultCsv(job.rows, job.outcomes, {
    kind: (kind) => menu.t.csv.result_kind[kind],
    reason: reasonText,
  });
}
