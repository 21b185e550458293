/** The reader's language. Chosen by hand on this device, else the outlet's, else Indonesian. */

import type { Locale } from '$lib/domain/format';
import { en } from './en';
import { id, type Messages } from './id';

export const MESSAGES: Record<Locale, Messages> = { id, en };
export const LOCALES = Object.keys(MESSAGES) as Locale[];

const KEY = 'outlet.language';
const isLocale = (value: unknown): value is Locale => value === 'id' || value === 'en';

class I18n {
  private chosen = $state<Locale | null>(null);
  private offered = $state<Locale>('id');

  constructor() {
    try {
      const kept = localStorage.getItem(KEY);
      if (isLocale(kept)) this.chosen = kept;
    } catch {
      // Storage is closed to us: the outlet's language stands.
    }
  }

  get locale(): Locale {
    return this.chosen ?? this.offered;
  }

  get t(): Messages {
    return MESSAGES[this.locale];
  }

  choose(locale: Locale): void {
    this.chosen = locale;
    document.documentElement.lang = locale;
    try {
      localStorage.setItem(KEY, locale);
    } catch {
      // It holds until the next reload.
    }
  }

  /** The outlet's own language, where nobody chose another. */
  offer(language: string): void {
    if (isLocale(language)) this.offered = language;
    document.documentElement.lang = this.locale;
  }
}

export const i18n = new I18n();
