import { describe, expect, it } from 'vitest';
import { Refused } from '$lib/api/http';
import type { Page } from '$lib/api/types';
import { Paged, type Sought } from './paged.svelte';

interface Wanted extends Sought {
  state: string;
}

interface Row {
  id: string;
}

const EVERYTHING: Wanted = { search: '', state: '', ordering: 'name', page: 1 };
const pageOf = (count: number, ids: string[]): Page<Row> => ({
  count,
  next: null,
  previous: null,
  results: ids.map((id) => ({ id })),
});

/** A list, and what it asked. */
function paged(answer: (query: Record<string, string>) => Page<Row>) {
  const asked: Record<string, string>[] = [];
  const list = new Paged<Row, Wanted>((query) => {
    asked.push(query);
    return Promise.resolve().then(() => answer(query));
  }, EVERYTHING);
  return { list, asked };
}

describe('a list by pages', () => {
  it('asks for what is wanted, and for nothing else', async () => {
    const { list, asked } = paged(() => pageOf(120, ['a', 'b']));
    await list.list.load();
    expect(asked).toEqual([{ page_size: '50', ordering: 'name', page: '1' }]);
    expect([list.count, list.pages, list.first, list.isNarrowed]).toEqual([120, 3, 1, false]);
    list.open()();
  });

  it('begins at the first page whenever something else is wanted', () => {
    const { list } = paged(() => pageOf(0, []));
    list.want({ page: 3 });
    expect(list.wanted.page).toBe(3);
    list.want({ state: 'off' });
    expect([list.wanted.page, list.isNarrowed, list.isLooking]).toEqual([1, true, true]);
    list.want({ ordering: '-name' });
    list.wantAll();
    expect(list.wanted).toEqual({ ...EVERYTHING, ordering: '-name' });
    list.open()();
  });

  it('goes back to the first page where the last one is gone', async () => {
    const { list, asked } = paged(({ page }) => {
      if (page !== '1') throw new Refused(404, { detail: 'Invalid page.' });
      return pageOf(1, ['a']);
    });
    list.wanted = { ...EVERYTHING, page: 2 };
    await list.list.load();
    expect(asked.map(({ page }) => page)).toEqual(['2', '1']);
    expect(list.wanted.page).toBe(1);
    expect(list.list.rows).toEqual([{ id: 'a' }]);
    list.open()();
  });
});
