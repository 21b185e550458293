/** Words of the manager's pages. */

import { adminEn } from './parts/admin.en';
import { adminId } from './parts/admin.id';
import { words } from './words';

export const admin = words({ id: adminId, en: adminEn });
