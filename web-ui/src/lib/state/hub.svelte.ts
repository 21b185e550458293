/** What the hub says of itself: its name, and the address at which it may be told a password. */

import { hubInfo } from '$lib/api/identity';
import type { HubInfo } from '$lib/api/identity-types';
import { secureOrigin, sharedOrigin } from '$lib/domain/address';

class Hub {
  info = $state.raw<HubInfo | null>(null);
  /** `away`: asked, and nobody answered. */
  phase = $state<'asking' | 'ready' | 'away'>('asking');

  /** Answers whether the hub is there. */
  async load(): Promise<boolean> {
    const answer = await hubInfo();
    if (answer.did === 'fine') this.info = answer.body;
    this.phase = this.info ? 'ready' : 'away';
    return answer.did !== 'away';
  }

  /** Passwords and managers' PINs are refused on this connection. */
  get needsSecure(): boolean {
    return this.info?.needs_secure === true && !isSecurePlace();
  }

  /** A page at the secure address; nothing where the hub has none. */
  secure(path: string): string | null {
    const origin = secureOrigin(location, this.info);
    return origin === null ? null : origin + path;
  }

  /** A page at the secure address by which other devices reach it, or at the plain one where there is none. */
  shared(path: string): string {
    return sharedOrigin(location, this.info, true) + path;
  }

  /** The same for screens that keep no secrets, and for whatever does not trust the hub yet. */
  plain(path: string): string {
    return sharedOrigin(location, this.info, false) + path;
  }
}

/** Whether this page itself came by TLS and is trusted. */
export function isSecurePlace(): boolean {
  return location.protocol === 'https:' && window.isSecureContext;
}

export const hub = new Hub();
