/** Words around the codes that a guest names. */

import { promoEn } from './parts/promo.en';
import { promoId } from './parts/promo.id';
import { words } from './words';

export const promo = words({ id: promoId, en: promoEn });
