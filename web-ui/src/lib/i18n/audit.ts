/** Words of the page that tells who did what. */

import { auditEn } from './parts/audit.en';
import { auditId } from './parts/audit.id';
import { words } from './words';

export const audit = words({ id: auditId, en: auditEn });
