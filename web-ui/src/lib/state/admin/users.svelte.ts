/** The people of the outlet, as a manager sees them. */

import * as api from '$lib/api/manage';
import type { Asked } from '$lib/api/identity';
import type { User, UserChange } from '$lib/api/identity-types';
import { uuidv7 } from '$lib/domain/uuid';
import { i18n } from '$lib/i18n/index.svelte';
import { Listed } from './listed.svelte';

const USUAL_MS = 60_000;

export class Users {
  readonly list = new Listed<User>(api.users, USUAL_MS);

  private readonly sorted = $derived(
    [...this.list.rows].sort((a, b) => a.name.localeCompare(b.name, i18n.locale)),
  );
  readonly active = $derived(this.sorted.filter((user) => user.is_active));
  readonly closed = $derived(this.sorted.filter((user) => !user.is_active));

  /** `key`: the same for every attempt at one form, so that a lost answer makes nobody twice. */
  async add(change: UserChange, key: string): Promise<Asked<User>> {
    return this.took(await api.addUser(change, key));
  }

  async change(id: string, change: UserChange): Promise<Asked<User>> {
    return this.took(await api.changeUser(id, change));
  }

  /** A key for a new form. */
  newKey(): string {
    return uuidv7();
  }

  private took(answer: Asked<User>): Asked<User> {
    if (answer.did === 'fine') this.list.put(answer.body, (other) => other.id === answer.body.id);
    return answer;
  }
}
