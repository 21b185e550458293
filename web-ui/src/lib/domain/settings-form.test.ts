import { describe, expect, it } from 'vitest';
import type { HubSettings, Outlet } from '$lib/api/types';
import {
  example,
  faultsOf,
  outletChange,
  rateOf,
  rateText,
  settingsChange,
  settingsForm,
} from './settings-form';

const OUTLET: Outlet = {
  id: 1,
  name: 'Warung Uji',
  address: 'Jl. Kemang 1',
  currency: 'IDR',
  currency_exponent: 0,
  time_zone: 'Asia/Jakarta',
  business_day_start_hour: 4,
  language: 'id',
  service_rate_bp: 500,
  service_base: 'after_discount',
  tax_rate_bp: 1_050,
  tax_included: false,
  cash_rounding_unit: 100,
  cash_rounding_mode: 'nearest',
} as Outlet;
const SETTINGS: HubSettings = {
  cashier_discount_max_bp: 1_000,
  backup_time: '05:00',
  backups_kept: 7,
  guests_kept_days: 0,
};
const form = () => settingsForm(OUTLET, SETTINGS, 'id');

describe('rates', () => {
  it('are read as people type them', () => {
    expect(['10', ' 10,5 ', '10.25 %', '0', '100'].map(rateOf)).toEqual([1_000, 1_050, 1_025, 0, 10_000]);
    expect(['', '-1', '100,01', '10,555', 'ten', '1.000,5'].map(rateOf)).toEqual(Array(6).fill(null));
  });
  it('are written so that they read back', () => {
    for (const rate of [0, 5, 50, 1_050, 10_000]) {
      expect(rateOf(rateText(rate, 'id'))).toBe(rate);
      expect(rateOf(rateText(rate, 'en'))).toBe(rate);
    }
  });
});

describe('the form', () => {
  it('changes nothing where nothing was changed', () => {
    expect(faultsOf(form())).toEqual({});
    expect(outletChange(form(), OUTLET)).toEqual({});
    expect(settingsChange(form(), SETTINGS)).toEqual({});
  });
  it('sends only what differs', () => {
    const changed = {
      ...form(),
      name: ' Warung Baru ',
      tax_rate: '11',
      cash_rounding_unit: '500',
      backups_kept: '14',
    };
    expect(outletChange(changed, OUTLET)).toEqual({
      name: 'Warung Baru',
      tax_rate_bp: 1_100,
      cash_rounding_unit: 500,
    });
    expect(settingsChange(changed, SETTINGS)).toEqual({ backups_kept: 14 });
  });
  it('names every field that is wrong', () => {
    const wrong = {
      ...form(),
      name: ' ',
      service_rate: 'x',
      tax_rate: '101',
      cashier_discount_max: '',
      backup_time: '5',
      backups_kept: '0',
      guests_kept_days: '-1',
    };
    expect(faultsOf(wrong)).toEqual({
      name: 'missing',
      service_rate: 'rate',
      tax_rate: 'rate',
      cashier_discount_max: 'rate',
      backup_time: 'time',
      backups_kept: 'count',
      guests_kept_days: 'days',
    });
  });
});

describe('the example', () => {
  it('is a bill by the rules of the till', () => {
    const { bill, rounding, payable } = example(
      { ...OUTLET, tax_rate_bp: 1_000, cash_rounding_unit: 500 },
      0,
    );
    expect(bill).toMatchObject({
      subtotal: 96_500,
      discount: 9_650,
      service: 4_343,
      tax: 9_119,
      total: 100_312,
    });
    expect([rounding, payable]).toEqual([188, 100_500]);
  });
  it('is as small a meal in a currency with cents', () => {
    expect(example(OUTLET, 2).bill.subtotal).toBe(9_650);
  });
});
