import { describe, expect, it } from 'vitest';
import { cardOf } from './board';
import { fillColumns, rowsOf, type Heights } from './shelf';
import type { Ticket } from './tickets';

const heights = (rows: number[], foot = 20): Heights => ({ head: 20, again: 10, rows, foot });
const ticket = (key: string, ...rows: number[]) => ({ key, heights: heights(rows) });

/** Columns in short words: `a0-2` are rows 0 and 1 of ticket a; `|` marks its end. */
const words = (columns: ReturnType<typeof fillColumns>) =>
  columns.map((column) =>
    column.map((part) => `${part.key}${part.from}-${part.to}${part.isLast ? '|' : ''}`).join(' '),
  );

describe('the columns of a kitchen screen', () => {
  it('are filled downwards, then to the right', () => {
    const tickets = [ticket('a', 10, 10), ticket('b', 10), ticket('c', 10)];
    expect(words(fillColumns(tickets, 120, 5))).toEqual(['a0-2| b0-1|', 'c0-1|']);
  });

  it('break a ticket between its lines', () => {
    expect(words(fillColumns([ticket('a', 30, 30, 30, 30)], 100, 5))).toEqual(['a0-2', 'a2-4|']);
  });

  it('leave no head alone, and no button', () => {
    const tickets = [ticket('a', 30), ticket('b', 30, 30)];
    expect(words(fillColumns(tickets, 100, 5))).toEqual(['a0-1|', 'b0-2|']);
    expect(words(fillColumns([ticket('a', 40, 30)], 100, 5))).toEqual(['a0-1', 'a1-2|']);
  });

  it('set a line that is taller than the screen all the same', () => {
    expect(words(fillColumns([ticket('a', 10), ticket('b', 500, 10)], 100, 5))).toEqual([
      'a0-1|',
      'b0-1',
      'b1-2|',
    ]);
    expect(words(fillColumns([{ key: 'a', heights: heights([500], 500) }], 100, 5))).toEqual(['a0-1|']);
  });

  it('are one where there is no height', () => {
    const tickets = Array.from({ length: 30 }, (_, index) => ticket(`t${index}`, 40, 40));
    expect(fillColumns(tickets, Infinity, 5)).toHaveLength(1);
  });

  it('take tickets without a line', () => {
    expect(words(fillColumns([ticket('a'), ticket('b'), ticket('c')], 90, 5))).toEqual([
      'a0-0| b0-0|',
      'c0-0|',
    ]);
    expect(fillColumns([], 90, 5)).toEqual([]);
  });

  it('hold every line of every ticket once, in order, whatever the heights', () => {
    let seed = 3;
    const chance = () => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;
    for (let turn = 0; turn < 300; turn += 1) {
      const tickets = Array.from({ length: 12 }, (_, index) =>
        ticket(`t${index}`, ...Array.from({ length: Math.floor(chance() * 9) }, () => 20 + chance() * 90)),
      );
      const parts = fillColumns(tickets, 150 + chance() * 600, 12).flat();
      for (const { key, heights: of } of tickets) {
        const own = parts.filter((part) => part.key === key);
        expect(own.flatMap((part) => of.rows.slice(part.from, part.to))).toEqual(of.rows);
        expect(own.filter((part) => part.isFirst)).toHaveLength(1);
        expect(own.filter((part) => part.isLast)).toHaveLength(1);
        expect(own.at(-1)?.isLast).toBe(true);
      }
      expect(parts.filter((part) => part.isFirst).map((part) => part.key)).toEqual(
        tickets.map(({ key }) => key),
      );
    }
  });
});

describe('the rows of a ticket', () => {
  it('are its notes, its items, and each addition below its own heading', () => {
    const item = (id: string, round: number, station = 'dapur') => ({
      id,
      name: id,
      quantity: 1,
      modifiers: [],
      notes: '',
      station,
      status: 'sent' as const,
      round,
    });
    const whole: Ticket = {
      key: 't',
      number: '1',
      type: null,
      table: '',
      customer: '',
      notes: 'cepat',
      status: 'sent',
      word: '',
      reason: '',
      items: [item('a', 0), item('c', 1), item('b', 0), item('d', 0, 'bar')],
      rounds_ms: [1, 2],
      updated_ms: 1,
      seq: 1,
      seen: false,
    };
    const ids = (of: Ticket, station: string | null) => {
      const card = cardOf(of, station);
      return card && rowsOf(card).map((row) => row.id);
    };
    expect(ids(whole, null)).toEqual(['notes', 'a', 'b', 'd', 'round-1', 'c']);
    expect(ids(whole, 'dapur')).toEqual(['notes', 'a', 'b', 'round-1', 'c', 'elsewhere']);
    expect(ids({ ...whole, status: 'cancelled' }, 'dapur')?.[0]).toBe('cancelled');
  });
});
