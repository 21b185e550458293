import { describe, expect, it } from 'vitest';
import type { User } from '$lib/api/identity-types';
import { changeOf, faultOf, formOf } from './user-form';

const sari: User = {
  id: '0197a0de-0000-7000-8000-000000000003',
  name: 'Sari',
  username: 'sari',
  role: 'cashier',
  is_active: true,
  has_pin: true,
  has_password: false,
};

describe('the form of a person', () => {
  it('writes only what differs', () => {
    expect(changeOf(formOf(sari), sari)).toEqual({});
    expect(changeOf({ ...formOf(sari), name: ' Sari Dewi ' }, sari)).toEqual({ name: 'Sari Dewi' });
    expect(changeOf({ ...formOf(sari), pin: '4321', pinAgain: '4321' }, sari)).toEqual({ pin: '4321' });
    expect(changeOf({ ...formOf(sari), pin: '4321', dropPin: true }, sari)).toEqual({ pin: null });
    expect(
      changeOf({ ...formOf(null), name: 'Agus', username: 'agus', password: 'rahasia-1' }, null),
    ).toEqual({
      name: 'Agus',
      username: 'agus',
      role: 'cashier',
      password: 'rahasia-1',
    });
  });

  it('knows a PIN that cannot be one, and two that differ', () => {
    const fault = (pin: string, pinAgain: string) => faultOf({ ...formOf(null), pin, pinAgain });
    expect([fault('', ''), fault('1234', '1234'), fault('12345678', '12345678')]).toEqual([null, null, null]);
    expect([fault('123', '123'), fault('123456789', '123456789'), fault('12a4', '12a4')]).toEqual([
      'pin_bad',
      'pin_bad',
      'pin_bad',
    ]);
    expect([fault('1234', ''), fault('1234', '1235')]).toEqual(['pin_differs', 'pin_differs']);
    expect(faultOf({ ...formOf(null), pin: '1', dropPin: true })).toBeNull();
  });
});
