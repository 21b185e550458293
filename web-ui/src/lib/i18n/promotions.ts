/** Words of the promotions in the manager's pages. */

import { promotionsEn } from './parts/promotions.en';
import { promotionsId } from './parts/promotions.id';
import { words } from './words';

export const promotions = words({ id: promotionsId, en: promotionsEn });
