/** Words of the settings, of what the hub does by itself, and of the days that are over. */

import { workEn } from './parts/work.en';
import { workId } from './parts/work.id';
import { words } from './words';

export const work = words({ id: workId, en: workEn });
