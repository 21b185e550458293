import { describe, expect, it } from 'vitest';
import {
  canManage,
  codeOf,
  fieldErrors,
  readPaired,
  readSession,
  readStaff,
  renewAtMs,
  sessionOf,
} from './identity';
import {
  afterPairing,
  approvers,
  codeDigits,
  codeOfHash,
  keyOfKeyboard,
  pinAfter,
  secondsLeft,
} from './keyed';

const answer = {
  access: 'opaque',
  refresh: 'r1',
  role: 'cashier',
  tenant_id: 1,
  outlet_id: 1,
  user: { id: '7', name: 'Sari' },
};

const jwt = (claims: object) => `h.${btoa(JSON.stringify(claims)).replace(/=+$/, '')}.s`;

describe('a session', () => {
  it('is what the hub answers, and nothing else', () => {
    const session = sessionOf(answer, 1_000);
    expect(session).toMatchObject({ access: 'opaque', refresh: 'r1', from_ms: 1_000, lasts_ms: 900_000 });
    expect(session?.user).toEqual({ id: '7', name: 'Sari', role: 'cashier' });
    for (const odd of [null, '<html>', {}, { ...answer, access: '' }, { ...answer, role: 'guest' }]) {
      expect(sessionOf(odd, 0)).toBeNull();
    }
  });

  it('comes back from where it was kept, or not at all', () => {
    const session = sessionOf(answer, 5);
    expect(readSession(JSON.stringify(session))).toEqual(session);
    for (const odd of [null, '', '{', '{}', '[]', '{"access":"a","refresh":"b"}']) {
      expect(readSession(odd)).toBeNull();
    }
  });

  it('is renewed a minute before its end, whatever this clock shows', () => {
    const session = sessionOf({ ...answer, access: jwt({ iat: 5_000, exp: 5_600 }) }, 1_000);
    expect(session?.lasts_ms).toBe(600_000);
    expect(session && renewAtMs(session)).toBe(1_000 + 540_000);
    const brief = sessionOf({ ...answer, access: jwt({ iat: 0, exp: 20 }) }, 0);
    expect(brief && renewAtMs(brief)).toBe(10_000);
  });
});

describe('a device', () => {
  const device = { key: 'k', id: 'd1', name: 'Kasir depan', role: 'till', station: '' };

  it('is read from the answer and from what was kept', () => {
    expect(readPaired(device)).toEqual(device);
    expect(readPaired(JSON.stringify({ ...device, station: undefined }))).toEqual(device);
    for (const odd of [null, 'x', {}, { ...device, key: '' }, { ...device, role: 'toaster' }]) {
      expect(readPaired(odd)).toBeNull();
    }
  });

  it('goes where its role belongs', () => {
    expect(afterPairing('till', null)).toBe('/pos');
    expect(afterPairing('till', '/kitchen')).toBe('/pos');
    expect(afterPairing('kitchen', '/pos')).toBe('/kitchen');
    expect(afterPairing('board', null)).toBe('/');
    expect(afterPairing('kiosk', 'https://elsewhere.example')).toBe('/');
  });
});

describe('people', () => {
  const staff = [
    { id: '1', name: 'Ibu Ratna', role: 'owner', has_pin: true },
    { id: '2', name: 'Budi', role: 'manager', has_pin: false },
    { id: '3', name: 'Sari', role: 'cashier', has_pin: true },
  ];

  it('are remembered, and what is no person is left out', () => {
    expect(readStaff(JSON.stringify([...staff, { id: null }, 5]))).toEqual(staff);
    expect(readStaff('{')).toEqual([]);
    expect(readStaff(null)).toEqual([]);
  });

  it('may agree where they are managers with a PIN', () => {
    expect(approvers(readStaff(JSON.stringify(staff))).map((person) => person.name)).toEqual(['Ibu Ratna']);
    expect([canManage('owner'), canManage('manager'), canManage('cashier'), canManage(undefined)]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});

describe('what is keyed in', () => {
  it('makes a PIN of up to eight digits', () => {
    expect([...'12345678', '9', 'back', 'ok', '000'].reduce(pinAfter, '')).toBe('1234567');
    expect(pinAfter('', 'back')).toBe('');
    expect(['5', 'Backspace', 'Enter', 'a', 'F5'].map(keyOfKeyboard)).toEqual([
      '5',
      'back',
      'ok',
      null,
      null,
    ]);
  });

  it('makes a code of six digits, from a paste or an address', () => {
    expect(codeDigits(' 482-913 ')).toBe('482913');
    expect(codeDigits('48291377')).toBe('482913');
    expect(codeOfHash('#482913')).toBe('482913');
    for (const odd of ['', '#', '#48291', '#4829133', '#48291a']) expect(codeOfHash(odd)).toBeNull();
  });
});

describe('a refusal', () => {
  it('has a code and words for its fields', () => {
    expect(codeOf({ code: 'wrong_pin' })).toBe('wrong_pin');
    expect(codeOf({ code: ['Wrong.'] })).toBe('');
    expect(codeOf('x')).toBe('');
    expect(fieldErrors({ pin: ['Too short.', 'No.'], name: 'Empty.', code: ['Ended.'] })).toEqual({
      pin: 'Too short. No.',
      name: 'Empty.',
      code: 'Ended.',
    });
    expect(fieldErrors({ detail: 'No.', code: 'x' })).toEqual({ detail: 'No.' });
    // Rows within a field: what is wrong with them is said at the field.
    const rows = [{ quantity: ['Too many.'] }, {}, { quantity: ['Too many.'], product: ['Gone.'] }];
    expect(fieldErrors({ parts: rows })).toEqual({ parts: 'Too many. Gone.' });
  });

  it('is counted down', () => {
    expect([secondsLeft(5_000, 1_200), secondsLeft(1_000, 5_000)]).toEqual([4, 0]);
  });
});
