/** Promotions on the wire: names for the parts of what the hub's document says. */

import type { Promotion } from './types';

export type { Promotion } from './types';
export type PromotionKind = Promotion['kind'];
export type PromotionScope = Promotion['scope'];
export type PromotionTrigger = Promotion['trigger'];
export type PromotionState = Promotion['state'];

/** So many of a product, or of whatever is in a category. */
export type PromotionPart = Promotion['parts'][number];

/** What a manager writes of a promotion. */
export type PromotionBody = Omit<
  Promotion,
  'id' | 'uses' | 'state' | 'next_change_at' | 'created_at' | 'updated_at'
>;

/** What is left out stays. */
export type PromotionChange = Partial<PromotionBody>;
