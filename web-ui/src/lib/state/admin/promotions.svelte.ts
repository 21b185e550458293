/** The promotions, a page at a time, and the names of what they are about. */

import type { Asked } from '$lib/api/identity';
import * as menuApi from '$lib/api/menu';
import * as api from '$lib/api/promotions';
import type { Promotion, PromotionChange, PromotionState, PromotionTrigger } from '$lib/api/promotion-types';
import type { Category, Product } from '$lib/api/types';
import { uuidv7 } from '$lib/domain/uuid';
import { Listed } from './listed.svelte';
import { Paged, type Sought } from './paged.svelte';

/** The menu is here for its names alone. */
const MENU_MS = 300_000;

export type Ordering = '-created_at' | 'name' | '-name' | '-priority' | 'start_date';

/** What a person looks for. */
export interface Wanted extends Sought {
  state: '' | PromotionState;
  trigger: '' | PromotionTrigger;
  ordering: Ordering;
}

const EVERYTHING: Wanted = { search: '', state: '', trigger: '', ordering: '-created_at', page: 1 };

export class Promotions extends Paged<Promotion, Wanted> {
  readonly products = new Listed<Product>(menuApi.allProducts, MENU_MS);
  readonly categories = new Listed<Category>(menuApi.categories, MENU_MS);
  /** What was tapped and is on its way: shown at once, taken back where the hub refuses. */
  private pending = $state.raw<ReadonlyMap<string, boolean>>(new Map());

  readonly rows = $derived(
    this.list.rows.map((row) => {
      const is_active = this.pending.get(row.id);
      return is_active === undefined ? row : { ...row, is_active };
    }),
  );
  private readonly names = $derived({
    product: new Map(this.products.rows.map(({ id, name }) => [id, name])),
    category: new Map(this.categories.rows.map(({ id, name }) => [id, name])),
  });

  constructor() {
    super(api.promotionPage, EVERYTHING);
  }

  override open(): () => void {
    const ends = [super.open(), this.products.open(), this.categories.open()];
    return () => {
      for (const end of ends) end();
    };
  }

  nameOf = (kind: 'product' | 'category', id: string): string | null => this.names[kind].get(id) ?? null;

  isPending({ id }: Promotion): boolean {
    return this.pending.has(id);
  }

  newId = uuidv7;

  /** `id`: made once for a form, so that a second attempt makes nothing twice. */
  async add(change: PromotionChange, id: string): Promise<Asked<Promotion>> {
    return this.took(await api.addPromotion({ ...change, id }));
  }

  async change({ id }: Promotion, change: PromotionChange): Promise<Asked<Promotion>> {
    const answer = this.took(await api.changePromotion(id, change));
    // Its name or its state may have moved it.
    if (answer.did === 'fine') void this.list.load();
    return answer;
  }

  async setActive({ id }: Promotion, is_active: boolean): Promise<Asked<Promotion>> {
    this.pending = new Map(this.pending).set(id, is_active);
    const answer = this.took(await api.changePromotion(id, { is_active }));
    // A later tap is still on its way.
    if (this.pending.get(id) === is_active) {
      const pending = new Map(this.pending);
      pending.delete(id);
      this.pending = pending;
    }
    return answer;
  }

  /** Something that is gone already is gone. */
  async remove({ id }: Promotion): Promise<Asked<null>> {
    const answer = await api.removePromotion(id);
    const isGone = answer.did === 'fine' || (answer.did === 'refused' && answer.status === 404);
    if (!isGone) return answer;
    this.drop(id);
    return { did: 'fine', body: null };
  }

  private took(answer: Asked<Promotion>): Asked<Promotion> {
    if (answer.did === 'fine') this.put(answer.body);
    return answer;
  }
}
