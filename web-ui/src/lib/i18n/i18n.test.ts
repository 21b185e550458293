import { describe, expect, it } from 'vitest';
import { en } from './en';
import { id } from './id';
import { accessEn } from './parts/access.en';
import { accessId } from './parts/access.id';
import { adminEn } from './parts/admin.en';
import { adminId } from './parts/admin.id';
import { customersEn } from './parts/customers.en';
import { customersId } from './parts/customers.id';
import { auditEn } from './parts/audit.en';
import { auditId } from './parts/audit.id';
import { menuEn } from './parts/menu.en';
import { menuId } from './parts/menu.id';
import { promoEn } from './parts/promo.en';
import { promoId } from './parts/promo.id';
import { promotionsEn } from './parts/promotions.en';
import { promotionsId } from './parts/promotions.id';
import { signinEn } from './parts/signin.en';
import { signinId } from './parts/signin.id';
import { trustEn } from './parts/trust.en';
import { trustId } from './parts/trust.id';
import { workEn } from './parts/work.en';
import { workId } from './parts/work.id';

/** What sentences of the audit trail say beside who and what; where a text is asked for, it is one. */
const FACTS = {
  item: 'x',
  quantity: '2',
  reason: 'x',
  why: 'x',
  isSet: true,
  day: 'x',
  orders: '2',
  total: '3',
  job: 'x',
  isOk: false,
  message: 'x',
  toString: () => '4',
};

/** Every message by its path, functions called with sample values. */
function flatten(messages: object, path = ''): Map<string, string> {
  const flat = new Map<string, string>();
  for (const [key, value] of Object.entries(messages) as [string, unknown][]) {
    const at = path === '' ? key : `${path}.${key}`;
    if (typeof value === 'string') flat.set(at, value);
    else if (typeof value === 'function')
      flat.set(at, String((value as (...values: unknown[]) => string)(2, 3, FACTS, 5)));
    else if (value && typeof value === 'object')
      for (const [name, text] of flatten(value, at)) flat.set(name, text);
  }
  return flat;
}

const indonesian = flatten({
  ...id,
  access: accessId,
  signin: signinId,
  admin: adminId,
  audit: auditId,
  menuPages: menuId,
  promotions: promotionsId,
  customers: customersId,
  trust: trustId,
  promo: promoId,
  work: workId,
});
const english = flatten({
  ...en,
  access: accessEn,
  signin: signinEn,
  admin: adminEn,
  audit: auditEn,
  menuPages: menuEn,
  promotions: promotionsEn,
  customers: customersEn,
  trust: trustEn,
  promo: promoEn,
  work: workEn,
});

describe('the words', () => {
  it('are there in both languages', () => {
    expect([...english.keys()].sort()).toEqual([...indonesian.keys()].sort());
    expect(indonesian.size).toBeGreaterThan(200);
  });

  it('are never empty', () => {
    for (const [path, text] of [...indonesian, ...english]) {
      expect(text.trim(), path).not.toBe('');
      expect(text, path).not.toMatch(/undefined|\[object/);
    }
  });

  it('carry the values that they are given', () => {
    for (const messages of [id, en]) {
      expect(messages.unsent.count(7)).toContain('7');
      expect(messages.kitchen.missed(3)).toContain('3');
      expect(messages.picker.range(1, 4)).toMatch(/1.*4/);
    }
    for (const messages of [signinId, signinEn]) {
      expect(messages.signIn.locked(messages.wait(45))).toContain('45');
      expect(messages.wait(61)).toContain('2');
      expect(messages.pair.unsent(3)).toContain('3');
    }
    expect(signinEn.wait(1)).toBe('1 second');
    expect(en.kitchen.count(1)).toBe('1 order');
    expect(en.kitchen.count(2)).toBe('2 orders');
  });
});
