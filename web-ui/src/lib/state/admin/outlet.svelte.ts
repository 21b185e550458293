/** How this outlet writes its amounts, as the manager's pages need it. */

import { outlet as askOutlet } from '$lib/api/menu';
import type { Minor, Outlet } from '$lib/api/types';
import { DEFAULT_FIGURES, formatAmount, formatMoney, type Figures } from '$lib/domain/format';
import { i18n } from '$lib/i18n/index.svelte';

const AGAIN_MS = 4_000;

class AdminOutlet {
  private outlet = $state.raw<Outlet | null>(null);

  get figures(): Figures {
    const { outlet } = this;
    if (!outlet) return DEFAULT_FIGURES;
    return { currency: outlet.currency, exponent: outlet.currency_exponent, timeZone: outlet.time_zone };
  }

  /** Until then nothing may be read or written as an amount. */
  get isKnown(): boolean {
    return this.outlet !== null;
  }

  money(minor: Minor): string {
    return formatMoney(minor, i18n.locale, this.figures);
  }

  amount(minor: Minor): string {
    return formatAmount(minor, i18n.locale, this.figures.exponent);
  }

  /** As it was changed just now. */
  take(outlet: Outlet): void {
    this.outlet = outlet;
  }

  /** Asks until it is known. */
  open(): () => void {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    const load = async () => {
      try {
        this.outlet = await askOutlet();
      } catch {
        if (!isOver && !this.outlet) timer = setTimeout(() => void load(), AGAIN_MS);
      }
    };
    if (!this.outlet) void load();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }
}

export const adminOutlet = new AdminOutlet();
