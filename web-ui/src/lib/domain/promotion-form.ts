/** The form of a promotion: what is wrong with it before it is sent, and what of it is to be written. */

import type {
  Promotion,
  PromotionBody,
  PromotionChange,
  PromotionKind,
  PromotionPart,
  PromotionScope,
  PromotionTrigger,
} from '$lib/api/promotion-types';
import type { Minor } from '$lib/api/types';
import { wholeOf } from './product-form';
import { DAYS, minutesOf } from './promotion-week';

export const KINDS: readonly PromotionKind[] = ['percent', 'amount', 'buy_get', 'bundle'];
/** All that is taken off: free. */
export const WHOLE_BP = 10_000;
export const PARTS_MAX = 10;
export const QUANTITY_MAX = 100;
const PRIORITY_MAX = 1_000;
const CODE = /^[A-Z0-9-]{3,30}$/;

export interface PromotionForm {
  name: string;
  description: string;
  kind: PromotionKind;
  /** As typed: `12,5`. */
  percent: string;
  amount: Minor | null;
  buy: string;
  get: string;
  parts: PromotionPart[];
  scope: PromotionScope;
  categories: string[];
  products: string[];
  trigger: PromotionTrigger;
  code: string;
  /** Every day is all seven of them here. */
  days: number[];
  isAllDay: boolean;
  start_time: string;
  end_time: string;
  start_date: string;
  end_date: string;
  min_spend: Minor | null;
  /** As typed; empty is without a limit. */
  max_uses: string;
  is_exclusive: boolean;
  priority: string;
  is_active: boolean;
}

const NEW: PromotionForm = {
  name: '',
  description: '',
  kind: 'percent',
  percent: '',
  amount: null,
  buy: '2',
  get: '1',
  parts: [],
  scope: 'order',
  categories: [],
  products: [],
  trigger: 'automatic',
  code: '',
  days: [...DAYS],
  isAllDay: true,
  start_time: '',
  end_time: '',
  start_date: '',
  end_date: '',
  min_spend: null,
  max_uses: '',
  is_exclusive: false,
  priority: '0',
  is_active: true,
};

/** Basis points of a percentage as typed: `12,5` and `12.5 %` are 1,250. */
export function percentBpOf(text: string): number | null {
  const match = /^(\d{1,3})(?:[.,](\d{1,2}))?\s*%?$/.exec(text.trim());
  if (!match) return null;
  return Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'));
}

/** A percentage to be typed over: `12,5`. */
export function percentText(bp: number | null): string {
  return bp === null ? '' : String(bp / 100).replace('.', ',');
}

export function promotionForm(promotion: Promotion | null): PromotionForm {
  if (!promotion) return structuredClone(NEW);
  const { kind, percent_bp, amount, buy_quantity, get_quantity, days, start_time, end_time } = promotion;
  const { name, description, scope, trigger, code, is_exclusive, is_active } = promotion;
  const { categories, products, start_date, end_date, min_spend, max_uses, priority } = promotion;
  const isFree = kind === 'buy_get' && (percent_bp ?? WHOLE_BP) === WHOLE_BP;
  return {
    ...{ name, description, kind, amount, scope, trigger, code, is_exclusive, is_active },
    // Free is the usual: a field that says 100 would have to be understood first.
    percent: isFree ? '' : percentText(percent_bp),
    buy: String(buy_quantity ?? NEW.buy),
    get: String(get_quantity ?? NEW.get),
    parts: promotion.parts.map((part) => ({ ...part })),
    categories: [...categories],
    products: [...products],
    days: days.length === 0 ? [...DAYS] : [...days],
    isAllDay: start_time === null || end_time === null,
    start_time: (start_time ?? '').slice(0, 5),
    end_time: (end_time ?? '').slice(0, 5),
    start_date: start_date ?? '',
    end_date: end_date ?? '',
    min_spend: min_spend === 0 ? null : min_spend,
    max_uses: max_uses === null ? '' : String(max_uses),
    priority: String(priority),
  };
}

/** What the form says, as the hub writes it. What the kind of promotion has no use for is empty. */
export function promotionBody(form: PromotionForm): PromotionBody {
  const { kind } = form;
  const isBundle = kind === 'bundle';
  const isGot = kind === 'buy_get';
  const scope = isBundle ? 'order' : form.scope;
  const percent = kind === 'percent' ? percentBpOf(form.percent) : null;
  const got = isGot ? (form.percent.trim() === '' ? WHOLE_BP : percentBpOf(form.percent)) : null;
  const hasHours = !form.isAllDay && form.start_time !== '' && form.end_time !== '';
  return {
    name: form.name.trim(),
    description: form.description.trim(),
    kind,
    percent_bp: percent ?? got,
    amount: kind === 'amount' || isBundle ? form.amount : null,
    buy_quantity: isGot ? wholeOf(form.buy) : null,
    get_quantity: isGot ? wholeOf(form.get) : null,
    parts: isBundle ? form.parts.map((part) => ({ ...part })) : [],
    scope,
    categories: scope === 'category' ? [...form.categories] : [],
    products: scope === 'product' ? [...form.products] : [],
    trigger: form.trigger,
    code: form.trigger === 'code' ? form.code.trim().toUpperCase() : '',
    days: form.days.length === DAYS.length ? [] : [...form.days].sort((a, b) => a - b),
    start_time: hasHours ? form.start_time : null,
    end_time: hasHours ? form.end_time : null,
    start_date: form.start_date || null,
    end_date: form.end_date || null,
    min_spend: form.min_spend ?? 0,
    max_uses: form.max_uses.trim() === '' ? null : wholeOf(form.max_uses),
    is_exclusive: form.is_exclusive,
    priority: wholeOf(form.priority) ?? 0,
    is_active: form.is_active,
  };
}

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

