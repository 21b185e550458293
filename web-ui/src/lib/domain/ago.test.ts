import { expect, it } from 'vitest';
import { agoOf } from './ago';

const at = '2026-11-22T12:00:00Z';
const now = (minutes: number) => Date.parse(at) + minutes * 60_000;

it('tells how long ago something was', () => {
  expect(agoOf(at, now(0.5))).toEqual({ unit: 'now' });
  expect(agoOf(at, now(-3))).toEqual({ unit: 'now' });
  expect(agoOf(at, now(59))).toEqual({ unit: 'minutes', count: 59 });
  expect(agoOf(at, now(61))).toEqual({ unit: 'hours', count: 1 });
  expect(agoOf(at, now(47 * 60))).toEqual({ unit: 'hours', count: 47 });
  expect(agoOf(at, now(49 * 60))).toEqual({ unit: 'days', count: 2 });
  expect(agoOf(null, 0)).toBeNull();
  expect(agoOf('soon', 0)).toBeNull();
});
