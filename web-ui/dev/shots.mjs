/**
 * Screenshots of every page in every size, theme and language, against the mock hub, to be looked at.
 *
 *   npm run build && npm run shots -- [folder] [only]
 */

import './shots/selling.mjs';
import './shots/access.mjs';
import './shots/menu.mjs';
import './shots/promotions.mjs';
import './shots/customers.mjs';
import { close } from './shots/stage.mjs';

await close();