/** Only what differs from what is there; all of it where nothing is. */
export function promotionChange(form: PromotionForm, promotion: Promotion | null): PromotionChange {
  const body = promotionBody(form);
  if (!promotion) return body;
  // Compared with what an untouched form writes, so that two ways to write the same are no difference.
  const before = promotionBody(promotionForm(promotion));
  const fields = Object.keys(body) as (keyof PromotionBody)[];
  return Object.fromEntries(
    fields.filter((field) => !same(body[field], before[field])).map((field) => [field, body[field]]),
  );
}

export type PromotionFault =
  | 'name'
  | 'percent'
  | 'amount'
  | 'price'
  | 'quantity'
  | 'parts'
  | 'categories'
  | 'products'
  | 'code'
  | 'days'
  | 'time'
  | 'dates'
  | 'uses'
  | 'priority';

const isWithin = (value: number | null, min: number, max: number) =>
  value !== null && value >= min && value <= max;

/** What is wrong, by the hub's names of the fields. */
export function promotionFaults(form: PromotionForm): Record<string, PromotionFault> {
  const body = promotionBody(form);
  const faults: Record<string, PromotionFault> = {};
  const find = (field: keyof PromotionBody, isWrong: boolean, fault: PromotionFault) => {
    if (isWrong) faults[field] = fault;
  };
  const isCount = (value: number | null) => isWithin(value, 1, QUANTITY_MAX);
  find('name', body.name === '', 'name');
  switch (form.kind) {
    case 'percent':
      find('percent_bp', !isWithin(body.percent_bp, 1, WHOLE_BP), 'percent');
      break;
    case 'amount':
      find('amount', !isWithin(body.amount, 1, Number.MAX_SAFE_INTEGER), 'amount');
      break;
    case 'buy_get':
      find('buy_quantity', !isCount(body.buy_quantity), 'quantity');
      find('get_quantity', !isCount(body.get_quantity), 'quantity');
      find('percent_bp', !isWithin(body.percent_bp, 1, WHOLE_BP), 'percent');
      break;
    case 'bundle':
      find('amount', body.amount === null, 'price');
      find('parts', body.parts.length === 0, 'parts');
  }
  if (form.kind !== 'bundle') {
    find('categories', form.scope === 'category' && body.categories.length === 0, 'categories');
    find('products', form.scope === 'product' && body.products.length === 0, 'products');
  }
  find('code', form.trigger === 'code' && !CODE.test(body.code), 'code');
  find('days', form.days.length === 0, 'days');
  if (!form.isAllDay) {
    find('start_time', minutesOf(form.start_time) === null, 'time');
    find('end_time', minutesOf(form.end_time) === null, 'time');
  }
  const isBackwards = body.start_date !== null && body.end_date !== null && body.end_date < body.start_date;
  find('end_date', isBackwards, 'dates');
  find('max_uses', form.max_uses.trim() !== '' && !isWithin(wholeOf(form.max_uses), 1, 1e9), 'uses');
  find('priority', !isWithin(wholeOf(form.priority), -PRIORITY_MAX, PRIORITY_MAX), 'priority');
  return faults;
}

/** The parts of the form, each with the fields that are in it. */
export const FORM_SECTIONS = {
  name: ['name', 'description', 'is_active'],
  gives: ['kind', 'percent_bp', 'amount', 'buy_quantity', 'get_quantity', 'parts'],
  on: ['scope', 'categories', 'products'],
  when: ['days', 'start_time', 'end_time', 'start_date', 'end_date'],
  limits: ['trigger', 'code', 'min_spend', 'max_uses'],
  combines: ['is_exclusive', 'priority'],
} as const satisfies Record<string, readonly (keyof PromotionBody)[]>;

export type FormSection = keyof typeof FORM_SECTIONS;

/** Sections in which something is wrong. */
export function sectionsOf(errors: Readonly<Record<string, unknown>>): FormSection[] {
  const names = Object.keys(FORM_SECTIONS) as FormSection[];
  return names.filter((name) => FORM_SECTIONS[name].some((field) => errors[field]));
}
