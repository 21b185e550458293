/** The form of the settings: what is typed, what of it is wrong, what of it is new, and what it makes of a bill. Pure. */

import type { HubSettings, HubSettingsChange, Minor, Outlet, OutletChange } from '$lib/api/types';
import type { Locale } from './format';
import { payableInCash } from './cash';
import { price, type Bill, type Charges } from './pricing';

export interface SettingsForm {
  name: string;
  address: string;
  language: string;
  time_zone: string;
  business_day_start_hour: string;
  service_rate: string;
  service_base: Charges['service_base'];
  tax_rate: string;
  tax_included: boolean;
  cash_rounding_unit: string;
  cash_rounding_mode: Charges['cash_rounding_mode'];
  cashier_discount_max: string;
  backup_time: string;
  backups_kept: string;
  guests_kept_days: string;
}

/** What is wrong with a field. */
export type Fault = 'missing' | 'rate' | 'time' | 'count' | 'days';
export type Faults = Partial<Record<keyof SettingsForm, Fault>>;

const BACKUPS_MAX = 365;
const DAYS_MAX = 36_500;

/** A rate as it is typed: `10` or `10,5` percent. In hundredths of a percent; nothing where it is none. */
export function rateOf(text: string): number | null {
  const bare = text.trim().replace('%', '').trim().replace(',', '.');
  if (!/^\d{1,3}(\.\d{1,2})?$/.test(bare)) return null;
  const rate = Math.round(Number(bare) * 100);
  return rate <= 10_000 ? rate : null;
}

/** A rate as it is typed. */
export function rateText(rateBp: number, locale: Locale): string {
  return String(rateBp / 100).replace('.', locale === 'id' ? ',' : '.');
}

/** A count as it is typed. */
function countOf(text: string, least: number, most: number): number | null {
  const bare = text.trim();
  if (!/^\d{1,6}$/.test(bare)) return null;
  const count = Number(bare);
  return count >= least && count <= most ? count : null;
}

export function settingsForm(outlet: Outlet, settings: HubSettings, locale: Locale): SettingsForm {
  return {
    name: outlet.name,
    address: outlet.address,
    language: outlet.language,
    time_zone: outlet.time_zone,
    business_day_start_hour: String(outlet.business_day_start_hour),
    service_rate: rateText(outlet.service_rate_bp, locale),
    service_base: outlet.service_base,
    tax_rate: rateText(outlet.tax_rate_bp, locale),
    tax_included: outlet.tax_included,
    cash_rounding_unit: String(outlet.cash_rounding_unit),
    cash_rounding_mode: outlet.cash_rounding_mode,
    cashier_discount_max: rateText(settings.cashier_discount_max_bp, locale),
    backup_time: settings.backup_time,
    backups_kept: String(settings.backups_kept),
    guests_kept_days: String(settings.guests_kept_days),
  };
}

export function faultsOf(form: SettingsForm): Faults {
  const faults: Faults = {};
  if (form.name.trim() === '') faults.name = 'missing';
  for (const field of ['service_rate', 'tax_rate', 'cashier_discount_max'] as const) {
    if (rateOf(form[field]) === null) faults[field] = 'rate';
  }
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(form.backup_time)) faults.backup_time = 'time';
  if (countOf(form.backups_kept, 1, BACKUPS_MAX) === null) faults.backups_kept = 'count';
  if (countOf(form.guests_kept_days, 0, DAYS_MAX) === null) faults.guests_kept_days = 'days';
  return faults;
}

/** What the form says of the charges; what cannot be read is as it was. */
export function chargesIn(form: SettingsForm, before: Charges): Charges {
  return {
    service_rate_bp: rateOf(form.service_rate) ?? before.service_rate_bp,
    service_base: form.service_base,
    tax_rate_bp: rateOf(form.tax_rate) ?? before.tax_rate_bp,
    tax_included: form.tax_included,
    cash_rounding_unit: Number(form.cash_rounding_unit),
    cash_rounding_mode: form.cash_rounding_mode,
  };
}

function differing<T extends object>(after: T, before: object): Partial<T> {
  const known = before as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(after).filter(([name, value]) => known[name] !== value),
  ) as Partial<T>;
}

/** Only what differs from what is there: what another changed meanwhile stays as they left it. */
export function outletChange(form: SettingsForm, outlet: Outlet): OutletChange {
  const said = {
    name: form.name.trim(),
    address: form.address.trim(),
    language: form.language,
    time_zone: form.time_zone,
    business_day_start_hour: Number(form.business_day_start_hour),
    ...chargesIn(form, outlet),
  };
  return differing(said, outlet);
}

export function settingsChange(form: SettingsForm, settings: HubSettings): HubSettingsChange {
  const said = {
    cashier_discount_max_bp: rateOf(form.cashier_discount_max) ?? settings.cashier_discount_max_bp,
    backup_time: form.backup_time,
    backups_kept: countOf(form.backups_kept, 1, BACKUPS_MAX) ?? settings.backups_kept,
    guests_kept_days: countOf(form.guests_kept_days, 0, DAYS_MAX) ?? settings.guests_kept_days,
  };
  return differing(said, settings);
}

/** A meal for two as an example: what the charges make of it, paid in cash. */
export interface Example {
  bill: Bill;
  rounding: Minor;
  payable: Minor;
}

/** The dishes of the example, in whole units of the currency: not round, so that rounding shows. */
const DISHES = [
  { price: 38_500, quantity: 2 },
  { price: 9_750, quantity: 2 },
];
const OFF = { percent: 1_000 };

export function example(charges: Charges, exponent: number): Example {
  // Of a currency with cents a meal costs less of its units.
  const unit = exponent === 0 ? 1 : 10 ** exponent / 1_000;
  const lines = DISHES.map((dish) => ({
    price: Math.round(dish.price * unit),
    modifiers: 0,
    quantity: dish.quantity,
  }));
  const bill = price(lines, OFF, charges);
  return { bill, ...payableInCash(bill.total, charges) };
}
