import { describe, expect, it } from 'vitest';
import type { PromotionBody } from '$lib/api/promotion-types';
import { promotionsEn } from '$lib/i18n/parts/promotions.en';
import { promotionsId } from '$lib/i18n/parts/promotions.id';
import { DEFAULT_FIGURES } from './format';
import { promotionBody, promotionForm } from './promotion-form';
import { sentenceOf, type Teller } from './promotion-sentence';

const NAMES: Record<string, string> = {
  drinks: 'Minuman',
  rice: 'Nasi',
  coffee: 'Kopi Tubruk',
  fried: 'Nasi Goreng',
  tea: 'Es Teh',
};
const nameOf: Teller['nameOf'] = (_kind, id) => NAMES[id] ?? null;
const indonesian: Teller = { say: promotionsId.say, locale: 'id', figures: DEFAULT_FIGURES, nameOf };
const english: Teller = { say: promotionsEn.say, locale: 'en', figures: DEFAULT_FIGURES, nameOf };

const promotion = (change: Partial<PromotionBody>): PromotionBody => ({
  ...promotionBody(promotionForm(null)),
  percent_bp: 2_000,
  ...change,
});
const both = (change: Partial<PromotionBody>, isWhole = false) =>
  [indonesian, english].map((teller) =>
    sentenceOf(promotion(change), teller, isWhole).replace(/\u00a0/g, ' '),
  );

describe('the sentence of a promotion', () => {
  it('says what is taken off, of what and when', () => {
    const happyHour = { days: [1, 2, 3, 4, 5], start_time: '14:00', end_time: '17:00' };
    expect(both({ scope: 'category', categories: ['drinks'], ...happyHour })).toEqual([
      'Diskon 20 % untuk Minuman, Sen–Jum 14.00–17.00',
      '20 % off Minuman, Mon–Fri 14:00–17:00',
    ]);
    expect(both({ kind: 'amount', percent_bp: null, amount: 10_000 })).toEqual([
      'Potongan Rp 10.000 untuk seluruh pesanan',
      'Rp 10,000 off the whole order',
    ]);
  });

  it('says what is got, and whether it is free', () => {
    const coffee = { scope: 'product', products: ['coffee'], buy_quantity: 2, get_quantity: 1 } as const;
    expect(both({ kind: 'buy_get', ...coffee, products: ['coffee'], percent_bp: 10_000 })).toEqual([
      'Beli 2 gratis 1: Kopi Tubruk',
      'Buy 2, get 1 free: Kopi Tubruk',
    ]);
    expect(both({ kind: 'buy_get', buy_quantity: 1, get_quantity: 1, percent_bp: 5_050 })).toEqual([
      'Beli 1, dapat 1 dengan diskon 50,5 %: semua menu',
      'Buy 1, get 1 at 50.5 % off: the whole menu',
    ]);
  });

  it('says what is in a bundle', () => {
    const parts = [
      { product: 'fried', category: null, quantity: 2 },
      { product: null, category: 'drinks', quantity: 1 },
    ];
    expect(both({ kind: 'bundle', percent_bp: null, amount: 55_000, parts })).toEqual([
      'Paket 2 Nasi Goreng + 1 pilihan Minuman seharga Rp 55.000',
      '2 Nasi Goreng + 1 of Minuman for Rp 55,000',
    ]);
  });

  it('says its code, its dates and its limits', () => {
    const limits = {
      trigger: 'code',
      code: 'HEMAT10',
      min_spend: 50_000,
      max_uses: 100,
      is_exclusive: true,
      start_date: '2026-11-01',
      end_date: '2026-11-30',
    } as const;
    expect(both(limits, true)).toEqual([
      'Diskon 20 % untuk seluruh pesanan, mulai 1 Nov 2026 sampai 30 Nov 2026, dengan kode HEMAT10, belanja minimal Rp 50.000, paling banyak 100 kali, tidak digabung dengan promosi lain',
      '20 % off the whole order, from 1 Nov 2026 until 30 Nov 2026, with the code HEMAT10, from Rp 50,000 spent, 100 times at most, not together with others',
    ]);
    expect(both({ start_date: '2026-12-24', end_date: '2026-12-24' })[1]).toBe(
      '20 % off the whole order, on 24 Dec 2026',
    );
  });

  it('counts names where there are many, or where they are not known', () => {
    const of = (products: string[]) => both({ scope: 'product', products })[0];
    expect(of(['coffee', 'tea'])).toBe('Diskon 20 % untuk Kopi Tubruk dan Es Teh');
    expect(of(['coffee', 'tea', 'fried'])).toBe('Diskon 20 % untuk Kopi Tubruk, Es Teh dan 1 lainnya');
    expect(of(['coffee', 'gone'])).toBe('Diskon 20 % untuk 2 menu');
  });

  it('says that it ends on the next day, and joins days that are apart', () => {
    expect(both({ days: [1, 5, 6, 7], start_time: '22:00', end_time: '02:00' })).toEqual([
      'Diskon 20 % untuk seluruh pesanan, Sen dan Jum–Min 22.00–02.00 (esok harinya)',
      '20 % off the whole order, Mon and Fri–Sun 22:00–02:00 (the next day)',
    ]);
  });

  it('leaves a gap where nothing was entered', () => {
    expect(both({ percent_bp: null, scope: 'product' })[0]).toBe('Diskon … untuk …');
    expect(both({ kind: 'bundle', percent_bp: null, amount: null })[1]).toBe('… for …');
  });
});
