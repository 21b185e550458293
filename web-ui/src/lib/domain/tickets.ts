/**
 * The kitchen's tickets: a fold of the stream. A message that was heard before changes nothing, one for a ticket
 * that this screen does not know says so, and what old tills sent in free form is read as well as it can be.
 */

import type {
  Change,
  ItemStatus,
  LedgerMessage,
  Order,
  OrderStatus,
  OrderType,
  WireId,
} from '$lib/api/types';
import { isFinal, itemStatusOfOrder, statusFromWord, typeFromWord } from './status';
import { uuidTimeMs } from './uuid';

export interface TicketItem {
  id: string;
  name: string;
  quantity: number;
  modifiers: string[];
  notes: string;
  station: string;
  status: ItemStatus;
  /** 0 came with the order; others are additions. */
  round: number;
}

export interface Ticket {
  /** The order's id as text. */
  key: string;
  number: string;
  type: OrderType | null;
  table: string;
  customer: string;
  notes: string;
  status: OrderStatus;
  /** A status word of an old screen that is none of ours. */
  word: string;
  reason: string;
  items: TicketItem[];
  /** When each round came; the first is the order itself. */
  rounds_ms: number[];
  updated_ms: number;
  /** The last message that it contains. */
  seq: number;
  /** A cancelled ticket stays until someone has seen it. */
  seen: boolean;
}

type Bag = Record<string, unknown>;
const isBag = (value: unknown): value is Bag =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The first of some names under which old tills may have put a text. */
function text(bag: Bag, ...names: string[]): string {
  for (const name of names) {
    const value = bag[name];
    if (typeof value === 'string') return value.trim();
    if (typeof value === 'number') return String(value);
    if (isBag(value) && typeof value.name === 'string') return value.name;
  }
  return '';
}

function timeMs(value: unknown): number | null {
  if (typeof value === 'number' && Number.isFinite(value)) return value < 1e11 ? value * 1000 : value;
  if (typeof value !== 'string') return null;
  const parsed = Date.parse(value);
  return Number.isNaN(parsed) ? null : parsed;
}

function modifierName(value: unknown): string {
  if (typeof value === 'string') return value;
  if (!isBag(value)) return '';
  const quantity = Number(value.quantity ?? 1);
  const name = text(value, 'name', 'modifier_name', 'label', 'modifier');
  return quantity > 1 && name !== '' ? `${quantity}× ${name}` : name;
}

const ITEM_STATUSES = new Set(['open', 'sent', 'preparing', 'ready', 'served', 'voided']);

function readItem(value: unknown, index: number, fallback: ItemStatus, round: number): TicketItem | null {
  if (!isBag(value)) return null;
  const name = text(value, 'name', 'product_name', 'title', 'product');
  const quantity = Number(value.quantity ?? value.qty ?? 1);
  const modifiers = Array.isArray(value.modifiers) ? value.modifiers.map(modifierName).filter(Boolean) : [];
  const status = ITEM_STATUSES.has(String(value.status)) ? (value.status as ItemStatus) : fallback;
  return {
    id: text(value, 'id') || `${index}`,
    name: name || '?',
    quantity: Number.isFinite(quantity) && quantity > 0 ? quantity : 1,
    modifiers,
    notes: text(value, 'notes', 'note', 'special_instructions'),
    station: text(value, 'station'),
    status,
    round,
  };
}

/** Items made this much later than their order are an addition. */
const ROUND_GAP_MS = 10_000;

/** A ticket from an order, ours or an old till's; `known` keeps what only this screen remembers. */
export function readTicket(data: unknown, seq: number, nowMs: number, known?: Ticket): Ticket | null {
  if (!isBag(data)) return null;
  const key = text(data, 'id', 'order_id', 'uuid');
  if (key === '') return null;
  const status = statusFromWord(data.state) ?? statusFromWord(data.status) ?? 'sent';
  const createdMs = timeMs(data.created_at) ?? known?.rounds_ms[0] ?? uuidTimeMs(key) ?? nowMs;
  const raw = Array.isArray(data.items) ? data.items : [];
  const items = raw
    .map((value, index) => readItem(value, index, itemStatusOfOrder(status) ?? 'sent', 0))
    .filter((item) => item !== null);
  const word = typeof data.status === 'string' && !statusFromWord(data.status) ? data.status : '';
  const { placed, rounds_ms } = intoRounds(key, items, createdMs, known);
  return {
    key,
    number: text(data, 'order_number', 'number') || key.slice(-4),
    type: typeFromWord(data.order_type ?? data.type),
    table: text(data, 'table', 'table_number', 'table_name'),
    customer: text(data, 'customer', 'customer_name'),
    notes: text(data, 'notes', 'note'),
    status,
    word,
    reason: text(data, 'cancel_reason', 'reason'),
    items: placed,
    rounds_ms,
    updated_ms: timeMs(data.updated_at) ?? createdMs,
    seq,
    seen: known?.seen ?? false,
  };
}

