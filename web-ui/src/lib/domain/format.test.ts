import { describe, expect, it } from 'vitest';
import {
  businessDay,
  formatAge,
  formatAmount,
  formatDate,
  formatMoney,
  formatRate,
  formatTime,
} from './format';

const AT = Date.parse('2026-11-22T19:42:07+07:00');
const plain = (text: string) => text.replaceAll('\u00a0', ' ');

describe('amounts', () => {
  it.each([
    [93_500, 'id', 'Rp 93.500'],
    [93_500, 'en', 'Rp 93,500'],
    [0, 'id', 'Rp 0'],
    [999, 'id', 'Rp 999'],
    [-1_250_000, 'id', '−Rp 1.250.000'],
    [100_000_000_000_000, 'id', 'Rp 100.000.000.000.000'],
  ] as const)('%i in %s: %s', (minor, locale, text) => {
    expect(plain(formatMoney(minor, locale))).toBe(text);
  });

  it('have as many decimals as their currency', () => {
    expect(formatAmount(5, 'en', 2)).toBe('0.05');
    expect(formatAmount(123_456, 'id', 2)).toBe('1.234,56');
    expect(formatAmount(-7, 'id', 3)).toBe('−0,007');
    expect(plain(formatMoney(1_250, 'en', { currency: 'XYZ', exponent: 2, timeZone: 'UTC' }))).toBe(
      'XYZ 12.50',
    );
  });

  it('have rates beside them', () => {
    expect(plain(formatRate(1_000, 'id'))).toBe('10 %');
    expect(plain(formatRate(1_050, 'id'))).toBe('10,5 %');
    expect(plain(formatRate(1_050, 'en'))).toBe('10.5 %');
  });
});

describe('times', () => {
  it("are the outlet's, whatever zone the device has", () => {
    expect(formatTime(AT, 'id')).toBe('19.42');
    expect(formatTime(AT, 'en')).toBe('19:42');
    expect(formatTime(AT, 'id', 'Asia/Jayapura')).toBe('21.42');
    expect(formatTime(Date.parse('2026-11-22T00:05:00+07:00'), 'id')).toBe('00.05');
    expect(formatTime(AT, 'id', 'Not/AZone')).toMatch(/^\d\d\.\d\d$/);
  });

  it('have dates', () => {
    expect(formatDate(AT, 'id')).toBe('22 Nov 2026');
    expect(formatDate(Date.parse('2026-05-01T12:00:00+07:00'), 'id')).toBe('1 Mei 2026');
    expect(formatDate(Date.parse('2026-05-01T12:00:00+07:00'), 'en')).toBe('1 May 2026');
  });

  it('have ages', () => {
    expect([0, 59_999, 247_000, 3_847_000, -5].map(formatAge)).toEqual([
      '0:00',
      '0:59',
      '4:07',
      '1:04:07',
      '0:00',
    ]);
  });

  it('belong to a business day that begins at an hour', () => {
    const day = (text: string) => businessDay(Date.parse(text), 'Asia/Jakarta', 4);
    expect(day('2026-11-22T19:42:00+07:00')).toBe('2026-11-22');
    expect(day('2026-11-23T03:59:00+07:00')).toBe('2026-11-22');
    expect(day('2026-11-23T04:00:00+07:00')).toBe('2026-11-23');
  });
});
