import { describe, expect, it } from 'vitest';
import { en } from './en';
import { id } from './id';

/** Every message by its path, functions called with sample values. */
function flatten(messages: object, path = ''): Map<string, string> {
  const flat = new Map<string, string>();
  for (const [key, value] of Object.entries(messages) as [string, unknown][]) {
    const at = path === '' ? key : `${path}.${key}`;
    if (typeof value === 'string') flat.set(at, value);
    else if (typeof value === 'function')
      flat.set(at, String((value as (a: number, b: number) => string)(2, 3)));
    else if (value && typeof value === 'object')
      for (const [name, text] of flatten(value, at)) flat.set(name, text);
  }
  return flat;
}

const indonesian = flatten(id);
const english = flatten(en);

describe('the words', () => {
  it('are there in both languages', () => {
    expect([...english.keys()].sort()).toEqual([...indonesian.keys()].sort());
    expect(indonesian.size).toBeGreaterThan(200);
  });

  it('are never empty', () => {
    for (const [path, text] of [...indonesian, ...english]) {
      expect(text.trim(), path).not.toBe('');
      expect(text, path).not.toMatch(/undefined|\[object/);
    }
  });

  it('carry the values that they are given', () => {
    for (const messages of [id, en]) {
      expect(messages.unsent.count(7)).toContain('7');
      expect(messages.kitchen.missed(3)).toContain('3');
      expect(messages.picker.range(1, 4)).toMatch(/1.*4/);
    }
    expect(en.kitchen.count(1)).toBe('1 order');
    expect(en.kitchen.count(2)).toBe('2 orders');
  });
});
