import { describe, expect, it } from 'vitest';
import { applyCatalogueChange, Catalogue, EMPTY_ROWS } from './catalogue';
import { changeOf, correctedPayment, keyIn, payableInCash, quickCash } from './cash';
import { mayBecome, statusFromWord, statusOfItems, typeFromWord } from './status';
import { uuidMaker, uuidTimeMs, uuidv7 } from './uuid';
import { keyAction } from '../components/kitchen/keys';
import { ground, initials } from '../components/menu/look';
import type { Category, Product, Promotion } from '../api/types';

describe('UUIDv7', () => {
  it('only grows, even when the clock steps back', () => {
    let ms = 1_790_000_000_000;
    const make = uuidMaker({ nowMs: () => ms, random: (bytes) => void crypto.getRandomValues(bytes) });
    const made: string[] = [];
    for (let index = 0; index < 10_000; index += 1) {
      if (index === 5_000) ms -= 60_000;
      made.push(make());
    }
    expect([...made].sort()).toEqual(made);
    expect(new Set(made).size).toBe(made.length);
  });

  it('carries its time, version and variant', () => {
    const id = uuidv7();
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(Math.abs((uuidTimeMs(id) ?? 0) - Date.now())).toBeLessThan(1_000);
    expect([uuidTimeMs('4711'), uuidTimeMs(4711), uuidTimeMs(crypto.randomUUID())]).toEqual([
      null,
      null,
      null,
    ]);
  });
});

describe('cash', () => {
  it('offers the exact amount in coins, and likely notes', () => {
    const charges = {
      service_rate_bp: 0,
      service_base: 'after_discount' as const,
      tax_rate_bp: 0,
      tax_included: false,
      cash_rounding_unit: 500,
      cash_rounding_mode: 'nearest' as const,
    };
    expect(payableInCash(92_885, charges)).toEqual({ rounding: 115, payable: 93_000 });
    expect(quickCash(93_500, 'IDR', 0)).toEqual([94_000, 95_000, 100_000]);
    expect(quickCash(100_000, 'IDR', 0)).toEqual([]);
    expect(quickCash(0, 'IDR', 0)).toEqual([]);
    expect(quickCash(1_234, 'USD', 2)).toEqual([2_000, 5_000, 10_000]);
    expect(changeOf(100_000, 93_500)).toBe(6_500);
  });

  it('follows a corrected total, as far as the money goes', () => {
    const charges = {
      service_rate_bp: 0,
      service_base: 'after_discount' as const,
      tax_rate_bp: 0,
      tax_included: false,
      cash_rounding_unit: 500,
      cash_rounding_mode: 'nearest' as const,
    };
    const paid = (method: string, tendered: number, with_order = true) => ({
      kind: 'payment' as const,
      body: { id: 'p', order: 'o', method, amount: 92_885, tendered },
      rounding: 115,
      change: 0,
      with_order,
    });
    expect(correctedPayment(paid('cash', 100_000), 92_885, 99_815, charges)).toMatchObject({
      body: { amount: 99_815 },
      rounding: 185,
      change: 0,
    });
    expect(correctedPayment(paid('cash', 93_000), 92_885, 99_815, charges)).toBeNull();
    expect(correctedPayment(paid('card', 0), 92_885, 90_000, charges)?.body.amount).toBe(90_000);
    expect(correctedPayment(paid('card', 0), 92_885, 99_815, charges)).toBeNull();
    expect(correctedPayment(paid('cash', 100_000, false), 92_885, 99_815, charges)).toBeNull();
    expect(correctedPayment(paid('cash', 100_000), 50_000, 99_815, charges)).toBeNull();
  });

  it('is keyed in digit by digit, up to a limit', () => {
    expect(['1', '000', '5', 'back', '0'].reduce(keyIn, 0)).toBe(10_000);
    expect(keyIn(0, '000')).toBe(0);
    expect(keyIn(999_999_999_999, '9')).toBe(999_999_999_999);
    expect(keyIn(5, 'clear')).toBe(0);
  });
});

describe('states', () => {
  it('leave no final one, and know the words of old screens', () => {
    const all = ['open', 'sent', 'preparing', 'ready', 'served', 'closed', 'cancelled'] as const;
    for (const to of all) {
      expect(mayBecome('closed', to)).toBe(false);
      expect(mayBecome('cancelled', to)).toBe(false);
      expect(mayBecome(to, 'open')).toBe(false);
    }
    expect(mayBecome('served', 'ready')).toBe(true);
    expect(['pending', 'cooking', 'delivered', 'x', 5].map(statusFromWord)).toEqual([
      'sent',
      'preparing',
      'served',
      null,
      null,
    ]);
    expect(['dine-in', 'takeaway', 'constructor', null].map(typeFromWord)).toEqual([
      'dine_in',
      'take_away',
      null,
      null,
    ]);
  });

  it('of items make that of their order', () => {
    const of = (...statuses: ('sent' | 'preparing' | 'ready' | 'served' | 'voided')[]) =>
      statusOfItems(
        statuses.map((status) => ({ status })),
        'sent',
      );
    expect([
      of('sent', 'ready'),
      of('ready', 'served'),
      of('ready', 'voided'),
      of('sent'),
      of('voided'),
    ]).toEqual(['preparing', 'ready', 'ready', 'sent', 'sent']);
  });
});

