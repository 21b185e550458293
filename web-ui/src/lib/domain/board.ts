/** What a kitchen screen shows of its tickets: per station, by age, with what was tapped but not yet confirmed. */

import type { ItemStatus, OrderStatus } from '$lib/api/types';
import { isFinal, statusOfItems } from './status';
import { isDone, withItem, withStatus, type Ticket, type TicketItem } from './tickets';

/** How long a ticket may wait, in milliseconds. */
export interface Thresholds {
  attention_ms: number;
  late_ms: number;
}

export const DEFAULT_THRESHOLDS: Thresholds = { attention_ms: 8 * 60_000, late_ms: 15 * 60_000 };

export type Urgency = 'calm' | 'attention' | 'late';

/** A tap that the hub has not confirmed. */
export type Tap =
  | { kind: 'ticket'; key: string; status: OrderStatus }
  | { kind: 'item'; key: string; item: string; status: ItemStatus };

/** The tickets with the taps on top, as if the hub had said yes. */
export function withTaps(ticket: Ticket, taps: readonly Tap[]): Ticket {
  let next = ticket;
  for (const tap of taps) {
    if (tap.key !== ticket.key) continue;
    if (tap.kind === 'ticket') {
      next = withStatus(next, tap.status);
    } else {
      next = withItem(next, tap.item, tap.status);
      next = { ...next, status: statusOfItems(next.items, next.status) };
    }
  }
  return next;
}

export interface Card {
  ticket: Ticket;
  /** The items of this station. */
  items: TicketItem[];
  /** Items that other stations cook. */
  elsewhere: number;
  /** Where this station's part stands. */
  status: OrderStatus;
  /** Since when the oldest unfinished round waits. */
  since_ms: number;
}

/** A ticket as one station sees it; nothing where the station has no part in it. */
export function cardOf(ticket: Ticket, station: string | null): Card | null {
  const items = station === null ? ticket.items : ticket.items.filter((item) => item.station === station);
  if (items.length === 0 && station !== null) return null;
  const status =
    station === null || isFinal(ticket.status) ? ticket.status : statusOfItems(items, ticket.status);
  const waiting = items.filter((item) => item.status !== 'voided' && item.status !== 'served');
  const rounds = (waiting.length > 0 ? waiting : items).map(
    (item) => ticket.rounds_ms[item.round] ?? ticket.rounds_ms[0] ?? 0,
  );
  return {
    ticket,
    items,
    elsewhere: ticket.items.length - items.length,
    status,
    since_ms: rounds.length > 0 ? Math.min(...rounds) : (ticket.rounds_ms[0] ?? 0),
  };
}

const byAge = (a: Card, b: Card) =>
  (a.ticket.rounds_ms[0] ?? 0) - (b.ticket.rounds_ms[0] ?? 0) || a.ticket.key.localeCompare(b.ticket.key);

/** Cards to be worked on, oldest first. A cancelled ticket stays until someone has seen it. */
export function openCards(tickets: Iterable<Ticket>, station: string | null): Card[] {
  const cards: Card[] = [];
  for (const ticket of tickets) {
    const isUnseenCancel = ticket.status === 'cancelled' && !ticket.seen;
    if (isDone(ticket) && !isUnseenCancel) continue;
    const card = cardOf(ticket, station);
    if (card && (isUnseenCancel || card.status !== 'served')) cards.push(card);
  }
  return cards.sort(byAge);
}

/** How many tickets the recall list keeps. */
export const RECALL_MAX = 40;

/** Tickets that left the screen, last first. */
export function doneCards(tickets: Iterable<Ticket>, station: string | null): Card[] {
  const cards: Card[] = [];
  for (const ticket of tickets) {
    const card = cardOf(ticket, station);
    if (card && (isDone(ticket) || card.status === 'served')) {
      if (ticket.status !== 'cancelled' || ticket.seen) cards.push(card);
    }
  }
  return cards.sort((a, b) => b.ticket.updated_ms - a.ticket.updated_ms).slice(0, RECALL_MAX);
}

/** The step that the big button makes. */
export function nextStep(status: OrderStatus): 'preparing' | 'ready' | 'served' | null {
  if (status === 'sent' || status === 'open') return 'preparing';
  if (status === 'preparing') return 'ready';
  return status === 'ready' ? 'served' : null;
}

/** The step that a recall makes: back on the screen, as ready; what is closed stays closed. */
export const recallStep = (status: OrderStatus): 'ready' | 'preparing' | null =>
  status === 'served' ? 'ready' : status === 'ready' ? 'preparing' : null;

export function urgencyOf(ageMs: number, thresholds: Thresholds): Urgency {
  if (ageMs >= thresholds.late_ms) return 'late';
  return ageMs >= thresholds.attention_ms ? 'attention' : 'calm';
}

/** How full the age bar is: 0 fresh, 1 late. */
export const ageShare = (ageMs: number, thresholds: Thresholds): number =>
  Math.min(1, Math.max(0, ageMs / thresholds.late_ms));

export interface Tally {
  name: string;
  quantity: number;
}

/** How many of each are still to be cooked, over all tickets; the most first. */
export function allDay(cards: readonly Card[]): Tally[] {
  const counts = new Map<string, number>();
  for (const card of cards) {
    if (isFinal(card.ticket.status)) continue;
    for (const item of card.items) {
      if (item.status !== 'sent' && item.status !== 'preparing' && item.status !== 'open') continue;
      counts.set(item.name, (counts.get(item.name) ?? 0) + item.quantity);
    }
  }
  return [...counts]
    .map(([name, quantity]) => ({ name, quantity }))
    .sort((a, b) => b.quantity - a.quantity || a.name.localeCompare(b.name));
}

/** What the fold no longer needs to keep: done tickets beyond the recall list. */
export function forgettable(tickets: Iterable<Ticket>): string[] {
  const done = [...tickets].filter(
    (ticket) => isDone(ticket) && (ticket.status !== 'cancelled' || ticket.seen),
  );
  return done
    .sort((a, b) => b.updated_ms - a.updated_ms)
    .slice(RECALL_MAX * 2)
    .map((ticket) => ticket.key);
}
