/** What a manager's pages ask of the hub about its guests, by name. */

import { asked, post } from './identity';
import { pageOf } from './lists';
import type { Customer, CustomerChange, CustomerExport } from './types';

const CUSTOMERS = '/api/customers/';
const one = (id: string) => `${CUSTOMERS}${encodeURIComponent(id)}/`;
/** The hub reads every order for it. */
const EXPORT_MS = 60_000;

/** One page of the guests that a query finds, without those who were forgotten. */
export const customerPage = (query: Record<string, string>) =>
  pageOf<Customer>(CUSTOMERS, { ...query, is_active: 'true' });

/** It carries its own id: a second attempt makes nobody twice. */
export const addCustomer = (body: CustomerChange & { id: string }) => post<Customer>(CUSTOMERS, body);

export const changeCustomer = (id: string, body: CustomerChange) =>
  asked<Customer>(one(id), { method: 'PATCH', body });

/** All that the hub holds of a guest. */
export const exportCustomer = (id: string) =>
  asked<CustomerExport>(`${one(id)}export/`, { timeoutMs: EXPORT_MS });

/** For good. */
export const forgetCustomer = (id: string) => post<Customer>(`${one(id)}forget/`, {});
