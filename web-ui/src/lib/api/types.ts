/**
 * The shapes on the wire, as `protocol/src/api.rs` and `protocol/src/live.rs` write them.
 *
 * Every other module takes its wire types from here. Once the hub writes `openapi.json`, `npm run types` makes
 * `schema.d.ts` from it, and the shapes below become re-exports of its `components['schemas']`.
 *
 * Amounts are integers in the currency's minor unit; times are RFC 3339 with the outlet's offset.
 */

/** An amount in the currency's minor unit: exact up to 2^53, and the hub takes none larger. */
export type Minor = number;

export type OrderStatus = 'open' | 'sent' | 'preparing' | 'ready' | 'served' | 'closed' | 'cancelled';
export type ItemStatus = 'open' | 'sent' | 'preparing' | 'ready' | 'served' | 'voided';
export type PaymentStatus = 'unpaid' | 'partial' | 'paid' | 'refunded';
export type OrderType = 'dine_in' | 'take_away' | 'delivery';
export type ServiceBase = 'before_discount' | 'after_discount';
export type RoundingMode = 'down' | 'nearest' | 'up';

/** An id in the type in which it came: a UUID string from our own tills, a number from some old ones. */
export type WireId = string | number;

export interface Page<T> {
  count: number;
  next: string | null;
  previous: string | null;
  results: T[];
}

export interface ErrorOut {
  detail: string;
  code: string;
}

export interface Category {
  id: string;
  name: string;
  station: string;
  sort_order: number;
  is_active: boolean;
}

export interface Product {
  id: string;
  sku: string;
  name: string;
  description: string;
  category: string;
  category_name: string;
  price: Minor;
  image: string | null;
  is_available: boolean;
  modifier_groups: string[];
  barcode: string;
  station: string;
  sort_order: number;
}

export interface ModifierGroup {
  id: string;
  name: string;
  min_select: number;
  max_select: number;
  sort_order: number;
}

export interface Modifier {
  id: string;
  group: string;
  group_name: string;
  name: string;
  price: Minor;
  is_available: boolean;
  sort_order: number;
}

export interface Outlet {
  id: number;
  uuid: string;
  name: string;
  address: string;
  currency: string;
  currency_exponent: number;
  time_zone: string;
  business_day_start_hour: number;
  language: string;
  service_rate_bp: number;
  service_base: ServiceBase;
  tax_rate_bp: number;
  tax_included: boolean;
  cash_rounding_unit: Minor;
  cash_rounding_mode: RoundingMode;
}

export interface SoldModifier {
  id: string | null;
  name: string;
  price: Minor;
}

export interface OrderItem {
  id: string;
  product: string | null;
  name: string;
  sku: string;
  quantity: number;
  price: Minor;
  modifiers: SoldModifier[];
  line_total: Minor;
  notes: string;
  station: string;
  status: ItemStatus;
}

/** A line with the order that it belongs to, as `/api/order-items/` answers. */
export interface OrderItemRow extends OrderItem {
  order: WireId;
}

export interface Payment {
  id: string;
  order: WireId;
  method: string;
  amount: Minor;
  tendered: Minor;
  rounding: Minor;
  change: Minor;
  reference: string;
  status: string;
  receipt_number: number | null;
  created_at: string;
}

export interface Order {
  id: WireId;
  uuid: string;
  outlet_id: number;
  order_number: string;
  receipt_number: number | null;
  order_type: OrderType;
  table: string;
  customer: string;
  notes: string;
  metadata: Record<string, unknown>;
  /** Where it stands; a word of an old screen that is none of ours is passed on as sent. */
  status: string;
  /** Where it stands, in our words. */
  state: OrderStatus;
  payment_status: PaymentStatus;
  cancel_reason: string;
  currency: string;
  currency_exponent: number;
  items: OrderItem[];
  subtotal: Minor;
  discount: Minor;
  service_charge: Minor;
  tax: Minor;
  tax_included: boolean;
  rounding: Minor;
  total: Minor;
  paid: Minor;
  due: Minor;
  payments: Payment[];
  business_day: string;
  created_at: string;
  updated_at: string;
  created_by: string;
}

/** One line of an order that is being placed. */
export interface NewItem {
  id: string;
  product: string;
  quantity: number;
  modifiers: string[];
  notes?: string;
}

/** The body of `POST /api/orders/`. */
export interface NewOrder {
  id: string;
  order_type: OrderType;
  table?: string;
  customer?: string;
  notes?: string;
  metadata?: Record<string, unknown>;
  expected_total: Minor;
  items: NewItem[];
}

/** The body of `POST /api/orders/{id}/items/`. */
export interface NewRound {
  id: string;
  items: NewItem[];
}

/** The body of `POST /api/payments/`. */
export interface NewPayment {
  id: string;
  order: string;
  method: string;
  amount: Minor;
  tendered?: Minor;
  reference?: string;
}

export type Change =
  | { kind: 'items_added'; items: OrderItem[]; total: Minor }
  | { kind: 'item_voided'; item: string; name: string; quantity: number; reason: string; total: Minor }
  | { kind: 'item_status'; item: string; item_status: ItemStatus }
  | { kind: 'status'; reason: string }
  | { kind: 'edited'; table: string; notes: string; order_type: OrderType }
  | { kind: 'paid'; payment: Payment };

export interface OrderChange {
  id: WireId;
  outlet_id: number;
  order_number: string;
  status?: OrderStatus;
  change: Change;
  updated_at: string;
}

export type CatalogueChange =
  | { kind: 'outlet'; value: Outlet }
  | { kind: 'category'; value: Category }
  | { kind: 'category_removed'; value: string }
  | { kind: 'modifier_group'; value: ModifierGroup }
  | { kind: 'modifier_group_removed'; value: string }
  | { kind: 'modifier'; value: Modifier }
  | { kind: 'modifier_removed'; value: string }
  | { kind: 'product'; value: Product }
  | { kind: 'product_removed'; value: string };

/** A place in the ledger. */
export interface Cursor {
  epoch: number;
  seq: number;
}

/** The event inside a `ledger` message. Old tills' payloads travel as they were sent: `data` is read leniently. */
export interface LedgerEvent {
  name: string;
  data: unknown;
}

/** One message of the live stream. `prev` is the seq of the message before it in this stream. */
export interface LedgerMessage extends Cursor {
  prev: number;
  event: LedgerEvent;
}

export interface Subscribed extends Cursor {
  outletId: WireId;
}

/** Sent every second: `seq` is that of the stream's last message, `at` the hub's time where it says it. */
export interface Heartbeat extends Cursor {
  at?: string | number;
}

/** A refusal, or a word that the stream cannot be resumed (`code: 'resync'`). */
export interface SocketError {
  event: string;
  code?: string;
  detail: string;
}
