import { describe, expect, it } from 'vitest';
import type { Category, Product } from '$lib/api/types';
import { menuCsv, planOf, ROWS_MAX, type Known, type PlanRow } from './menu-csv';

const category = (id: string, name: string): Category => ({
  id,
  name,
  station: '',
  sort_order: 0,
  is_active: true,
});
const product = (sku: string, more: Partial<Product> = {}): Product => ({
  id: `id-${sku}`,
  sku,
  name: `Menu ${sku}`,
  description: '',
  category: 'c1',
  category_name: 'Nasi',
  price: 12_500,
  image: null,
  is_available: true,
  modifier_groups: [],
  barcode: '',
  station: '',
  sort_order: 0,
  ...more,
});

const known: Known = {
  products: [product('M1'), product('M2', { is_available: false }), product('X'), product('x')],
  categories: [category('c1', 'Nasi'), category('c2', 'Minuman')],
  exponent: 0,
  newId: () => 'new',
};

function rowsOf(text: string): PlanRow[] {
  const plan = planOf(text, known);
  return plan.fault === null ? plan.rows : [];
}
const HEAD = 'sku,name,category,price,is_available,barcode,description\n';
const reasonOf = (row: string) => {
  const [read] = rowsOf(HEAD + row);
  return read?.kind === 'refused' ? read.reason : read?.kind;
};

describe('the menu as a table', () => {
  it('comes back as it went', () => {
    const products = [
      product('M1', { name: '=Nasi "Uduk", besar', description: 'dua\nbaris' }),
      product('M2', { barcode: '0899', is_available: false }),
    ];
    const plan = planOf(menuCsv(products, 0), { ...known, products });
    expect(plan.fault === null && plan.rows.map((row) => row.kind)).toEqual(['same', 'same']);
  });

  it('changes what differs and adds what is new', () => {
    const rows = rowsOf(
      'Kode;Nama;Kategori;Harga;Tersedia\nm1;Menu M1;nasi;13.500;ya\nN9;Es Teh;MINUMAN;Rp 8.000;\nM2;;;;\n',
    );
    expect(rows).toEqual([
      {
        kind: 'change',
        line: 2,
        sku: 'm1',
        name: 'Menu M1',
        id: 'id-M1',
        body: { price: 13_500 },
        differences: [{ column: 'price', from: '12500', to: '13500' }],
      },
      {
        kind: 'add',
        line: 3,
        sku: 'N9',
        name: 'Es Teh',
        body: { id: 'new', sku: 'N9', name: 'Es Teh', category: 'c2', price: 8_000 },
      },
      { kind: 'same', line: 4, sku: 'M2', name: 'Menu M2' },
    ]);
    const [moved] = rowsOf('sku,category\nM1,Minuman\n');
    expect(moved).toMatchObject({ differences: [{ column: 'category', from: 'Nasi', to: 'Minuman' }] });
  });

  it('says why a row is refused', () => {
    expect(reasonOf(',Tanpa kode,Nasi,1000,ya,,')).toEqual({ why: 'no_sku' });
    expect(reasonOf('N1,,Nasi,1000,ya,,')).toEqual({ why: 'no_name' });
    expect(reasonOf('N1,A,,1000,ya,,')).toEqual({ why: 'no_category' });
    expect(reasonOf('N1,A,Nasi,,ya,,')).toEqual({ why: 'no_price' });
    expect(reasonOf('N1,A,Sushi,1000,ya,,')).toEqual({ why: 'category_unknown', text: 'Sushi' });
    expect(reasonOf('N1,A,Nasi,gratis,ya,,')).toEqual({ why: 'price', text: 'gratis' });
    expect(reasonOf('N1,A,Nasi,1000,mungkin,,')).toEqual({ why: 'is_available', text: 'mungkin' });
    expect(reasonOf('N1,A,Nasi,1000,ya,8.99E+12,')).toEqual({ why: 'shortened', text: '8.99E+12' });
    expect(reasonOf('X,A,Nasi,1000,ya,,')).toEqual({ why: 'sku_shared' });
    expect(reasonOf('N1,A,Nasi,1000,ya,,,,lebih')).toEqual({ why: 'cells' });
    expect(reasonOf(`N1,${'a'.repeat(121)},Nasi,1,ya,,`)).toEqual({
      why: 'too_long',
      column: 'name',
      max: 120,
    });
    expect(rowsOf(`${HEAD}M1,,,1,,,\nm1,,,2,,,\n`)[1]).toMatchObject({
      line: 3,
      reason: { why: 'sku_again', line: 2 },
    });
  });

  it('refuses a file that is none', () => {
    expect(planOf('', known)).toEqual({ fault: 'empty' });
    expect(planOf(HEAD, known)).toEqual({ fault: 'empty' });
    expect(planOf('nama,harga\nA,1\n', known)).toEqual({ fault: 'no_sku_column' });
    expect(planOf('sku\n"A', known)).toEqual({ fault: 'quote', line: 2 });
    const many = `sku\n${'a\n'.repeat(ROWS_MAX + 1)}`;
    expect(planOf(many, known)).toEqual({ fault: 'too_many', count: ROWS_MAX + 1 });
    expect(planOf('sku,warna\nM1,biru\n', known)).toMatchObject({ ignored: ['warna'] });
  });
});
