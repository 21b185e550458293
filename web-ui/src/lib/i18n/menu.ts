/** Words of the menu in the manager's pages. */

import { menuEn } from './parts/menu.en';
import { menuId } from './parts/menu.id';
import { words } from './words';

export const menu = words({ id: menuId, en: menuEn });
