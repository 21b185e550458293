import { describe, expect, it } from 'vitest';
import { parseAmount, plainAmount, typedAmount } from './amount';

describe('an amount as people write it', () => {
  it('has thousands apart in either way', () => {
    for (const text of ['12500', '12.500', '12,500', 'Rp 12.500', 'Rp12.500,00', '12,500.00', '12.500,-']) {
      expect(parseAmount(text), text).toBe(12_500);
    }
    expect(parseAmount('1.250.000')).toBe(1_250_000);
    expect(parseAmount('0')).toBe(0);
  });

  it('is refused rather than guessed', () => {
    for (const text of ['', 'gratis', '-5000', '12,5', '12.50', '12.5000', '1.25.000', '12.500.00', '1e5']) {
      expect(parseAmount(text), text).toBeNull();
    }
    expect(parseAmount('99999999999999999999')).toBeNull();
  });

  it('may have cents', () => {
    expect(parseAmount('12.50', 2)).toBe(1_250);
    expect(parseAmount('12,5', 2)).toBe(1_250);
    expect(parseAmount('1.234,56', 2)).toBe(123_456);
    expect(parseAmount('1,234', 2)).toBe(123_400);
    expect(parseAmount('1.234', 3)).toBe(1_234);
    expect(parseAmount('12.505', 2)).toBe(1_250_500);
  });

  it('is typed from the right, and written for files', () => {
    expect(typedAmount('Rp 12.500')).toBe(12_500);
    expect(typedAmount('')).toBeNull();
    expect([plainAmount(12_500), plainAmount(1_250, 2), plainAmount(5, 2)]).toEqual([
      '12500',
      '12.50',
      '0.05',
    ]);
  });
});
