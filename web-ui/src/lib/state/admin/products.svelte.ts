/** The products, a page at a time, as a manager changes them. */

import type { Asked } from '$lib/api/identity';
import * as api from '$lib/api/menu';
import type { Category, Minor, ModifierGroup, Product, ProductChange } from '$lib/api/types';
import { uuidv7 } from '$lib/domain/uuid';
import { Listed } from './listed.svelte';
import { Paged, type Sought } from './paged.svelte';

const USUAL_MS = 30_000;

export type Ordering = '' | 'name' | '-name' | 'price' | '-price';

/** What a person looks for. */
export interface Wanted extends Sought {
  /** Empty: all of them. */
  category: string;
  is_available: '' | 'true' | 'false';
  ordering: Ordering;
}

const EVERYTHING: Wanted = { search: '', category: '', is_available: '', ordering: '', page: 1 };

export class Products extends Paged<Product, Wanted> {
  readonly categories = new Listed<Category>(api.categories, USUAL_MS * 2);
  readonly groups = new Listed<ModifierGroup>(api.groups, USUAL_MS * 2);
  /** What was tapped and is on its way: shown at once, taken back where the hub refuses. */
  private pending = $state.raw<ReadonlyMap<string, Partial<Product>>>(new Map());

  readonly rows = $derived(
    this.list.rows.map((row) => {
      const change = this.pending.get(row.id);
      return change ? { ...row, ...change } : row;
    }),
  );

  constructor() {
    super(api.productPage, EVERYTHING);
  }

  override open(): () => void {
    const ends = [super.open(), this.categories.open(), this.groups.open()];
    return () => {
      for (const end of ends) end();
    };
  }

  isPending(product: Product, field: keyof Product): boolean {
    return field in (this.pending.get(product.id) ?? {});
  }

  /** Sold out, or there again. */
  setAvailable(product: Product, is_available: boolean): Promise<Asked<Product>> {
    return this.atOnce(product, { is_available });
  }

  setPrice(product: Product, price: Minor): Promise<Asked<Product>> {
    return this.atOnce(product, { price });
  }

  /** `id`: made once for a form, so that a second attempt makes nothing twice. */
  async add(change: ProductChange, id: string): Promise<Asked<Product>> {
    return this.took(await api.addProduct({ ...change, id }));
  }

  async change(product: Product, change: ProductChange): Promise<Asked<Product>> {
    const answer = this.took(await api.changeProduct(product.id, change));
    // Its name or place may have moved it.
    if (answer.did === 'fine') void this.list.load();
    return answer;
  }

  async remove(product: Product): Promise<Asked<null>> {
    const answer = await api.removeProduct(product.id);
    const isGone = answer.did === 'fine' || (answer.did === 'refused' && answer.status === 404);
    if (!isGone) return answer;
    this.drop(product.id);
    return { did: 'fine', body: null };
  }

  async setPicture(product: Product, file: File, onpart: (part: number) => void): Promise<Asked<Product>> {
    return this.took(await api.setPicture(product.id, file, onpart));
  }

  async dropPicture(product: Product): Promise<Asked<Product>> {
    const answer = await api.dropPicture(product.id);
    if (answer.did !== 'fine') return answer;
    return this.took({ did: 'fine', body: answer.body ?? { ...product, image: null } });
  }

  newId(): string {
    return uuidv7();
  }

  private async atOnce(product: Product, change: Partial<Product> & ProductChange): Promise<Asked<Product>> {
    this.pending = new Map(this.pending).set(product.id, { ...this.pending.get(product.id), ...change });
    const answer = await api.changeProduct(product.id, change);
    this.took(answer);
    // A later tap on the same field is still on its way.
    const rest = Object.fromEntries(
      Object.entries(this.pending.get(product.id) ?? {}).filter(
        ([field, value]) => !(field in change) || change[field as keyof typeof change] !== value,
      ),
    );
    const pending = new Map(this.pending);
    if (Object.keys(rest).length > 0) pending.set(product.id, rest);
    else pending.delete(product.id);
    this.pending = pending;
    return answer;
  }

  private took(answer: Asked<Product>): Asked<Product> {
    if (answer.did === 'fine') this.put(answer.body);
    return answer;
  }
}
