import type { Asked } from '$lib/api/identity';
import { menu } from '$lib/i18n/menu';
import type { MenuWords } from '$lib/i18n/parts/menu.id';

/** Where a page is about something else than the menu, it says these in its own words. */
export type OwnWords = Partial<Pick<MenuWords, 'forbidden' | 'insecure' | 'taken'>>;

/** What to say of a change that did not come about. `isMarked`: what is wrong stands beside a field. */
export function wordsOf(answer: Asked<unknown>, isMarked = false, own: OwnWords = {}): string {
  const t = { ...menu.t, ...own };
  if (answer.did === 'fine') return '';
  if (answer.did === 'away') return t.away;
  if (answer.code === 'https_needed') return t.insecure;
  if (answer.status === 403 || answer.status === 401) return t.forbidden;
  if (answer.status === 404) return t.gone;
  if (isMarked) return t.notSaved;
  if (answer.status === 400) return Object.values(errorsOf(answer, own)).join(' ') || t.odd;
  return answer.detail || (answer.status === 409 ? t.conflict : t.odd);
}

/** Whether one of these fields is named in a refusal. */
export function isAbout(answer: Asked<unknown>, fields: readonly string[]): boolean {
  return (
    answer.did === 'refused' &&
    answer.status === 400 &&
    fields.some((field) => answer.fields[field] !== undefined)
  );
}

/** What is wrong with each field: in our words where the hub's are known, else in its own. */
export function errorsOf(answer: Asked<unknown>, own: OwnWords = {}): Record<string, string> {
  if (answer.did !== 'refused') return {};
  const said = Object.entries(answer.fields).map(([field, words]) => [
    field,
    /already exists/i.test(words) ? (own.taken ?? menu.t.taken) : words,
  ]);
  return Object.fromEntries(said) as Record<string, string>;
}
