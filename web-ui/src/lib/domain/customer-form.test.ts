import { expect, it } from 'vitest';
import type { Customer } from '$lib/api/types';
import { customerChange, customerForm, isEmail } from './customer-form';

const known: Customer = {
  id: 'c',
  name: 'Ibu Wulan',
  phone: '0812 3456 789',
  email: '',
  notes: 'alergi udang',
  is_active: true,
  forgotten: false,
  created_at: '2026-11-01T10:00:00+07:00',
  updated_at: '2026-11-01T10:00:00+07:00',
};

it('writes only what differs', () => {
  const form = customerForm(known);
  expect(customerChange(form, known)).toEqual({});
  expect(customerChange({ ...form, email: ' wulan@contoh.id ', notes: '' }, known)).toEqual({
    email: 'wulan@contoh.id',
    notes: '',
  });
});

it('writes what was entered of a new one', () => {
  expect(customerChange({ ...customerForm(null), name: ' Pak Adi ' }, null)).toEqual({ name: 'Pak Adi' });
});

it('knows what is no address', () => {
  expect(['a@b', 'a@b.id', 'a b@c', 'a@@b', '@b', 'ab'].map(isEmail)).toEqual([
    true,
    true,
    false,
    false,
    false,
    false,
  ]);
});
