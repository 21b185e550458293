import type { DeviceRole } from '$lib/api/identity-types';
import type { IconName } from '$lib/components/ui/icons';
import { agoOf } from '$lib/domain/ago';
import { formatDate } from '$lib/domain/format';
import { admin } from '$lib/i18n/admin';
import { i18n } from '$lib/i18n/index.svelte';
import { clock } from '$lib/state/clock.svelte';

export const DEVICE_ICONS: Record<DeviceRole, IconName> = {
  till: 'till',
  kitchen: 'kitchen',
  board: 'board',
  kiosk: 'kiosk',
};

/** `3 mnt lalu`; empty where it never was. */
export function agoText(at: string | null): string {
  const ago = agoOf(at, clock.hub_ms);
  if (!ago) return '';
  return ago.unit === 'now' ? admin.t.ago.now : admin.t.ago[ago.unit](ago.count);
}

export function dateText(at: string | null): string {
  const atMs = Date.parse(at ?? '');
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  return Number.isNaN(atMs) ? '' : formatDate(atMs, i18n.locale, timeZone);
}
