/** What came of each row of an import, and how it is told. */

import { writeCsv } from './csv';
import type { AddRow, ChangeRow, PlanRow } from './menu-csv';

export type ToDo = AddRow | ChangeRow;
export type Outcome = { did: 'done' } | { did: 'refused'; words: string };

export const toDo = (rows: readonly PlanRow[]): ToDo[] =>
  rows.filter((row): row is ToDo => row.kind === 'add' || row.kind === 'change');

export interface Words {
  kind: (kind: PlanRow['kind'] | 'waiting') => string;
  reason: (row: PlanRow & { kind: 'refused' }) => string;
}

/** Every row of the file with what became of it, as a table of its own. */
export function resultCsv(
  rows: readonly PlanRow[],
  outcomes: ReadonlyMap<number, Outcome>,
  words: Words,
): string {
  const told = rows.map((row) => {
    const at = [String(row.line), row.sku, row.name];
    if (row.kind === 'refused') return [...at, words.kind('refused'), words.reason(row)];
    if (row.kind === 'same') return [...at, words.kind('same'), ''];
    const outcome = outcomes.get(row.line);
    if (!outcome) return [...at, words.kind('waiting'), ''];
    return outcome.did === 'refused'
      ? [...at, words.kind('refused'), outcome.words]
      : [...at, words.kind(row.kind), ''];
  });
  return writeCsv([['line', 'sku', 'name', 'result', 'reason'], ...told]);
}
