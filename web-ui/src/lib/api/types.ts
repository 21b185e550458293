/**
 * The shapes on the wire. Every other module takes its wire types from here.
 *
 * They come from `schema.d.ts`, which `npm run types` makes of the hub's own `openapi.json`: when the hub's shapes
 * drift, these pages do not compile. What OpenAPI cannot say is added below: the hub writes every field, with
 * `null` where there is nothing, and an old client's order id may be a number. The stream's frames are no REST and
 * stand here by hand.
 *
 * Amounts are integers in the currency's minor unit; times are RFC 3339 with the outlet's offset.
 */

import type { components } from './schema';

export type Schemas = components['schemas'];

/** The hub leaves no field out. */
export type Told<T> = T extends (infer Row)[]
  ? Told<Row>[]
  : T extends object
    ? { [Key in keyof T]-?: Told<Exclude<T[Key], undefined>> }
    : T;

/** An amount in the currency's minor unit: exact up to 2^53, and the hub takes none larger. */
export type Minor = number;

/** An id in the type in which it came: a UUID string from our own tills, a number from some old ones. */
export type WireId = string | number;

type WithWireId<T, Key extends keyof T> = Omit<T, Key> & Record<Key, WireId>;

export type OrderStatus = Schemas['OrderStatus'];
export type ItemStatus = Schemas['ItemStatus'];
export type PaymentStatus = Schemas['PaymentStatus'];
export type OrderType = Schemas['OrderType'];
export type ServiceBase = Schemas['ServiceBase'];
export type RoundingMode = Schemas['RoundingMode'];

export interface Page<T> {
  count: number;
  next: string | null;
  previous: string | null;
  results: T[];
}

export type Category = Told<Schemas['Category']>;
export type Product = Told<Schemas['Product']>;
export type ModifierGroup = Told<Schemas['ModifierGroup']>;
export type Modifier = Told<Schemas['Modifier']>;
export type Outlet = Told<Schemas['Outlet']>;
export type Customer = Told<Schemas['Customer']>;
export type CustomerExport = Schemas['CustomerExport'];
export type SoldModifier = Told<Schemas['SoldModifierOut']>;
export type Promotion = Told<Schemas['Promotion']>;
export type AppliedPromotion = Told<Schemas['AppliedPromotion']>;
export type OrderItem = Told<Schemas['OrderItem']>;
export type Payment = WithWireId<Told<Schemas['Payment']>, 'order'>;

/** A line with the order that it belongs to, as `/api/order-items/` answers. */
export type OrderItemRow = WithWireId<Told<Schemas['OrderItemRow']>, 'order'>;

export type Order = Omit<WithWireId<Told<Schemas['Order']>, 'id'>, 'payments'> & { payments: Payment[] };

/** What the hub does by itself, and the days that are over. */
export type HubSettings = Told<Schemas['Settings']>;
export type JobRun = Told<Schemas['JobRun']>;
export type JobName = Schemas['JobName'];
export type Job = Omit<Told<Schemas['Job']>, 'last_run'> & { last_run: JobRun | null };
export type Day = Told<Schemas['Day']>;

/** What a manager sets; what is left out stays. */
export type HubSettingsChange = Schemas['PatchedSettingsIn'];
export type OutletChange = Schemas['PatchedOutletIn'];

/** What a manager writes of the menu; what is left out stays. */
export type ProductChange = Partial<Schemas['ProductIn']>;
export type CategoryChange = Partial<Schemas['CategoryIn']>;
export type GroupChange = Partial<Schemas['ModifierGroupIn']>;
export type ModifierChange = Partial<Schemas['ModifierIn']>;

/** What is known of a guest; what is left out stays. */
export type CustomerChange = Partial<Schemas['CustomerIn']>;

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
  expected_total: Minor;
  /** Codes that the guest named. */
  codes?: string[];
  /** When it was priced, by the hub's clock: promotions are judged at that moment. */
  priced_at?: string;
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

/** What is sent has to be what the hub takes. */
type Takes<Body extends Taken, Taken> = Body;
export type Bodies = [
  Takes<NewOrder, Schemas['OrderIn']>,
  Takes<NewRound, Schemas['RoundIn']>,
  Takes<NewPayment, Schemas['PaymentIn']>,
];

export type Change = Told<Schemas['Change']>;
export type CatalogueChange = Told<Schemas['CatalogueChange']>;

/** Only a change that moved its order carries a status. */
export type OrderChange = Omit<WithWireId<Schemas['OrderChange'], 'id'>, 'status' | 'change'> & {
  status?: OrderStatus;
  change: Change;
};

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
