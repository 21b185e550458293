/** Promotions on the wire. */

import type { Minor } from './types';

export type PromotionKind = 'percent' | 'amount' | 'buy_get' | 'bundle';
export type PromotionScope = 'order' | 'category' | 'product';
export type PromotionTrigger = 'automatic' | 'code';
export type PromotionState = 'running' | 'scheduled' | 'ended' | 'used_up' | 'off';

/** So many of a product, or of whatever is in a category. */
export interface PromotionPart {
  product: string | null;
  category: string | null;
  quantity: number;
}

/** What a manager writes of a promotion. */
export interface PromotionBody {
  name: string;
  description: string;
  kind: PromotionKind;
  /** What is taken off, in basis points; of `buy_get` it is taken off those that are got. */
  percent_bp: number | null;
  /** What is taken off; of `bundle` it is the price of one. */
  amount: Minor | null;
  buy_quantity: number | null;
  get_quantity: number | null;
  parts: PromotionPart[];
  scope: PromotionScope;
  categories: string[];
  products: string[];
  trigger: PromotionTrigger;
  code: string;
  /** Days of the week, Monday is 1; none are all of them. */
  days: number[];
  /** `14:00`. An end that is not after the start is on the next day. */
  start_time: string | null;
  end_time: string | null;
  /** `2026-11-22`, both of them inclusive. */
  start_date: string | null;
  end_date: string | null;
  min_spend: Minor;
  max_uses: number | null;
  is_exclusive: boolean;
  priority: number;
  is_active: boolean;
}

export interface Promotion extends PromotionBody {
  id: string;
  uses: number;
  state: PromotionState;
  /** When it next starts or stops. */
  next_change_at: string | null;
  created_at: string;
  updated_at: string;
}

/** What is left out stays. */
export type PromotionChange = Partial<PromotionBody>;
