/** Who may sign in here: from the last time at once, from the hub as soon as it answers. */

import { staff as askStaff } from '$lib/api/identity';
import type { StaffMember } from '$lib/api/identity-types';
import { readStaff } from '$lib/domain/identity';
import { keepPref, keptPref } from './prefs.svelte';

const STAFF = 'outlet.staff';
const AGAIN_MS = 4_000;

export class Staff {
  people = $state.raw<StaffMember[]>(readStaff(keptPref(STAFF)));
  phase = $state<'asking' | 'ready' | 'away'>('asking');
  private timer: ReturnType<typeof setTimeout> | undefined;
  private closed = false;

  /** Asks until the hub answers. Answers how to stop. */
  open(): () => void {
    void this.load();
    return () => {
      this.closed = true;
      clearTimeout(this.timer);
    };
  }

  async load(): Promise<void> {
    clearTimeout(this.timer);
    try {
      this.people = await askStaff();
      this.phase = 'ready';
      keepPref(STAFF, JSON.stringify(this.people));
    } catch {
      this.phase = 'away';
      if (!this.closed) this.timer = setTimeout(() => void this.load(), AGAIN_MS);
    }
  }
}
