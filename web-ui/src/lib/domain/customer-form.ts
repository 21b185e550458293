/** The form of a guest: what of it is to be written. */

import type { Customer, CustomerChange } from '$lib/api/types';

const FIELDS = ['name', 'phone', 'email', 'notes'] as const;

export type CustomerForm = Record<(typeof FIELDS)[number], string>;

export function customerForm(customer: Customer | null): CustomerForm {
  const { name = '', phone = '', email = '', notes = '' } = customer ?? {};
  return { name, phone, email, notes };
}

/** Whether it looks like one; whether it is one, only a letter to it would tell. */
export function isEmail(text: string): boolean {
  return /^[^\s@]+@[^\s@]+$/.test(text);
}

/** Only what differs from what is there. */
export function customerChange(form: CustomerForm, customer: Customer | null): CustomerChange {
  const before = customerForm(customer);
  const change: CustomerChange = {};
  for (const field of FIELDS) {
    const text = form[field].trim();
    if (text !== before[field] || (field === 'name' && !customer)) change[field] = text;
  }
  return change;
}
