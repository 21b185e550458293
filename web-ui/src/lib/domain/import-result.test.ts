import { expect, it } from 'vitest';
import { resultCsv, toDo } from './import-result';
import type { PlanRow } from './menu-csv';

const rows: PlanRow[] = [
  { kind: 'same', line: 2, sku: 'M1', name: 'A' },
  { kind: 'add', line: 3, sku: 'M2', name: 'B', body: { id: 'b' } },
  { kind: 'change', line: 4, sku: 'M3', name: 'C', id: 'c', body: { price: 1 }, differences: [] },
  { kind: 'change', line: 5, sku: 'M4', name: 'D', id: 'd', body: { price: 1 }, differences: [] },
  { kind: 'refused', line: 6, sku: '', name: 'E', reason: { why: 'no_sku' } },
];

it('tells of every row', () => {
  const outcomes = new Map([
    [3, { did: 'done' } as const],
    [4, { did: 'refused', words: 'no' } as const],
  ]);
  const text = resultCsv(rows, outcomes, { kind: (kind) => kind, reason: (row) => row.reason.why });
  expect(text.slice(1).trim().split('\r\n')).toEqual([
    'line,sku,name,result,reason',
    '2,M1,A,same,',
    '3,M2,B,add,',
    '4,M3,C,refused,no',
    '5,M4,D,waiting,',
    '6,,E,refused,no_sku',
  ]);
  expect(toDo(rows).map((row) => row.line)).toEqual([3, 4, 5]);
});
