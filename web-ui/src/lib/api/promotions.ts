/** What a manager's pages ask of the hub about promotions, by name. */

import { asked, post } from './identity';
import { pageOf } from './lists';
import type { Promotion, PromotionChange } from './promotion-types';

const PROMOTIONS = '/api/promotions/';
const one = (id: string) => `${PROMOTIONS}${encodeURIComponent(id)}/`;

/** One page of the promotions that a query finds. */
export const promotionPage = (query: Record<string, string>) => pageOf<Promotion>(PROMOTIONS, query);

/** It carries its own id: a second attempt makes nothing twice. */
export const addPromotion = (body: PromotionChange & { id: string }) => post<Promotion>(PROMOTIONS, body);

export const changePromotion = (id: string, body: PromotionChange) =>
  asked<Promotion>(one(id), { method: 'PATCH', body });

export const removePromotion = (id: string) => asked<null>(one(id), { method: 'DELETE' });
