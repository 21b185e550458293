import type { Promotion, PromotionBody, PromotionState } from '$lib/api/promotion-types';
import type { IconName } from '$lib/components/ui/icons';
import type { BadgeTone } from '$lib/components/ui/tones';
import { formatDate, formatTime, momentOf } from '$lib/domain/format';
import { datesText, hoursText, sentenceOf, type Teller } from '$lib/domain/promotion-sentence';
import { i18n } from '$lib/i18n/index.svelte';
import { promotions as words } from '$lib/i18n/promotions';
import { adminOutlet } from '$lib/state/admin/outlet.svelte';
import { clock } from '$lib/state/clock.svelte';

export const STATES: Record<PromotionState, { tone: BadgeTone; icon: IconName }> = {
  running: { tone: 'ok', icon: 'check' },
  scheduled: { tone: 'attention', icon: 'clock' },
  used_up: { tone: 'stopped', icon: 'sum' },
  ended: { tone: 'stopped', icon: 'minus' },
  off: { tone: 'stopped', icon: 'close' },
};

function teller(nameOf: Teller['nameOf']): Teller {
  return { say: words.t.say, locale: i18n.locale, figures: adminOutlet.figures, nameOf };
}

/** What it does, in one sentence of the reader's language. */
export function promotionText(promotion: PromotionBody, nameOf: Teller['nameOf'], isWhole = false): string {
  return sentenceOf(promotion, teller(nameOf), isWhole);
}

/** When it runs, in words. */
export function timesText(promotion: PromotionBody): string {
  const told = teller(() => null);
  const texts = [hoursText(promotion, told), datesText(promotion, told)];
  return texts.filter((text) => text !== '').join(', ') || words.t.always;
}

/** When it next starts or stops; empty where it does neither. */
export function nextText({ state, next_change_at }: Promotion): string {
  const atMs = Date.parse(next_change_at ?? '');
  if (Number.isNaN(atMs) || (state !== 'running' && state !== 'scheduled')) return '';
  const { timeZone } = adminOutlet.figures;
  const isRunning = state === 'running';
  const day = (ms: number) => formatDate(ms, i18n.locale, timeZone);
  const { hour, minute } = momentOf(atMs, timeZone);
  const isMidnight = hour === 0 && minute === 0;
  const time = formatTime(atMs, i18n.locale, timeZone);
  let when = day(atMs) === day(clock.hub_ms) ? time : `${day(atMs)} ${time}`;
  // At the end of a day, people name the day.
  if (isMidnight) when = day(isRunning ? atMs - 1 : atMs);
  return isRunning ? words.t.stops(when) : words.t.starts(when);
}
