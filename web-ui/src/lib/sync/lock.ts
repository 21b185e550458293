/**
 * One tab at a time. Web Locks where the page may use them; over plain HTTP, where it may not, a lease in the
 * store that runs out by itself. Neither is the guard against doubled sales: that is the id of each sale.
 */

import type { Store } from '$lib/db/database';

/** Longer than any request may take, so that a lease is not lost while its holder waits for an answer. */
export const LEASE_MS = 20_000;

interface Lease {
  owner: string;
  until_ms: number;
}

/** Runs `work` while no other tab runs its own; `false` when another one holds the lease. */
export type Lock = (work: () => Promise<void>) => Promise<boolean>;

export function webLock(name: string, locks: LockManager): Lock {
  return async (work) => {
    await locks.request(name, work);
    return true;
  };
}

export function leaseLock(name: string, store: Store, owner: string, nowMs: () => number): Lock {
  const key = `lease:${name}`;
  const take = () =>
    store.transaction('rw', store.notes, async () => {
      const lease = await store.note<Lease>(key);
      if (lease && lease.owner !== owner && lease.until_ms > nowMs()) return false;
      await store.keepNote(key, { owner, until_ms: nowMs() + LEASE_MS } satisfies Lease);
      return true;
    });
  return async (work) => {
    if (!(await take())) return false;
    const renewal = setInterval(() => void take().catch(() => undefined), LEASE_MS / 4);
    try {
      await work();
    } finally {
      clearInterval(renewal);
      await store.transaction('rw', store.notes, async () => {
        const lease = await store.note<Lease>(key);
        if (lease?.owner === owner) await store.notes.delete(key);
      });
    }
    return true;
  };
}
