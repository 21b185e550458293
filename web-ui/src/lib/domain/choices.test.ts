import { describe, expect, it } from 'vitest';
import type { Choice } from './catalogue';
import { firstMissing, firstPicks, isFull, missing, picked, togglePick } from './choices';

const choice = (min: number, max: number, names: string[], soldOut: string[] = []): Choice => ({
  id: 'g',
  name: 'Level',
  min_select: min,
  max_select: max,
  sort_order: 0,
  options: names.map((name, index) => ({
    id: name,
    group: 'g',
    group_name: 'Level',
    name,
    price: 0,
    is_available: !soldOut.includes(name),
    sort_order: index,
  })),
});

describe('picking modifiers', () => {
  it('replaces the answer where there can be one, and keeps one where there must be', () => {
    const one = choice(1, 1, ['a', 'b']);
    let picks = togglePick({}, one, 'a');
    picks = togglePick(picks, one, 'b');
    expect(picks.g).toEqual(['b']);
    expect(togglePick(picks, one, 'b')).toBe(picks);
    const optional = choice(0, 1, ['a', 'b']);
    expect(togglePick({ g: ['a'] }, optional, 'a').g).toEqual([]);
  });

  it('refuses more than the maximum, and takes any number where there is none', () => {
    const two = choice(0, 2, ['a', 'b', 'c']);
    const full = togglePick(togglePick({}, two, 'a'), two, 'b');
    expect(isFull(full, two)).toBe(true);
    expect(togglePick(full, two, 'c')).toBe(full);
    expect(isFull({ g: ['a', 'b', 'c'] }, choice(0, 0, ['a', 'b', 'c']))).toBe(false);
  });

  it('says what still has to be answered', () => {
    const two = choice(2, 3, ['a', 'b', 'c']);
    expect(missing({ g: ['a'] }, two)).toBe(1);
    expect(firstMissing({ g: ['a'] }, [two])).toBe(two);
    expect(firstMissing({ g: ['a', 'b'] }, [two])).toBeUndefined();
  });

  it('does not take what is sold out, and answers by itself where only one is left', () => {
    const left = choice(1, 1, ['a', 'b'], ['a']);
    expect(firstPicks([left])).toEqual({ g: ['b'] });
    expect(togglePick({}, left, 'a')).toEqual({});
  });

  it('reads the same whatever the order of the taps', () => {
    const many = choice(0, 3, ['a', 'b', 'c']);
    const names = (order: string[]) =>
      picked(
        order.reduce((picks, id) => togglePick(picks, many, id), {}),
        [many],
      ).map((option) => option.id);
    expect(names(['c', 'a'])).toEqual(['a', 'c']);
    expect(names(['a', 'c'])).toEqual(['a', 'c']);
  });
});
