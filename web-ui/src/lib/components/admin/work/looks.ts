import type { JobName, JobRun } from '$lib/api/types';
import type { IconName } from '$lib/components/ui/icons';
import type { BadgeTone } from '$lib/components/ui/tones';
import { formatCount, formatDate, formatTime } from '$lib/domain/format';
import { dateMs, dayWordOf, figureOf, wordOf, type Standing } from '$lib/domain/work';
import { i18n } from '$lib/i18n/index.svelte';
import { work } from '$lib/i18n/work';
import { adminOutlet } from '$lib/state/admin/outlet.svelte';
import { clock } from '$lib/state/clock.svelte';

export const JOB_ICONS: Record<JobName, IconName> = {
  promotions: 'percent',
  day_close: 'receipt',
  backup: 'shelves',
  retention: 'trash',
  certificate: 'shield',
};

export const STANDINGS: Record<Standing, { tone: BadgeTone; icon: IconName }> = {
  running: { tone: 'plain', icon: 'refresh' },
  ok: { tone: 'ok', icon: 'check' },
  failed: { tone: 'late', icon: 'alert' },
  never: { tone: 'stopped', icon: 'clock' },
};

const count = (value: number | null) => formatCount(value ?? 0, i18n.locale);

/** A business day: `22 Nov 2026`. */
export const dayText = (day: string) => formatDate(dateMs(day), i18n.locale, 'UTC');

/** A moment by the outlet's clock: `22 Nov 2026, 05.00`. */
export function momentText(at: string): string {
  const { timeZone } = adminOutlet.figures;
  const atMs = Date.parse(at);
  return `${formatDate(atMs, i18n.locale, timeZone)}, ${formatTime(atMs, i18n.locale, timeZone)}`;
}

/** When something comes: `besok 05.00`. */
export function comingText(at: string): string {
  const { timeZone } = adminOutlet.figures;
  const time = formatTime(Date.parse(at), i18n.locale, timeZone);
  const day = dayWordOf(at, clock.hub_ms, timeZone);
  return day === 'other' ? momentText(at) : work.t.work[day](time);
}

/** What came of a run, in the reader's language; of one that failed, in the hub's own words. */
export function runText(name: JobName, run: JobRun): string {
  const t = work.t.work.did;
  if (run.outcome === 'failed') return run.message;
  if (Object.keys(run.facts).length === 0) return t.nothing;
  switch (name) {
    case 'day_close': {
      const [days, orders] = [figureOf(run, 'days') ?? 1, count(figureOf(run, 'orders'))];
      const day = dayText(wordOf(run, 'day'));
      return days > 1 ? t.day_close_many(days, orders) : t.day_close(day, orders);
    }
    case 'backup':
      return t.backup(count(figureOf(run, 'records')), count(figureOf(run, 'pictures')));
    case 'retention':
      return t.retention(count(figureOf(run, 'guests')), count(figureOf(run, 'pictures')));
    case 'certificate':
      return t.certificate(wordOf(run, 'names'));
    case 'promotions':
      return t.promotions;
  }
}
