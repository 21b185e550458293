/** How long ago something was, in the unit that a glance takes in. */

export type Ago = { unit: 'now' } | { unit: 'minutes' | 'hours' | 'days'; count: number };

/** Nothing where the time cannot be read. A moment ahead of this clock counts as now. */
export function agoOf(at: string | null, nowMs: number): Ago | null {
  const atMs = Date.parse(at ?? '');
  if (Number.isNaN(atMs)) return null;
  const minutes = Math.floor((nowMs - atMs) / 60_000);
  if (minutes < 1) return { unit: 'now' };
  if (minutes < 60) return { unit: 'minutes', count: minutes };
  if (minutes < 48 * 60) return { unit: 'hours', count: Math.floor(minutes / 60) };
  return { unit: 'days', count: Math.floor(minutes / 1_440) };
}
