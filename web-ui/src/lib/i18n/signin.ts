/** Words of pairing and signing in. */

import { signinEn } from './parts/signin.en';
import { signinId } from './parts/signin.id';
import { words } from './words';

export const signin = words({ id: signinId, en: signinEn });
