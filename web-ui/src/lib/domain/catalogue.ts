/** What the outlet sells, as a till looks it up. Pure: a change makes a new catalogue. */

import type {
  CatalogueChange,
  Category,
  Modifier,
  ModifierGroup,
  Outlet,
  Product,
  Promotion,
} from '$lib/api/types';

/** What the hub said, as it said it. */
export interface CatalogueRows {
  outlet: Outlet | null;
  categories: Category[];
  products: Product[];
  groups: ModifierGroup[];
  modifiers: Modifier[];
  promotions: Promotion[];
}

export const EMPTY_ROWS: CatalogueRows = {
  outlet: null,
  categories: [],
  products: [],
  groups: [],
  modifiers: [],
  promotions: [],
};

/** A group with the answers that belong to it. */
export interface Choice extends ModifierGroup {
  options: Modifier[];
}

interface Placed {
  sort_order: number;
  name: string;
}

const byPlace = (a: Placed, b: Placed) => a.sort_order - b.sort_order || a.name.localeCompare(b.name);

/** The rows, ready to be looked up. */
export class Catalogue {
  readonly rows: CatalogueRows;
  /** Shelves with something on them, in order. */
  readonly categories: readonly Category[];
  /** Everything on active shelves, in the order of the shelves. */
  readonly products: readonly Product[];
  /** Kitchen stations, in the order of the shelves that name them. */
  readonly stations: readonly string[];
  private readonly productById: ReadonlyMap<string, Product>;
  private readonly groupById: ReadonlyMap<string, Choice>;
  private readonly modifierById: ReadonlyMap<string, Modifier>;
  private readonly haystack: ReadonlyMap<string, string>;

  constructor(rows: CatalogueRows) {
    this.rows = rows;
    const shelves = rows.categories.filter((category) => category.is_active).sort(byPlace);
    const place = new Map(shelves.map((category, index) => [category.id, index]));
    this.products = rows.products
      .filter((product) => place.has(product.category))
      .sort((a, b) => (place.get(a.category) ?? 0) - (place.get(b.category) ?? 0) || byPlace(a, b));
    const used = new Set(this.products.map((product) => product.category));
    this.categories = shelves.filter((category) => used.has(category.id));
    this.stations = [...new Set(shelves.map((category) => category.station).filter((name) => name !== ''))];
    this.productById = new Map(rows.products.map((product) => [product.id, product]));
    this.modifierById = new Map(rows.modifiers.map((modifier) => [modifier.id, modifier]));
    this.groupById = new Map(
      rows.groups.map((group) => [
        group.id,
        { ...group, options: rows.modifiers.filter((modifier) => modifier.group === group.id).sort(byPlace) },
      ]),
    );
    this.haystack = new Map(
      this.products.map((product) => [product.id, fold(`${product.name} ${product.sku} ${product.barcode}`)]),
    );
  }

  get isEmpty(): boolean {
    return this.products.length === 0;
  }

  product(id: string): Product | undefined {
    return this.productById.get(id);
  }

  modifier(id: string): Modifier | undefined {
    return this.modifierById.get(id);
  }

  /** The questions that a product asks, in the order in which they are asked; questions without answers are none. */
  choices(product: Product): Choice[] {
    return product.modifier_groups
      .map((id) => this.groupById.get(id))
      .filter((choice): choice is Choice => choice !== undefined && choice.options.length > 0);
  }

  /** What to show: of one shelf, or whatever has every word of the search in it. */
  browse(category: string | null, search: string): readonly Product[] {
    const words = fold(search).split(' ').filter(Boolean);
    if (words.length > 0) {
      return this.products.filter((product) => {
        const text = this.haystack.get(product.id) ?? '';
        return words.every((word) => text.includes(word));
      });
    }
    return category === null
      ? this.products
      : this.products.filter((product) => product.category === category);
  }

  /** The product whose barcode or code was scanned or typed whole. */
  byCode(code: string): Product | undefined {
    const wanted = code.trim().toLowerCase();
    if (wanted === '') return undefined;
    return this.products.find(
      (product) => product.barcode.toLowerCase() === wanted || product.sku.toLowerCase() === wanted,
    );
  }
}

/** Lower case without accents, single spaces: how a search is compared. */
export function fold(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .trim();
}

function put<T extends { id: string }>(rows: readonly T[], row: T): T[] {
  const at = rows.findIndex((known) => known.id === row.id);
  return at < 0 ? [...rows, row] : rows.with(at, row);
}

const without = <T extends { id: string }>(rows: readonly T[], id: string) =>
  rows.filter((row) => row.id !== id);

/** The rows after a change that the hub told of. */
export function applyCatalogueChange(rows: CatalogueRows, change: CatalogueChange): CatalogueRows {
  switch (change.kind) {
    case 'outlet':
      return { ...rows, outlet: change.value };
    case 'category':
      return { ...rows, categories: put(rows.categories, change.value) };
    case 'category_removed':
      return { ...rows, categories: without(rows.categories, change.value) };
    case 'modifier_group':
      return { ...rows, groups: put(rows.groups, change.value) };
    case 'modifier_group_removed':
      return { ...rows, groups: without(rows.groups, change.value) };
    case 'modifier':
      return { ...rows, modifiers: put(rows.modifiers, change.value) };
    case 'modifier_removed':
      return { ...rows, modifiers: without(rows.modifiers, change.value) };
    case 'product':
      return { ...rows, products: put(rows.products, named(rows, change.value)) };
    case 'product_removed':
      return { ...rows, products: without(rows.products, change.value) };
    case 'promotion_removed':
      return { ...rows, promotions: without(rows.promotions, change.value) };
    default:
      // A promotion, of which only the name is told, or a kind of a newer hub: the next load of the catalogue brings it.
      return rows;
  }
}

/** A product in the stream carries neither its category's name nor its station; the shelf knows both. */
function named(rows: CatalogueRows, product: Product): Product {
  const shelf = rows.categories.find((category) => category.id === product.category);
  return shelf ? { ...product, category_name: shelf.name, station: shelf.station } : product;
}
