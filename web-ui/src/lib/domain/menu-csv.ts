/** The menu as a table: written from products, and read into what would be added and what changed. */

import type { Category, Product, ProductChange } from '$lib/api/types';
import { parseAmount, plainAmount } from './amount';
import { parseCsv, plainCell, writeCsv, type CsvRow } from './csv';

export const COLUMNS = [
  'sku',
  'name',
  'category',
  'price',
  'is_available',
  'barcode',
  'description',
] as const;
export type Column = (typeof COLUMNS)[number];

/** More rows than a menu has; a file that is longer is another file. */
export const ROWS_MAX = 5_000;

const LIMITS: Partial<Record<Column, number>> = { sku: 40, name: 120, barcode: 40, description: 2_000 };

/** Headings as people write them. */
const HEADINGS: Record<string, Column> = {
  kode: 'sku',
  nama: 'name',
  'nama produk': 'name',
  kategori: 'category',
  harga: 'price',
  tersedia: 'is_available',
  available: 'is_available',
  deskripsi: 'description',
  keterangan: 'description',
};

const YES = new Set(['1', 'true', 'yes', 'y', 'ya', 'benar', 'tersedia', 'ada', 'available']);
const NO = new Set(['0', 'false', 'no', 'n', 'tidak', 'salah', 'habis', 'kosong', 'sold out']);
/** What a spreadsheet makes of a long number. */
const SHORTENED = /^\d(?:[.,]\d+)?e\+?\d+$/i;

export type Reason =
  | { why: 'cells' | 'no_sku' | 'no_name' | 'no_category' | 'no_price' | 'sku_shared' }
  | { why: 'category_unknown' | 'price' | 'is_available' | 'shortened'; text: string }
  | { why: 'sku_again'; line: number }
  | { why: 'too_long'; column: Column; max: number };

export interface Difference {
  column: Column;
  from: string;
  to: string;
}

interface At {
  line: number;
  sku: string;
  name: string;
}

export interface AddRow extends At {
  kind: 'add';
  body: ProductChange & { id: string };
}
export interface ChangeRow extends At {
  kind: 'change';
  id: string;
  body: ProductChange;
  differences: Difference[];
}
export interface SameRow extends At {
  kind: 'same';
}
export interface RefusedRow extends At {
  kind: 'refused';
  reason: Reason;
}
export type PlanRow = AddRow | ChangeRow | SameRow | RefusedRow;

export type Plan =
  | { fault: null; rows: PlanRow[]; ignored: string[] }
  | { fault: 'empty' | 'no_sku_column' }
  | { fault: 'quote'; line: number }
  | { fault: 'too_many'; count: number };

/** What the file is held against. */
export interface Known {
  products: readonly Product[];
  categories: readonly Category[];
  exponent: number;
  newId: () => string;
}

export function menuCsv(products: readonly Product[], exponent: number): string {
  return writeCsv([
    COLUMNS,
    ...products.map((product) => COLUMNS.map((name) => cell(product, name, exponent))),
  ]);
}

function cell(product: Product, column: Column, exponent: number): string {
  if (column === 'category') return product.category_name;
  if (column === 'price') return plainAmount(product.price, exponent);
  if (column === 'is_available') return product.is_available ? 'ya' : 'tidak';
  return product[column];
}

const isColumn = (name: string): name is Column => (COLUMNS as readonly string[]).includes(name);
const folded = (text: string) => text.trim().toLowerCase();

/** What a file would do. Nothing is done yet; ids of what is new are made here, so that they outlast an attempt. */
export function planOf(text: string, known: Known): Plan {
  const csv = parseCsv(text);
  if (csv.fault === 'quote') return { fault: 'quote', line: csv.line };
  const [head, ...rows] = csv.rows;
  if (!head || rows.length === 0) return { fault: 'empty' };
  if (rows.length > ROWS_MAX) return { fault: 'too_many', count: rows.length };
  const headings = head.cells.map((heading) => {
    const name = folded(heading);
    return HEADINGS[name] ?? (isColumn(name) ? name : null);
  });
  if (!headings.includes('sku')) return { fault: 'no_sku_column' };
  const ignored = head.cells.filter((heading, at) => headings[at] === null && heading.trim() !== '');
  const reader = new Reader(headings, known);
  return { fault: null, rows: rows.map((row) => reader.read(row)), ignored };
}

