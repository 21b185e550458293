/**
 * How tickets fill the columns of a kitchen screen: oldest first, down and then to the right. A ticket that does
 * not fit below the one before goes on at the top of the next column, under its number; no line is ever cut.
 *
 * The browser's own columns would do it too, but Chromium misses touches on whatever goes on in the next column.
 */

import { isFinal } from './status';
import type { Card } from './board';
import type { TicketItem } from './tickets';

/** What stands below a ticket's head, line by line. */
export type Row =
  | { kind: 'cancelled'; id: string; reason: string }
  | { kind: 'notes'; id: string; text: string }
  | { kind: 'round'; id: string; at_ms: number }
  | { kind: 'item'; id: string; item: TicketItem }
  | { kind: 'elsewhere'; id: string; count: number };

export function rowsOf(card: Card): Row[] {
  const { ticket } = card;
  const rows: Row[] = [];
  if (ticket.status === 'cancelled') rows.push({ kind: 'cancelled', id: 'cancelled', reason: ticket.reason });
  if (ticket.notes !== '') rows.push({ kind: 'notes', id: 'notes', text: ticket.notes });
  const rounds = [...new Set(card.items.map((item) => item.round))].sort((a, b) => a - b);
  for (const round of rounds) {
    if (round > 0) {
      rows.push({ kind: 'round', id: `round-${round}`, at_ms: ticket.rounds_ms[round] ?? card.since_ms });
    }
    for (const item of card.items) {
      if (item.round === round) rows.push({ kind: 'item', id: item.id, item });
    }
  }
  if (card.elsewhere > 0 && !isFinal(ticket.status)) {
    rows.push({ kind: 'elsewhere', id: 'elsewhere', count: card.elsewhere });
  }
  return rows;
}

/** The heights of a ticket's parts, in pixels. */
export interface Heights {
  head: number;
  /** The head of a part that goes on in the next column. */
  again: number;
  rows: readonly number[];
  foot: number;
}

/** The part of a ticket that stands in one column: its rows from `from` up to, not including, `to`. */
export interface Part {
  key: string;
  from: number;
  to: number;
  isFirst: boolean;
  isLast: boolean;
}

interface Place {
  columns: Part[][];
  /** What is left of the last column. */
  left: number;
}

/** Fills columns of `height`; `gap` stands between tickets. Without a height, all of them are one column. */
export function fillColumns(
  tickets: readonly { key: string; heights: Heights }[],
  height: number,
  gap: number,
): Part[][] {
  const place: Place = { columns: [[]], left: height };
  for (const { key, heights } of tickets) {
    if ((place.columns.at(-1)?.length ?? 0) > 0) place.left -= gap;
    setTicket(place, key, heights, height);
  }
  return place.columns.filter((column) => column.length > 0);
}

function setTicket(place: Place, key: string, heights: Heights, height: number): void {
  const count = heights.rows.length;
  let from = 0;
  for (;;) {
    const isEmpty = (place.columns.at(-1)?.length ?? 0) === 0;
    const head = from === 0 ? heights.head : heights.again;
    const fitting = rowsThatFit(heights, from, place.left - head);
    // Never a head alone, unless there is nothing to put below it.
    const hasRoom = count === 0 ? head + heights.foot <= place.left : fitting > from;
    if (!hasRoom && !isEmpty) {
      nextColumn(place, height);
      continue;
    }
    // In a column of its own, one row goes at least, however tall it is.
    const to = Math.min(count, Math.max(fitting, from + 1));
    const rows = heights.rows.slice(from, to).reduce((all, row) => all + row, 0);
    const isLast = to >= count;
    place.columns.at(-1)?.push({ key, from, to, isFirst: from === 0, isLast });
    place.left -= head + rows + (isLast ? heights.foot : 0);
    if (isLast) return;
    from = to;
    nextColumn(place, height);
  }
}

/** Up to which row there is room. The last row only goes where the button below it goes too. */
function rowsThatFit(heights: Heights, from: number, room: number): number {
  let used = 0;
  let to = from;
  for (; to < heights.rows.length; to += 1) {
    const isLast = to === heights.rows.length - 1;
    used += (heights.rows[to] ?? 0) + (isLast ? heights.foot : 0);
    if (used > room) break;
  }
  return to;
}

function nextColumn(place: Place, height: number): void {
  place.columns.push([]);
  place.left = height;
}
