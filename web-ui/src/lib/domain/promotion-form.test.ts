import { describe, expect, it } from 'vitest';
import type { Promotion } from '$lib/api/promotion-types';
import {
  percentBpOf,
  percentText,
  promotionBody,
  promotionChange,
  promotionFaults,
  promotionForm,
  sectionsOf,
} from './promotion-form';

const known: Promotion = {
  id: 'p',
  name: 'Jam tenang',
  description: '',
  kind: 'percent',
  percent_bp: 1_250,
  amount: null,
  buy_quantity: null,
  get_quantity: null,
  parts: [],
  scope: 'category',
  categories: ['drinks'],
  products: [],
  trigger: 'automatic',
  code: '',
  days: [1, 2],
  start_time: '14:00:00',
  end_time: '17:00:00',
  start_date: null,
  end_date: '2026-12-31',
  min_spend: 0,
  max_uses: null,
  is_exclusive: false,
  priority: -5,
  is_active: true,
  uses: 3,
  state: 'running',
  next_change_at: null,
  created_at: '2026-11-01T10:00:00+07:00',
  updated_at: '2026-11-01T10:00:00+07:00',
};

describe('the form of a promotion', () => {
  it('writes nothing where nothing was changed', () => {
    expect(promotionChange(promotionForm(known), known)).toEqual({});
    const bundle: Promotion = {
      ...known,
      kind: 'bundle',
      percent_bp: null,
      amount: 55_000,
      parts: [{ product: 'a', category: null, quantity: 1 }],
      scope: 'order',
      categories: [],
      days: [],
    };
    expect(promotionChange(promotionForm(bundle), bundle)).toEqual({});
    const free: Promotion = {
      ...known,
      kind: 'buy_get',
      percent_bp: null,
      buy_quantity: 2,
      get_quantity: 1,
    };
    expect(promotionChange(promotionForm(free), free)).toEqual({});
  });

  it('writes only what differs', () => {
    const form = promotionForm(known);
    expect(promotionChange({ ...form, name: ' Jam sepi ', days: [1, 2, 3, 4, 5, 6, 7] }, known)).toEqual({
      name: 'Jam sepi',
      days: [],
    });
    expect(promotionChange({ ...form, isAllDay: true, priority: '10' }, known)).toEqual({
      start_time: null,
      end_time: null,
      priority: 10,
    });
  });

  it('empties what another kind has no use for', () => {
    const form = { ...promotionForm(known), kind: 'bundle', amount: 30_000 } as const;
    const parts = [{ product: 'a', category: null, quantity: 2 }];
    expect(promotionChange({ ...form, parts }, known)).toEqual({
      kind: 'bundle',
      percent_bp: null,
      amount: 30_000,
      parts,
      scope: 'order',
      categories: [],
    });
  });

  it('writes all of a new one', () => {
    const body = promotionChange(
      { ...promotionForm(null), name: 'Hemat', percent: '10', trigger: 'code', code: ' hemat10 ' },
      null,
    );
    expect(body).toMatchObject({ name: 'Hemat', percent_bp: 1_000, trigger: 'code', code: 'HEMAT10' });
    expect(Object.keys(body)).toHaveLength(23);
  });

  it('reads what is got for nothing as free', () => {
    const form = { ...promotionForm(null), kind: 'buy_get', buy: '2', get: '1' } as const;
    expect(promotionBody(form)).toMatchObject({ percent_bp: 10_000, buy_quantity: 2, get_quantity: 1 });
    expect(promotionBody({ ...form, percent: '50' }).percent_bp).toBe(5_000);
    expect(promotionFaults({ ...form, name: 'x', percent: 'half' })).toEqual({ percent_bp: 'percent' });
  });
});

describe('what is wrong with a promotion', () => {
  const faults = (change: object) => promotionFaults({ ...promotionForm(known), ...change });

  it('is nothing where it is whole', () => {
    expect(faults({})).toEqual({});
    expect(
      faults({ kind: 'bundle', amount: 0, parts: [{ product: 'a', category: null, quantity: 1 }] }),
    ).toEqual({});
  });

  it('is found in every field', () => {
    expect(faults({ name: ' ', percent: '0', categories: [] })).toEqual({
      name: 'name',
      percent_bp: 'percent',
      categories: 'categories',
    });
    expect(faults({ percent: '100,01' })).toEqual({ percent_bp: 'percent' });
    expect(faults({ kind: 'amount', amount: 0, scope: 'product' })).toEqual({
      amount: 'amount',
      products: 'products',
    });
    expect(faults({ kind: 'buy_get', buy: '0', get: '101' })).toEqual({
      buy_quantity: 'quantity',
      get_quantity: 'quantity',
    });
    expect(faults({ kind: 'bundle', amount: null })).toEqual({ amount: 'price', parts: 'parts' });
    expect(faults({ trigger: 'code', code: 'a b' })).toEqual({ code: 'code' });
    expect(faults({ days: [], start_time: '', end_time: '25:00' })).toEqual({
      days: 'days',
      start_time: 'time',
      end_time: 'time',
    });
    expect(faults({ start_date: '2027-01-01', max_uses: '0', priority: '1,5' })).toEqual({
      end_date: 'dates',
      max_uses: 'uses',
      priority: 'priority',
    });
  });

  it('opens the sections that it is in', () => {
    expect(sectionsOf({ amount: 'x', end_time: 'y', odd: 'z' })).toEqual(['gives', 'when']);
    expect(sectionsOf({ code: '' })).toEqual([]);
  });
});

it('reads and writes percentages', () => {
  expect(['20', '12,5', '12.55 %', '0,05', '', '1,234', 'a'].map(percentBpOf)).toEqual([
    2_000,
    1_250,
    1_255,
    5,
    null,
    null,
    null,
  ]);
  expect([2_000, 1_250, 5, null].map(percentText)).toEqual(['20', '12,5', '0,05', '']);
});