/** Which round each item came with: remembered, or read from the times in the ids that tills make. */
function intoRounds(key: string, items: TicketItem[], createdMs: number, known?: Ticket) {
  const remembered = new Map(known?.items.map((item) => [item.id, item.round]));
  const rounds_ms = known ? [...known.rounds_ms] : [createdMs];
  const orderMs = uuidTimeMs(key);
  let lastMs = orderMs ?? 0;
  let current = rounds_ms.length - 1;
  const placed = items.map((item) => {
    const round = remembered.get(item.id);
    if (round !== undefined) return { ...item, round };
    const itemMs = uuidTimeMs(item.id);
    if (orderMs !== null && itemMs !== null && itemMs - lastMs > ROUND_GAP_MS) {
      rounds_ms.push(createdMs + (itemMs - orderMs));
      current = rounds_ms.length - 1;
      lastMs = itemMs;
    }
    return { ...item, round: current };
  });
  return { placed, rounds_ms };
}

/** What a message did. `unknown`: it changes a ticket that this screen does not have. */
export type Folded =
  { did: 'nothing' } | { did: 'created' | 'changed'; ticket: Ticket } | { did: 'unknown'; key: string };

/** The order that a message is about, as text. */
export function keyOf(message: LedgerMessage): string | null {
  const { data } = message.event;
  if (!message.event.name.startsWith('order_') || !isBag(data)) return null;
  return text(data, 'id', 'order_id', 'uuid') || null;
}

/** The ticket after a message. */
export function foldMessage(ticket: Ticket | undefined, message: LedgerMessage, nowMs: number): Folded {
  const { name, data } = message.event;
  const key = keyOf(message);
  if (key === null || !isBag(data)) return { did: 'nothing' };
  if (ticket && message.seq <= ticket.seq) return { did: 'nothing' };
  if (name === 'order_created') {
    const created = readTicket(data, message.seq, nowMs, ticket);
    return created ? { did: ticket ? 'changed' : 'created', ticket: created } : { did: 'nothing' };
  }
  if (!ticket) return { did: 'unknown', key };
  const next = { ...ticket, seq: message.seq, updated_ms: timeMs(data.updated_at) ?? nowMs };
  const word = name === 'order_completed' ? 'closed' : name === 'order_cancelled' ? 'cancelled' : data.status;
  const status = statusFromWord(word);
  const change = isBag(data.change) ? (data.change as unknown as Change) : null;
  if (change) return { did: 'changed', ticket: applyChange(next, change, status) };
  // An old screen's free form: a status, and perhaps more words that it wants shown.
  if (status === null)
    return { did: 'changed', ticket: { ...next, word: text(data, 'status') || next.word } };
  const reason = text(data, 'reason', 'cancel_reason') || next.reason;
  return { did: 'changed', ticket: withStatus({ ...next, reason }, status) };
}

function applyChange(ticket: Ticket, change: Change, status: OrderStatus | null): Ticket {
  switch (change.kind) {
    case 'items_added': {
      const known = new Set(ticket.items.map((item) => item.id));
      const round = ticket.rounds_ms.length;
      const added = change.items
        .map((item, index) => readItem(item, ticket.items.length + index, 'sent', round))
        .filter((item) => item !== null && !known.has(item.id)) as TicketItem[];
      if (added.length === 0) return { ...ticket, status: status ?? ticket.status };
      return {
        ...ticket,
        status: status ?? ticket.status,
        items: [...ticket.items, ...added],
        rounds_ms: [...ticket.rounds_ms, ticket.updated_ms],
      };
    }
    case 'item_voided':
      return withItem(ticket, change.item, 'voided');
    case 'item_status':
      return { ...withItem(ticket, change.item, change.item_status), status: status ?? ticket.status };
    case 'edited':
      return { ...ticket, table: change.table, notes: change.notes, type: change.order_type };
    case 'status':
      return withStatus({ ...ticket, reason: change.reason || ticket.reason }, status ?? ticket.status);
    default:
      // Payments, and kinds of a newer hub, are nothing to cook.
      return ticket;
  }
}

/** One item on another step. */
export function withItem(ticket: Ticket, id: string, status: ItemStatus): Ticket {
  return { ...ticket, items: ticket.items.map((item) => (item.id === id ? { ...item, status } : item)) };
}

/** The whole ticket on another step, its items with it. */
export function withStatus(ticket: Ticket, status: OrderStatus): Ticket {
  const step = itemStatusOfOrder(status);
  const items =
    step === null
      ? ticket.items
      : ticket.items.map((item) => (item.status === 'voided' ? item : { ...item, status: step }));
  return { ...ticket, status, word: '', items, seen: status === 'cancelled' ? ticket.seen : false };
}

/** Whether nothing of it is left to do for the kitchen. */
export const isDone = (ticket: Ticket): boolean =>
  ticket.status === 'served' || isFinal(ticket.status) || ticket.status === 'open';

/** Tickets of a snapshot. */
export function readOrders(
  orders: readonly Order[],
  seq: number,
  known: ReadonlyMap<string, Ticket>,
): Ticket[] {
  return orders
    .map((order) =>
      readTicket(order, seq, timeMs(order.created_at) ?? 0, known.get(String(order.id as WireId))),
    )
    .filter((ticket) => ticket !== null);
}
