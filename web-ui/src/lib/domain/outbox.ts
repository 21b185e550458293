/**
 * The outbox, decided: what each row asks of the hub, which rows may go now, and what an answer means.
 *
 * Promises: rows of one order go in the order in which they were made. A row refused for good is set aside where
 * a person sees it and holds up no other order. What failed for a passing reason is tried again for ever. A row is
 * forgotten only for an answer that shows that the hub has it. `sync/outbox.ts` does what is decided here.
 */

import type {
  AppliedPromotion,
  ItemStatus,
  NewOrder,
  NewPayment,
  NewRound,
  OrderStatus,
} from '$lib/api/types';
import type { CartModifier } from './cart';
import type { Bill } from './pricing';

/** A line as the till sold it, kept so that it can be shown before the hub has answered. */
export interface SoldLine {
  id: string;
  product: string;
  name: string;
  price: number;
  modifiers: CartModifier[];
  quantity: number;
  notes: string;
}

/** What a row asks for. */
export type Task =
  | { kind: 'order'; body: NewOrder }
  | { kind: 'items'; body: NewRound; lines: SoldLine[] }
  | {
      kind: 'payment';
      body: NewPayment;
      rounding: number;
      change: number;
      /** Made in the same breath as its order. */
      with_order: boolean;
    }
  | { kind: 'void'; item: string; body: { reason: string } }
  | { kind: 'cancel'; body: { reason: string } }
  | { kind: 'discount'; body: { percent_bp: number; reason: string } }
  | { kind: 'status'; body: { status: OrderStatus } }
  | { kind: 'item_status'; item: string; body: { status: ItemStatus } };

/** Why a row was refused for good. */
export interface Refusal {
  status: number;
  code: string;
  /** Sentences, in the hub's words. */
  reasons: string[];
  at_ms: number;
  /** Where the totals differ: what the hub makes of it. */
  hub_total: number | null;
  hub_bill: Bill | null;
  /** What this till made of it. */
  our_total: number | null;
}

/** Why the last attempt failed, for a passing reason. */
export type Trouble = 'network' | 'busy' | 'full' | 'server' | 'sign_in' | 'https' | 'odd_answer';

export interface OutboxRow {
  /** Order of making; the store's own counter. */
  seq: number;
  /** UUIDv7: the idempotency key. */
  id: string;
  /** The order that it belongs to. */
  order: string;
  task: Task;
  /** Grows with each change of the row: an acknowledged row is forgotten only if it is still the one that was sent. */
  rev: number;
  created_ms: number;
  attempts: number;
  /** Not before this moment. */
  next_ms: number;
  trouble: Trouble | null;
  refusal: Refusal | null;
}

/** A row before the store has numbered it. */
export type NewRow = Omit<OutboxRow, 'seq'>;

export function newRow(id: string, order: string, task: Task, nowMs: number): NewRow {
  return {
    id,
    order,
    task,
    rev: 1,
    created_ms: nowMs,
    attempts: 0,
    next_ms: 0,
    trouble: null,
    refusal: null,
  };
}

export interface HubRequest {
  method: 'POST' | 'PATCH';
  path: string;
  body: unknown;
  key: string;
}

/** The request that a row makes. */
export function requestOf(row: Pick<OutboxRow, 'id' | 'order' | 'task'>): HubRequest {
  const { task } = row;
  const order = `/api/orders/${encodeURIComponent(row.order)}/`;
  const base = { method: 'POST' as const, body: task.body, key: row.id };
  switch (task.kind) {
    case 'order':
      return { ...base, path: '/api/orders/' };
    case 'items':
      return { ...base, path: `${order}items/` };
    case 'payment':
      return { ...base, path: '/api/payments/' };
    case 'cancel':
      return { ...base, path: `${order}cancel/` };
    case 'discount':
      return { ...base, path: `${order}discount/` };
    case 'void':
      return { ...base, path: `/api/order-items/${encodeURIComponent(task.item)}/void/` };
    case 'status':
      return { ...base, method: 'PATCH', path: order };
    case 'item_status':
      return { ...base, method: 'PATCH', path: `/api/order-items/${encodeURIComponent(task.item)}/` };
  }
}

/** Rows that may be sent now, at most one per order, oldest first; and when to look again, if rows wait. */
export function readyRows(
  rows: readonly OutboxRow[],
  nowMs: number,
): { ready: OutboxRow[]; againAtMs: number | null } {
  const held = new Set<string>();
  const ready: OutboxRow[] = [];
  let againAtMs: number | null = null;
  for (const row of [...rows].sort((a, b) => a.seq - b.seq)) {
    if (row.refusal) {
      // What hangs on an order that the hub does not have would only be refused too, with a worse reason.
      if (row.task.kind === 'order') held.add(row.order);
      continue;
    }
    if (held.has(row.order)) continue;
    held.add(row.order);
    if (row.next_ms > nowMs) {
      againAtMs = Math.min(againAtMs ?? row.next_ms, row.next_ms);
    } else {
      ready.push(row);
    }
  }
  return { ready, againAtMs };
}

/** What came of a request. */
export type Answer =
  { kind: 'response'; status: number; body: unknown; retryAfterMs: number | null } | { kind: 'unreachable' };

