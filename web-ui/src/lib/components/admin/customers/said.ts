import type { Asked } from '$lib/api/identity';
import { customers as words } from '$lib/i18n/customers';
import { wordsOf } from '../menu/said';

/** What to say of a change to a guest that did not come about. */
export function saidOf(answer: Asked<unknown>, isMarked = false): string {
  const { forbidden, insecure, isForgotten, keyStays } = words.t;
  if (answer.did === 'refused' && answer.code === 'forgotten') return isForgotten;
  if (answer.did === 'refused' && answer.code === 'key_not_destroyed') return keyStays;
  return wordsOf(answer, isMarked, { forbidden, insecure });
}
