/** To pairing and back. */

import { goto } from '$app/navigation';

/** Where the hub does not know this device: pairing first, then on to where one wanted to be. */
export function toPairing(from: '/pos' | '/kitchen'): Promise<void> {
  return goto(`/pair?from=${encodeURIComponent(from)}`, { replaceState: true });
}
