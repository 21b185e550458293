/**
 * A sale of this till: what was rung up, what the hub made of it, and what is still on its way. What a page shows
 * is derived from the three each time, so that nothing shown can be out of step with what is stored.
 */

import type {
  AppliedPromotion,
  ItemStatus,
  Order,
  OrderChange,
  OrderStatus,
  OrderType,
  Payment,
} from '$lib/api/types';
import { asLine } from './cart';
import type { OutboxRow, SoldLine } from './outbox';
import { EMPTY_BILL, lineTotal, price, type Bill, type Charges } from './pricing';
import { itemStatusOfOrder, statusFromWord } from './status';

/** As stored. */
export interface Sale {
  id: string;
  created_ms: number;
  business_day: string;
  order_type: OrderType;
  table: string;
  notes: string;
  lines: SoldLine[];
  bill: Bill;
  /** Codes that the guest named, and when it was priced; sales of before there were promotions say neither. */
  codes?: string[];
  priced_ms?: number;
  /** The hub's last word on it. */
  server: Order | null;
  /** Given up by a person after the hub refused it. */
  discarded_ms: number | null;
}

export interface SaleLineView {
  id: string;
  name: string;
  quantity: number;
  modifiers: { name: string; price: number }[];
  total: number;
  notes: string;
  status: ItemStatus;
  /** Not acknowledged by the hub yet. */
  pending: boolean;
}

export interface PaymentView {
  id: string;
  method: string;
  amount: number;
  tendered: number;
  change: number;
  rounding: number;
  reference: string;
  pending: boolean;
}

export interface SaleView {
  id: string;
  number: string | null;
  receipt_number: number | null;
  created_ms: number;
  order_type: OrderType;
  table: string;
  notes: string;
  status: OrderStatus | 'waiting' | 'refused' | 'discarded';
  cancel_reason: string;
  lines: SaleLineView[];
  bill: Bill;
  payments: PaymentView[];
  paid: number;
  due: number;
  /** Rows on their way, and rows that a person must look at. */
  pending: number;
  refused: number;
}

/** What promotions take off a sale's lines. */
export type Promote = (sale: Sale, lines: readonly SoldLine[]) => AppliedPromotion[];

/** What a till shows of a sale. */
export function viewOf(
  sale: Sale,
  rows: readonly OutboxRow[],
  charges: Charges | null,
  promote: Promote = () => [],
): SaleView {
  const { server } = sale;
  const view: SaleView = {
    id: sale.id,
    number: server?.order_number || null,
    receipt_number: server?.receipt_number ?? null,
    created_ms: sale.created_ms,
    order_type: server?.order_type ?? sale.order_type,
    table: server?.table ?? sale.table,
    notes: server?.notes ?? sale.notes,
    status: server?.state ?? 'waiting',
    cancel_reason: server?.cancel_reason ?? '',
    lines: server ? server.items.map(lineOfServer) : sale.lines.map((line) => lineOfTill(line)),
    bill: server ? billOfServer(server) : sale.bill,
    payments: server ? server.payments.map((payment) => ({ ...payment, pending: false })) : [],
    paid: 0,
    due: 0,
    pending: rows.filter((row) => !row.refusal).length,
    refused: rows.filter((row) => row.refusal).length,
  };
  let repriced = false;
  for (const row of rows) repriced = overlay(view, row) || repriced;
  if (repriced && charges) view.bill = repriceLive(sale, view, rows, charges, promote);
  view.paid = view.payments.reduce((sum, payment) => sum + payment.amount, 0);
  view.due = Math.max(0, view.bill.total - view.paid);
  if (rows.some((row) => row.refusal && row.task.kind === 'order')) view.status = 'refused';
  if (sale.discarded_ms !== null) view.status = 'discarded';
  return view;
}

function lineOfTill(line: SoldLine): SaleLineView {
  return {
    id: line.id,
    name: line.name,
    quantity: line.quantity,
    modifiers: line.modifiers,
    total: lineTotal(asLine(line)),
    notes: line.notes,
    status: 'open',
    pending: true,
  };
}

function lineOfServer(item: Order['items'][number]): SaleLineView {
  return {
    id: item.id,
    name: item.name,
    quantity: item.quantity,
    modifiers: item.modifiers,
    total: item.line_total,
    notes: item.notes,
    status: item.status,
    pending: false,
  };
}

export function billOfServer(order: Order): Bill {
  return {
    subtotal: order.subtotal,
    discount: order.discount,
    service: order.service_charge,
    tax: order.tax,
    tax_included: order.tax_included,
    total: order.total,
    ...(order.promotions?.length ? { promotions: order.promotions } : {}),
  };
}

