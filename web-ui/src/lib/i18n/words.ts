/** Words that only some pages need, loaded with them: the same choice of language, in a file of their own. */

import { i18n } from './index.svelte';
import type { Locale } from '$lib/domain/format';

export function words<T>(byLocale: Record<Locale, T>): { readonly t: T } {
  return {
    get t() {
      return byLocale[i18n.locale];
    },
  };
}
