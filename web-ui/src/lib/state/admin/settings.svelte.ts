/** The outlet's settings and the hub's own, and a form of both. */

import * as api from '$lib/api/work';
import type { Asked } from '$lib/api/identity';
import { outlet as askOutlet } from '$lib/api/menu';
import type { HubSettings, Outlet } from '$lib/api/types';
import { outletChange, settingsChange, settingsForm, type SettingsForm } from '$lib/domain/settings-form';
import { i18n } from '$lib/i18n/index.svelte';
import { adminOutlet } from './outlet.svelte';
import { Listed } from './listed.svelte';

export interface Both {
  outlet: Outlet;
  settings: HubSettings;
}

/** Seldom: what somebody else changes meanwhile is in the form when it is opened again. */
const USUAL_MS = 300_000;

export class Settings {
  readonly list = new Listed<Both>(async () => {
    const [outlet, settings] = await Promise.all([askOutlet(), api.settings()]);
    return outlet ? [{ outlet, settings }] : [];
  }, USUAL_MS);
  form = $state<SettingsForm | null>(null);

  get both(): Both | null {
    return this.list.rows[0] ?? null;
  }

  /** Fills the form with what is there. */
  fill(): void {
    const { both } = this;
    this.form = both ? settingsForm(both.outlet, both.settings, i18n.locale) : null;
  }

  readonly changes = $derived.by(() => {
    const { form, both } = this;
    if (!form || !both) return 0;
    const outlet = Object.keys(outletChange(form, both.outlet)).length;
    return outlet + Object.keys(settingsChange(form, both.settings)).length;
  });

  /** Sends what is new; the outlet's first. What was taken stays taken where the other is refused. */
  async save(): Promise<Asked<Both>> {
    const { form, both } = this;
    if (!form || !both) return { did: 'away' };
    let { outlet, settings } = both;
    const change = outletChange(form, outlet);
    if (Object.keys(change).length > 0) {
      const answer = await api.changeOutlet(Number(outlet.id), change);
      if (answer.did !== 'fine') return answer;
      outlet = answer.body;
      adminOutlet.take(outlet);
      this.take({ outlet, settings });
    }
    const own = settingsChange(form, settings);
    if (Object.keys(own).length > 0) {
      const answer = await api.changeSettings(own);
      if (answer.did !== 'fine') return answer;
      settings = answer.body;
      this.take({ outlet, settings });
    }
    return { did: 'fine', body: { outlet, settings } };
  }

  private take(both: Both): void {
    this.list.put(both, () => true);
  }
}