/** Puts what is still on its way on top of what the hub knows; says whether the bill has to be made anew. */
function overlay(view: SaleView, row: OutboxRow): boolean {
  const { task } = row;
  if (row.refusal) return false;
  switch (task.kind) {
    case 'items': {
      const known = new Set(view.lines.map((line) => line.id));
      const added = task.lines.filter((line) => !known.has(line.id));
      view.lines = [...view.lines, ...added.map(lineOfTill)];
      return added.length > 0;
    }
    case 'void': {
      const live = view.lines.some((line) => line.id === task.item && line.status !== 'voided');
      view.lines = view.lines.map((line) =>
        line.id === task.item ? { ...line, status: 'voided', pending: true } : line,
      );
      return live;
    }
    case 'cancel':
      view.status = 'cancelled';
      view.cancel_reason = task.body.reason;
      return false;
    case 'payment': {
      const { id, method, amount, tendered, reference } = task.body;
      if (view.payments.some((payment) => payment.id === id)) return false;
      const { rounding, change } = task;
      view.payments = [
        ...view.payments,
        {
          id,
          method,
          amount,
          tendered: tendered ?? amount,
          reference: reference ?? '',
          rounding,
          change,
          pending: true,
        },
      ];
      return false;
    }
    default:
      return false;
  }
}

/** The bill of the lines that still count, until the hub says its own. */
function repriceLive(
  sale: Sale,
  view: SaleView,
  rows: readonly OutboxRow[],
  charges: Charges,
  promote: Promote,
): Bill {
  const live = new Set(view.lines.filter((line) => line.status !== 'voided').map((line) => line.id));
  const sold: SoldLine[] = [
    ...(sale.server ? sale.server.items.map(soldByServer) : sale.lines),
    ...rows.flatMap((row) => (row.task.kind === 'items' && !row.refusal ? row.task.lines : [])),
  ];
  const byId = new Map(sold.filter((line) => live.has(line.id)).map((line) => [line.id, line]));
  if (byId.size === 0) return { ...EMPTY_BILL, tax_included: charges.tax_included };
  const lines = [...byId.values()];
  return price(lines.map(asLine), 'none', charges, promote(sale, lines));
}

function soldByServer(item: Order['items'][number]): SoldLine {
  const modifiers = item.modifiers.map((modifier) => ({ ...modifier, id: modifier.id ?? '' }));
  return { ...item, product: item.product ?? '', modifiers };
}

/** Whether the hub's answer is a whole order. */
export const isOrder = (body: Record<string, unknown>): boolean =>
  typeof body.order_number === 'string' && Array.isArray(body.items) && 'state' in body;

/**
 * An order after a change that the stream told of. Figures that the change does not carry (the charges of a new
 * bill) make the order `stale`: the till then asks the hub for it.
 */
export function foldChange(order: Order, name: string, data: unknown): { order: Order; stale: boolean } {
  const change = data as Partial<OrderChange>;
  const word =
    name === 'order_completed' ? 'closed' : name === 'order_cancelled' ? 'cancelled' : change.status;
  const state = statusFromWord(word) ?? order.state;
  const moved: Order = { ...order, state, status: state };
  const detail = change.change;
  switch (detail?.kind) {
    case 'items_added': {
      const known = new Set(order.items.map((item) => item.id));
      const items = [...order.items, ...detail.items.filter((item) => !known.has(item.id))];
      return { order: { ...moved, items }, stale: items.length > order.items.length };
    }
    case 'item_voided': {
      const was = order.items.find((item) => item.id === detail.item);
      return {
        order: { ...moved, items: withItem(order, detail.item, 'voided') },
        stale: was?.status !== 'voided',
      };
    }
    case 'item_status':
      return { order: { ...moved, items: withItem(order, detail.item, detail.item_status) }, stale: false };
    case 'edited':
      return {
        order: { ...moved, table: detail.table, notes: detail.notes, order_type: detail.order_type },
        stale: false,
      };
    case 'promoted':
    case 'discounted':
      return { order: moved, stale: order.discount !== detail.discount || order.total !== detail.total };
    case 'paid':
      return { order: withPayment(moved, detail.payment), stale: false };
    default: {
      const reason = detail?.kind === 'status' ? detail.reason : order.cancel_reason;
      const step = itemStatusOfOrder(state);
      const items = order.items.map((item) =>
        step === null || item.status === 'voided' ? item : { ...item, status: step },
      );
      return { order: { ...moved, cancel_reason: reason, items }, stale: false };
    }
  }
}

function withItem(order: Order, id: string, status: ItemStatus): Order['items'] {
  return order.items.map((item) => (item.id === id ? { ...item, status } : item));
}

/** An order with a payment on it; one that it has already changes nothing. */
export function withPayment(order: Order, payment: Payment): Order {
  if (order.payments.some((known) => known.id === payment.id)) return order;
  const paid = order.paid + payment.amount;
  return {
    ...order,
    payments: [...order.payments, payment],
    receipt_number: payment.receipt_number ?? order.receipt_number,
    rounding: order.rounding + payment.rounding,
    paid,
    due: Math.max(0, order.total - paid),
    payment_status: paid >= order.total ? 'paid' : paid > 0 ? 'partial' : 'unpaid',
  };
}
