/** The form of a person: what is wrong with it before it is sent, and what of it is to be written. */

import type { Role, User, UserChange } from '$lib/api/identity-types';
import { PIN_DIGITS_MAX, PIN_DIGITS_MIN } from './keyed';

export interface UserForm {
  name: string;
  username: string;
  role: Role;
  password: string;
  pin: string;
  pinAgain: string;
  /** The PIN that is there is to go. */
  dropPin: boolean;
}

export type FormFault = 'pin_bad' | 'pin_differs';

const PIN = new RegExp(`^\\d{${PIN_DIGITS_MIN},${PIN_DIGITS_MAX}}$`);

export function formOf(user: User | null): UserForm {
  const { name = '', username = '', role = 'cashier' } = user ?? {};
  return { name, username, role, password: '', pin: '', pinAgain: '', dropPin: false };
}

export function faultOf(form: UserForm): FormFault | null {
  if (form.dropPin || (form.pin === '' && form.pinAgain === '')) return null;
  if (!PIN.test(form.pin)) return 'pin_bad';
  return form.pin === form.pinAgain ? null : 'pin_differs';
}

/** Only what differs from what is there; an empty password or PIN leaves the old one. */
export function changeOf(form: UserForm, user: User | null): UserChange {
  const change: UserChange = {};
  const name = form.name.trim();
  const username = form.username.trim();
  if (name !== user?.name) change.name = name;
  if (username !== user?.username) change.username = username;
  if (form.role !== user?.role) change.role = form.role;
  if (form.password !== '') change.password = form.password;
  if (form.dropPin) change.pin = null;
  else if (form.pin !== '') change.pin = form.pin;
  return change;
}
