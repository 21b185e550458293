/** The categories of the menu, and the choices that its products offer. */

import type { Asked } from '$lib/api/identity';
import * as api from '$lib/api/menu';
import type {
  Category,
  CategoryChange,
  GroupChange,
  Modifier,
  ModifierChange,
  ModifierGroup,
} from '$lib/api/types';
import { uuidv7 } from '$lib/domain/uuid';
import { Listed } from './listed.svelte';

const USUAL_MS = 30_000;

interface Placed {
  id: string;
  sort_order: number;
  name: string;
}

const byPlace = (a: Placed, b: Placed) => a.sort_order - b.sort_order || a.name.localeCompare(b.name);

function took<T extends { id: string }>(list: Listed<T>, answer: Asked<T>): Asked<T> {
  if (answer.did === 'fine') list.put(answer.body, (other) => other.id === answer.body.id);
  return answer;
}

/** Something that is gone already is gone. */
function dropped<T extends { id: string }>(list: Listed<T>, id: string, answer: Asked<null>): Asked<null> {
  const isGone = answer.did === 'fine' || (answer.did === 'refused' && answer.status === 404);
  if (!isGone) return answer;
  list.drop((other) => other.id === id);
  return { did: 'fine', body: null };
}

export class Categories {
  readonly list = new Listed<Category>(api.categories, USUAL_MS);
  readonly rows = $derived([...this.list.rows].sort(byPlace));
  readonly stations = $derived([
    ...new Set(this.list.rows.map((category) => category.station).filter((station) => station !== '')),
  ]);
  /** Behind the last one. */
  readonly nextPlace = $derived(Math.max(-1, ...this.list.rows.map((row) => row.sort_order)) + 1);

  newId = uuidv7;

  async save(category: Category | null, change: CategoryChange, id: string): Promise<Asked<Category>> {
    const answer = category
      ? await api.changeCategory(category.id, change)
      : await api.addCategory({ ...change, id });
    return took(this.list, answer);
  }

  async remove({ id }: Category): Promise<Asked<null>> {
    return dropped(this.list, id, await api.removeCategory(id));
  }
}

/** A group with what can be picked in it. */
export interface GroupRow extends ModifierGroup {
  options: Modifier[];
}

export class Groups {
  readonly list = new Listed<ModifierGroup>(api.groups, USUAL_MS);
  readonly modifiers = new Listed<Modifier>(api.modifiers, USUAL_MS);
  private pending = $state.raw<ReadonlyMap<string, boolean>>(new Map());

  readonly rows: GroupRow[] = $derived(
    [...this.list.rows].sort(byPlace).map((group) => ({
      ...group,
      options: this.modifiers.rows
        .filter((modifier) => modifier.group === group.id)
        .map((modifier) => ({
          ...modifier,
          is_available: this.pending.get(modifier.id) ?? modifier.is_available,
        }))
        .sort(byPlace),
    })),
  );

  newId = uuidv7;

  open(): () => void {
    const ends = [this.list.open(), this.modifiers.open()];
    return () => {
      for (const end of ends) end();
    };
  }

  async save(group: ModifierGroup | null, change: GroupChange, id: string): Promise<Asked<ModifierGroup>> {
    const answer = group ? await api.changeGroup(group.id, change) : await api.addGroup({ ...change, id });
    return took(this.list, answer);
  }

  async remove({ id }: ModifierGroup): Promise<Asked<null>> {
    return dropped(this.list, id, await api.removeGroup(id));
  }

  async saveModifier(
    modifier: Modifier | null,
    change: ModifierChange,
    id: string,
  ): Promise<Asked<Modifier>> {
    const answer = modifier
      ? await api.changeModifier(modifier.id, change)
      : await api.addModifier({ ...change, id });
    return took(this.modifiers, answer);
  }

  async removeModifier({ id }: Modifier): Promise<Asked<null>> {
    return dropped(this.modifiers, id, await api.removeModifier(id));
  }

  /** Shown at once, and taken back where the hub refuses. */
  async setAvailable(modifier: Modifier, is_available: boolean): Promise<Asked<Modifier>> {
    this.pending = new Map(this.pending).set(modifier.id, is_available);
    const answer = took(this.modifiers, await api.changeModifier(modifier.id, { is_available }));
    const pending = new Map(this.pending);
    if (pending.get(modifier.id) === is_available) pending.delete(modifier.id);
    this.pending = pending;
    return answer;
  }
}