class Reader {
  private readonly bySku = new Map<string, Product[]>();
  private readonly categoryByName = new Map<string, Category>();
  private readonly lineBySku = new Map<string, number>();

  constructor(
    private readonly headings: readonly (Column | null)[],
    private readonly known: Known,
  ) {
    for (const product of known.products) {
      const sku = folded(product.sku);
      if (sku !== '') this.bySku.set(sku, [...(this.bySku.get(sku) ?? []), product]);
    }
    for (const category of known.categories) this.categoryByName.set(folded(category.name), category);
  }

  read(row: CsvRow): PlanRow {
    const values = new Map<Column, string>();
    this.headings.forEach((column, at) => {
      if (column !== null) values.set(column, plainCell(row.cells[at] ?? ''));
    });
    const sku = values.get('sku') ?? '';
    const known = this.bySku.get(folded(sku)) ?? [];
    const at = { line: row.line, sku, name: values.get('name') || known[0]?.name || '' };
    const refused = (reason: Reason): PlanRow => ({ kind: 'refused', ...at, reason });

    if (row.cells.slice(this.headings.length).some((text) => text.trim() !== '')) {
      return refused({ why: 'cells' });
    }
    if (sku === '') return refused({ why: 'no_sku' });
    const before = this.lineBySku.get(folded(sku));
    if (before !== undefined) return refused({ why: 'sku_again', line: before });
    this.lineBySku.set(folded(sku), row.line);
    if (known.length > 1) return refused({ why: 'sku_shared' });

    const body = this.bodyOf(values);
    if ('why' in body) return refused(body);
    const [product] = known;
    return product ? this.change(at, product, body) : this.add(at, body);
  }

  /** What is written of a row: empty cells leave what is there, except those that may be emptied. */
  private bodyOf(values: ReadonlyMap<Column, string>): ProductChange | Reason {
    const body: ProductChange = {};
    for (const [column, text] of values) {
      const max = LIMITS[column];
      if (max !== undefined && [...text].length > max) return { why: 'too_long', column, max };
      if ((column === 'barcode' || column === 'sku') && SHORTENED.test(text))
        return { why: 'shortened', text };
      if (column === 'sku' || column === 'barcode' || column === 'description') {
        body[column] = text;
      } else if (text === '') {
        continue;
      } else if (column === 'name') {
        body.name = text;
      } else if (column === 'category') {
        const category = this.categoryByName.get(folded(text));
        if (!category) return { why: 'category_unknown', text };
        body.category = category.id;
      } else if (column === 'price') {
        const price = parseAmount(text, this.known.exponent);
        if (price === null) return { why: 'price', text };
        body.price = price;
      } else {
        const word = folded(text);
        if (!YES.has(word) && !NO.has(word)) return { why: 'is_available', text };
        body.is_available = YES.has(word);
      }
    }
    return body;
  }

  private add(at: At, body: ProductChange): PlanRow {
    if (body.name === undefined) return { kind: 'refused', ...at, reason: { why: 'no_name' } };
    if (body.category === undefined) return { kind: 'refused', ...at, reason: { why: 'no_category' } };
    if (body.price === undefined) return { kind: 'refused', ...at, reason: { why: 'no_price' } };
    return { kind: 'add', ...at, body: { ...body, id: this.known.newId() } };
  }

  private change(at: At, product: Product, body: ProductChange): PlanRow {
    const { exponent } = this.known;
    // The code found the product; how it is capitalised is not what the row is about.
    const kept = Object.entries(body).filter(
      ([field, value]) => field !== 'sku' && product[field as keyof Product] !== value,
    );
    if (kept.length === 0) return { kind: 'same', ...at };
    const after = { ...product, ...Object.fromEntries(kept) } as Product;
    after.category_name =
      this.known.categories.find((category) => category.id === after.category)?.name ?? product.category_name;
    const differences = kept.map(([field]) => {
      const column = field as Column;
      return { column, from: cell(product, column, exponent), to: cell(after, column, exponent) };
    });
    const { id } = product;
    return { kind: 'change', ...at, id, body: Object.fromEntries(kept) as ProductChange, differences };
  }
}
