/** Words around who may do what: people, devices, a manager's yes. */

import { accessEn } from './parts/access.en';
import { accessId } from './parts/access.id';
import { words } from './words';

export const access = words({ id: accessId, en: accessEn });
