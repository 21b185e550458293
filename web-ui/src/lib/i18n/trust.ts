/** Words of the page about trusting the hub. */

import { trustEn } from './parts/trust.en';
import { trustId } from './parts/trust.id';
import { words } from './words';

export const trust = words({ id: trustId, en: trustEn });