describe('the menu', () => {
  const category = (id: string, more: Partial<Category> = {}): Category => ({
    id,
    name: id,
    station: 'dapur',
    sort_order: 0,
    is_active: true,
    ...more,
  });
  const product = (id: string, of: string, more: Partial<Product> = {}): Product => ({
    id,
    sku: id.toUpperCase(),
    name: id,
    description: '',
    category: of,
    category_name: '',
    price: 1,
    image: null,
    is_available: true,
    modifier_groups: [],
    barcode: '',
    station: '',
    sort_order: 0,
    ...more,
  });
  const rows = {
    ...EMPTY_ROWS,
    categories: [
      category('minum', { sort_order: 2, station: 'bar' }),
      category('makan'),
      category('mati', { is_active: false }),
    ],
    products: [
      product('es teh', 'minum'),
      product('soto', 'makan', { sort_order: 2 }),
      product('crème brûlée', 'makan', { barcode: '899' }),
      product('gone', 'mati'),
    ],
  };

  it('is in the order of its shelves, without those that are off', () => {
    const catalogue = new Catalogue(rows);
    expect(catalogue.products.map((each) => each.id)).toEqual(['crème brûlée', 'soto', 'es teh']);
    expect(catalogue.categories.map((each) => each.id)).toEqual(['makan', 'minum']);
    expect(catalogue.stations).toEqual(['dapur', 'bar']);
  });

  it('is found by part of a word, without accents, and by code', () => {
    const catalogue = new Catalogue(rows);
    expect(catalogue.browse(null, 'BRUL creme').map((each) => each.id)).toEqual(['crème brûlée']);
    expect(catalogue.browse('minum', '').map((each) => each.id)).toEqual(['es teh']);
    expect(catalogue.byCode(' 899 ')?.id).toBe('crème brûlée');
    expect(catalogue.byCode('soto')?.id).toBe('soto');
    expect(catalogue.byCode('')).toBeUndefined();
  });

  it('forgets a promotion that is taken away, and waits for what one that changed now says', () => {
    const known = { ...rows, promotions: [{ id: 'x' } as Promotion] };
    expect(applyCatalogueChange(known, { kind: 'promotion_removed', value: 'x' }).promotions).toEqual([]);
    expect(applyCatalogueChange(known, { kind: 'promotion', value: 'x' })).toBe(known);
  });

  it('changes as the hub says, and knows what the stream leaves out', () => {
    const soldOut = product('es teh', 'minum', { is_available: false });
    const changed = applyCatalogueChange(rows, { kind: 'product', value: soldOut });
    expect(changed.products[0]).toMatchObject({
      is_available: false,
      station: 'bar',
      category_name: 'minum',
    });
    expect(
      applyCatalogueChange(changed, { kind: 'category_removed', value: 'minum' }).categories,
    ).toHaveLength(2);
    expect(applyCatalogueChange(rows, { kind: 'new_kind' } as never)).toBe(rows);
  });
});

describe('a bump bar', () => {
  it('selects, and bumps what is selected', () => {
    expect(keyAction('3', -1, 5)).toEqual({ do: 'select', index: 2 });
    expect(keyAction('3', 2, 5)).toEqual({ do: 'bump', index: 2 });
    expect(keyAction('9', -1, 5)).toBeNull();
    expect(keyAction('ArrowRight', -1, 5)).toEqual({ do: 'select', index: 0 });
    expect(keyAction('ArrowRight', 4, 5)).toEqual({ do: 'select', index: 4 });
    expect(keyAction('ArrowLeft', 0, 5)).toEqual({ do: 'select', index: 0 });
    expect(keyAction('Enter', -1, 5)).toBeNull();
    expect(keyAction('Enter', 1, 5)).toEqual({ do: 'bump', index: 1 });
    expect(keyAction('R', 1, 5)).toEqual({ do: 'recall' });
    expect(keyAction('x', 1, 5)).toBeNull();
  });
});

describe('a tile without a picture', () => {
  it('shows initials on a colour that stays', () => {
    expect(['Nasi Goreng Spesial', 'soto', 'Sate Ayam (10)', '(es) teh', ''].map(initials)).toEqual([
      'NG',
      'SO',
      'SA',
      'TE',
      '',
    ]);
    expect(ground('Soto')).toBe(ground('Soto'));
  });
});