export type Outcome =
  | { do: 'forget'; body: Record<string, unknown> }
  | { do: 'set_aside'; refusal: Refusal }
  /** `all`: nothing else would fare better just now. `row`: only this one waits, the others go on. */
  | { do: 'retry'; scope: 'row' | 'all'; trouble: Trouble; afterMs: number | null };

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What an answer means for the row that was sent. */
export function outcomeOf(row: Pick<OutboxRow, 'task'>, answer: Answer, nowMs: number): Outcome {
  if (answer.kind === 'unreachable') return { do: 'retry', scope: 'all', trouble: 'network', afterMs: null };
  const { status, body, retryAfterMs: afterMs } = answer;
  if (status >= 200 && status < 300) {
    // A hotel's sign-in page also answers 200: only the hub's own words count as an acknowledgement.
    return isRecord(body) && acknowledges(row.task, body)
      ? { do: 'forget', body }
      : { do: 'retry', scope: 'row', trouble: 'odd_answer', afterMs };
  }
  // Something between us and the hub answers in its place.
  if (status === 502 || status === 504) return { do: 'retry', scope: 'all', trouble: 'network', afterMs };
  if (status === 507) return { do: 'retry', scope: 'all', trouble: 'full', afterMs };
  if (status === 503 || status === 429) return { do: 'retry', scope: 'all', trouble: 'busy', afterMs };
  if (status === 408 || status === 425) return { do: 'retry', scope: 'row', trouble: 'busy', afterMs };
  // Says something of who sits here, or of the connection, not of the sale: it waits, in its place.
  if (status === 401) return { do: 'retry', scope: 'all', trouble: 'sign_in', afterMs };
  if (status === 403 && isRecord(body) && body.code === 'https_needed') {
    return { do: 'retry', scope: 'all', trouble: 'https', afterMs };
  }
  if (status >= 400 && status < 500) {
    return { do: 'set_aside', refusal: refusalOf(row.task, status, body, nowMs) };
  }
  return { do: 'retry', scope: 'row', trouble: 'server', afterMs };
}

/** Whether a body is the hub's own answer to a task. */
function acknowledges(task: Task, body: Record<string, unknown>): boolean {
  switch (task.kind) {
    case 'order':
    case 'payment':
      return body.id === task.body.id;
    default:
      return 'id' in body || 'status' in body;
  }
}

/** Fields whose sentence needs no name before it. */
const PLAIN_FIELDS = new Set(['detail', 'non_field_errors', 'expected_total', 'total', 'codes', 'priced_at']);

/** Sentences out of Django REST Framework's errors: `{field: [..]}` nested for items, or `{detail}`. */
export function sentences(body: unknown, field = ''): string[] {
  if (typeof body === 'string') return [field === '' ? body : `${field}: ${body}`];
  if (Array.isArray(body)) {
    return body.flatMap((entry, index) =>
      sentences(entry, typeof entry === 'string' ? field : `${field} ${index + 1}`.trim()),
    );
  }
  if (!isRecord(body)) return [];
  return Object.entries(body).flatMap(([name, value]) => {
    if (name === 'code' || name === 'hub_bill' || typeof value === 'number') return [];
    const plain = PLAIN_FIELDS.has(name);
    return sentences(value, plain ? field : [field, name].filter(Boolean).join(' · '));
  });
}

function refusalOf(task: Task, status: number, body: unknown, nowMs: number): Refusal {
  const record = isRecord(body) ? body : {};
  const reasons = sentences(body);
  const ours = task.kind === 'order' ? task.body.expected_total : null;
  const isTotal = ours !== null && ('expected_total' in record || 'total' in record);
  const hubBill = isTotal ? billIn(record.hub_bill) : null;
  return {
    status,
    code: typeof record.code === 'string' ? record.code : codeOf(record, isTotal),
    reasons,
    at_ms: nowMs,
    our_total: ours,
    hub_bill: hubBill,
    hub_total: isTotal ? (hubBill?.total ?? otherFigure(reasons, ours)) : null,
  };
}

/** The field that a till can do something about. */
function codeOf(record: Record<string, unknown>, isTotal: boolean): string {
  if (isTotal) return 'total_differs';
  return ['codes', 'priced_at'].find((field) => field in record) ?? '';
}

/** The hub's breakdown, where it sends one beside the sentence. */
function billIn(value: unknown): Bill | null {
  if (!isRecord(value)) return null;
  const amount = (name: string) => (typeof value[name] === 'number' ? value[name] : 0);
  if (typeof value.total !== 'number') return null;
  return {
    subtotal: amount('subtotal'),
    discount: amount('discount'),
    service: amount('service_charge'),
    tax: amount('tax'),
    tax_included: value.tax_included === true,
    total: value.total,
    ...(Array.isArray(value.promotions) && value.promotions.length > 0
      ? { promotions: value.promotions as AppliedPromotion[] }
      : {}),
  };
}

/** The sentence names both figures; the one that is not ours is the hub's. */
function otherFigure(reasons: readonly string[], ours: number): number | null {
  const figures = reasons.flatMap((reason) =>
    (reason.match(/\d[\d.,]*/g) ?? []).map((text) => Number(text.replace(/[.,]/g, ''))),
  );
  return figures.find((figure) => figure !== ours) ?? null;
}

/** The first wait after a failure, and the longest. */
export const BACKOFF_FIRST_MS = 500;
export const BACKOFF_MAX_MS = 30_000;
/** A hub that says "later" is believed up to this long. */
const RETRY_AFTER_MAX_MS = 5 * 60_000;

/** How long to wait: twice as long each time, spread so that many tills do not come back at once. */
export function backoffMs(attempts: number, afterMs: number | null, chance: number): number {
  const doubled = Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** Math.min(attempts, 16));
  const own = doubled * (0.5 + chance / 2);
  if (afterMs === null) return own;
  return Math.min(RETRY_AFTER_MAX_MS, afterMs) + own * 0.2;
}
