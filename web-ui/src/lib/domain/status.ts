/** Order and item states: the words of the hub and of old screens, and which step may follow which. */

import type { ItemStatus, OrderStatus, OrderType } from '$lib/api/types';

const STATUS_WORDS = new Map<string, OrderStatus>(
  Object.entries({
    open: 'open',
    draft: 'open',
    sent: 'sent',
    pending: 'sent',
    new: 'sent',
    confirmed: 'sent',
    preparing: 'preparing',
    cooking: 'preparing',
    in_progress: 'preparing',
    ready: 'ready',
    served: 'served',
    delivered: 'served',
    closed: 'closed',
    completed: 'closed',
    complete: 'closed',
    cancelled: 'cancelled',
    canceled: 'cancelled',
  }),
);

/** Reads our own words and those that old tills and screens use for the same step. */
export const statusFromWord = (word: unknown): OrderStatus | null =>
  (typeof word === 'string' && STATUS_WORDS.get(word)) || null;

const TYPE_WORDS = new Map<string, OrderType>(
  Object.entries({
    dine_in: 'dine_in',
    'dine-in': 'dine_in',
    dinein: 'dine_in',
    take_away: 'take_away',
    takeaway: 'take_away',
    'take-away': 'take_away',
    take_out: 'take_away',
    delivery: 'delivery',
  }),
);

/** Reads our words and the old tills' spellings of them. */
export const typeFromWord = (word: unknown): OrderType | null =>
  (typeof word === 'string' && TYPE_WORDS.get(word)) || null;

export const isFinal = (status: OrderStatus): boolean => status === 'closed' || status === 'cancelled';

const NEXT: Record<OrderStatus, readonly OrderStatus[]> = {
  open: ['sent', 'preparing', 'ready', 'served', 'closed', 'cancelled'],
  sent: ['preparing', 'ready', 'served', 'closed', 'cancelled'],
  preparing: ['ready', 'served', 'closed', 'cancelled'],
  ready: ['preparing', 'served', 'closed', 'cancelled'],
  served: ['preparing', 'ready', 'closed', 'cancelled'],
  closed: [],
  cancelled: [],
};

/** The legal transitions, as the hub has them: what is not here is refused there. */
export const mayBecome = (from: OrderStatus, to: OrderStatus): boolean => NEXT[from].includes(to);

/** The step of an item that goes with a step of its whole order. */
export function itemStatusOfOrder(status: OrderStatus): ItemStatus | null {
  if (status === 'cancelled') return null;
  return status === 'closed' ? 'served' : status;
}

const ITEM_STEPS: readonly ItemStatus[] = ['open', 'sent', 'preparing', 'ready', 'served', 'voided'];
const step = (status: ItemStatus) => ITEM_STEPS.indexOf(status);

/** The status that the items' states make together, for an order that is with the kitchen. */
export function statusOfItems(items: readonly { status: ItemStatus }[], current: OrderStatus): OrderStatus {
  if (isFinal(current) || current === 'open') return current;
  const live = items.filter((item) => item.status !== 'voided').map((item) => step(item.status));
  if (live.length === 0) return current;
  const slowest = ITEM_STEPS[Math.min(...live)];
  if (slowest === 'served' || slowest === 'ready') return slowest;
  return Math.max(...live) >= step('preparing') ? 'preparing' : 'sent';
}
