import { describe, expect, it } from 'vitest';
import { dayRuns, isPastMidnight, minutesOf, weekOf } from './promotion-week';

const week = (days: number[], start_time: string | null = null, end_time: string | null = null) =>
  weekOf({ days, start_time, end_time }).map((spans) => spans.map(({ from, until }) => [from, until]));

describe('the week of a promotion', () => {
  it('is whole where nothing narrows it', () => {
    expect(week([])).toEqual(Array(7).fill([[0, 1_440]]));
    expect(week([1, 7])).toEqual([[[0, 1_440]], [], [], [], [], [], [[0, 1_440]]]);
  });

  it('has the hours of its days', () => {
    expect(week([2], '14:00', '17:30')).toEqual([[], [[840, 1_050]], [], [], [], [], []]);
  });

  it('runs past midnight into the day after, and from Sunday into Monday', () => {
    expect(week([5, 7], '22:00', '02:00')).toEqual([
      [[0, 120]],
      [],
      [],
      [],
      [[1_320, 1_440]],
      [[0, 120]],
      [[1_320, 1_440]],
    ]);
    expect(week([], '22:00', '02:00')[3]).toEqual([
      [0, 120],
      [1_320, 1_440],
    ]);
  });

  it('is one piece where a day and a night meet', () => {
    expect(week([], '08:00', '08:00')).toEqual(Array(7).fill([[0, 1_440]]));
    expect(week([1], '18:00', '00:00')).toEqual([[[1_080, 1_440]], [], [], [], [], [], []]);
  });

  it('says whether it ends on the next day', () => {
    const past = (start_time: string, end_time: string) => isPastMidnight({ start_time, end_time });
    expect([past('22:00', '02:00'), past('14:00', '17:00'), past('18:00', '00:00')]).toEqual([
      true,
      false,
      false,
    ]);
  });
});

it('reads a time of day', () => {
  expect(['00:00', '23:59', '14:00:30', '24:00', '9:00', '', null].map(minutesOf)).toEqual([
    0,
    1_439,
    840,
    null,
    null,
    null,
    null,
  ]);
});

it('joins neighbouring days', () => {
  expect(dayRuns([5, 1, 2, 3, 4])).toEqual([[1, 5]]);
  expect(dayRuns([1, 3, 6, 7, 7])).toEqual([
    [1, 1],
    [3, 3],
    [6, 7],
  ]);
  expect(dayRuns([])).toEqual([]);
});
