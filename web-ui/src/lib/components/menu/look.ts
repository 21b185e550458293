/** What a product without a picture shows: its initials on a colour that is always the same for it. */

/** Muted grounds with ink that reads on them: a fallback must not outshine the pictures. */
const GROUNDS = [
  'bg-plate-1 text-plate-1-ink',
  'bg-plate-2 text-plate-2-ink',
  'bg-plate-3 text-plate-3-ink',
  'bg-plate-4 text-plate-4-ink',
  'bg-plate-5 text-plate-5-ink',
  'bg-plate-6 text-plate-6-ink',
  'bg-plate-7 text-plate-7-ink',
  'bg-plate-8 text-plate-8-ink',
] as const;

/** Two letters at most: of the first two words, or the first two of one. */
export function initials(name: string): string {
  const words = name.split(/[\s\-/]+/).filter((word) => /^[\p{L}\p{N}]/u.test(word));
  const [first = '', second] = words;
  const letters = second ? `${[...first][0] ?? ''}${[...second][0] ?? ''}` : [...first].slice(0, 2).join('');
  return letters.toUpperCase();
}

export function ground(name: string): string {
  let hash = 0;
  for (const letter of name) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) >>> 0;
  return GROUNDS[hash % GROUNDS.length] ?? GROUNDS[0];
}
