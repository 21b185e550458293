/** Time zones to choose from: those of Indonesia first, with the names that people there give them. */

export const ZONES_HERE: readonly { value: string; text: string }[] = [
  { value: 'Asia/Jakarta', text: 'WIB · Jakarta' },
  { value: 'Asia/Pontianak', text: 'WIB · Pontianak' },
  { value: 'Asia/Makassar', text: 'WITA · Makassar' },
  { value: 'Asia/Jayapura', text: 'WIT · Jayapura' },
];

/** All others that this browser knows, and the one that is set, which it may not know. */
export function otherZones(current: string): string[] {
  const here = new Set(ZONES_HERE.map((zone) => zone.value));
  const known = Intl.supportedValuesOf('timeZone');
  return [...new Set([...known, current])].filter((zone) => !here.has(zone)).sort();
}
