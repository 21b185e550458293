/** What is keyed in to be let in: PINs and codes, and where they lead. */

import type { DeviceRole, StaffMember } from '$lib/api/identity-types';
import { canManage } from './identity';

export const PIN_DIGITS_MIN = 4;
export const PIN_DIGITS_MAX = 8;

/** A PIN after a key was pressed. */
export function pinAfter(pin: string, key: string): string {
  if (key === 'back') return pin.slice(0, -1);
  return /^\d$/.test(key) && pin.length < PIN_DIGITS_MAX ? pin + key : pin;
}

/** A key of the keyboard in the keypad's words. */
export function keyOfKeyboard(key: string): string | null {
  if (/^\d$/.test(key)) return key;
  if (key === 'Backspace') return 'back';
  return key === 'Enter' ? 'ok' : null;
}

export const CODE_DIGITS = 6;

/** The digits of what was typed or pasted, as far as a code goes. */
export function codeDigits(text: string): string {
  return text.replace(/\D/g, '').slice(0, CODE_DIGITS);
}

/** The code in an address that was scanned: `#482913`. */
export function codeOfHash(hash: string): string | null {
  return /^#(\d{6})$/.exec(hash)?.[1] ?? null;
}

/** Where a device of this role belongs. */
export function homeOf(role: DeviceRole): string {
  return role === 'till' ? '/pos' : role === 'kitchen' ? '/kitchen' : '/';
}

/** Where to go after pairing: home; a device without a page of its own goes back where it came from. */
export function afterPairing(role: DeviceRole, from: string | null): string {
  const home = homeOf(role);
  return home === '/' && (from === '/pos' || from === '/kitchen') ? from : home;
}

/** Who can say yes for somebody else: owners and managers with a PIN. */
export function approvers(staff: readonly StaffMember[]): StaffMember[] {
  return staff.filter((person) => person.has_pin && canManage(person.role));
}

/** Whole seconds that are left, never less than nothing. */
export function secondsLeft(untilMs: number, nowMs: number): number {
  return Math.max(0, Math.ceil((untilMs - nowMs) / 1000));
}
