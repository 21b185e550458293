import { expect, it } from 'vitest';
import type { Product } from '$lib/api/types';
import { productChange, productForm, wholeOf } from './product-form';

const product: Product = {
  id: 'p',
  sku: 'M1',
  name: 'Nasi',
  description: '',
  category: 'c1',
  category_name: 'Nasi',
  price: 12_500,
  image: null,
  is_available: true,
  modifier_groups: ['g1', 'g2'],
  barcode: '',
  station: '',
  sort_order: 3,
};

it('writes only what differs', () => {
  const form = productForm(product);
  expect(productChange(form, product)).toEqual({});
  expect(productChange({ ...form, name: ' Nasi Uduk ', price: 13_000 }, product)).toEqual({
    name: 'Nasi Uduk',
    price: 13_000,
  });
  expect(productChange({ ...form, modifier_groups: ['g2'], sort_order: '4' }, product)).toEqual({
    modifier_groups: ['g2'],
    sort_order: 4,
  });
});

it('writes what a new one must have', () => {
  expect(productChange({ ...productForm(null, 'c2'), name: 'Es', price: 0 }, null)).toEqual({
    name: 'Es',
    category: 'c2',
    price: 0,
  });
});

it('knows a whole number', () => {
  expect([wholeOf(' 12 '), wholeOf('-3'), wholeOf(''), wholeOf('1,5')]).toEqual([12, -3, null, null]);
});
