/** The products, a page at a time, as a manager changes them. */

import type { Asked } from '$lib/api/identity';
import * as api from '$lib/api/menu';
import type { Category, Minor, ModifierGroup, Product, ProductChange } from '$lib/api/types';
import { uuidv7 } from '$lib/domain/uuid';
import { Listed } from './listed.svelte';

const USUAL_MS = 30_000;
const PAGE_SIZE = 50;
/** A search is asked once the fingers rest. */
const TYPED_MS = 200;

export type Ordering = '' | 'name' | '-name' | 'price' | '-price';

/** What a person looks for. */
export interface Wanted {
  search: string;
  /** Empty: all of them. */
  category: string;
  availability: '' | 'true' | 'false';
  ordering: Ordering;
  page: number;
}

const EVERYTHING: Wanted = { search: '', category: '', availability: '', ordering: '', page: 1 };

export class Products {
  wanted = $state.raw<Wanted>(EVERYTHING);
  count = $state(0);
  /** A change of what is wanted has not been answered yet. */
  isLooking = $state(false);
  readonly list = new Listed<Product>(() => this.askPage(), USUAL_MS);
  readonly categories = new Listed<Category>(api.categories, USUAL_MS * 2);
  readonly groups = new Listed<ModifierGroup>(api.groups, USUAL_MS * 2);
  /** What was tapped and is on its way: shown at once, taken back where the hub refuses. */
  private pending = $state.raw<ReadonlyMap<string, Partial<Product>>>(new Map());
  private typing: ReturnType<typeof setTimeout> | undefined;

  readonly rows = $derived(
    this.list.rows.map((row) => {
      const change = this.pending.get(row.id);
      return change ? { ...row, ...change } : row;
    }),
  );
  readonly pages = $derived(Math.max(1, Math.ceil(this.count / PAGE_SIZE)));
  readonly first = $derived((this.wanted.page - 1) * PAGE_SIZE + 1);
  readonly isNarrowed = $derived(
    this.wanted.search !== '' || this.wanted.category !== '' || this.wanted.availability !== '',
  );

  open(): () => void {
    const ends = [this.list.open(), this.categories.open(), this.groups.open()];
    return () => {
      clearTimeout(this.typing);
      for (const end of ends) end();
    };
  }

  /** Looks for something else, from its first page on. */
  want(change: Partial<Wanted>): void {
    this.wanted = { ...this.wanted, page: 1, ...change };
    this.isLooking = true;
    clearTimeout(this.typing);
    this.typing = setTimeout(() => void this.list.load(), change.search === undefined ? 0 : TYPED_MS);
  }

  wantAll(): void {
    this.want({ ...EVERYTHING, ordering: this.wanted.ordering });
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
    this.list.drop((other) => other.id === product.id);
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
    if (answer.did === 'fine') {
      const { body } = answer;
      const isSame = (other: Product) => other.id === body.id;
      // What is new stands where the hub's order puts it, perhaps on another page.
      if (this.list.rows.some(isSame)) this.list.put(body, isSame);
      else void this.list.load();
    }
    return answer;
  }

  private async askPage(): Promise<Product[]> {
    const { wanted } = this;
    const query: Record<string, string> = { page: String(wanted.page), page_size: String(PAGE_SIZE) };
    if (wanted.search.trim() !== '') query.search = wanted.search.trim();
    if (wanted.category !== '') query.category = wanted.category;
    if (wanted.availability !== '') query.is_available = wanted.availability;
    if (wanted.ordering !== '') query.ordering = wanted.ordering;
    try {
      const page = await api.productPage(query);
      this.count = page.count;
      return page.results;
    } catch (error) {
      // The last row of the last page is gone.
      if (!api.isNoPage(error) || wanted.page === 1) throw error;
      this.wanted = { ...wanted, page: 1 };
      return await this.askPage();
    } finally {
      if (wanted === this.wanted) this.isLooking = false;
    }
  }
}
