/** English: codes that a guest names. */

import type { PromoWords } from './promo.id';

export const promoEn: PromoWords = {
  title: 'Promo code',
  label: 'The guest’s code',
  add: 'Use',
  remove: (code: string) => `Remove code ${code}`,
  idle: 'Takes nothing off yet: its conditions are not met.',
  none: 'No code on this order yet.',
  twice: 'This code is on the order already.',
  full: 'No more codes fit on an order.',
  trouble: {
    unknown: 'This code is not known.',
    off: 'This code is switched off.',
    used_up: 'This code is used up.',
    not_now: 'This code does not run at this time.',
  },
};
