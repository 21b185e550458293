import { describe, expect, it } from 'vitest';
import type { JobRun } from '$lib/api/types';
import { dayWordOf, figureOf, marksOf, MARKS_MAX, standingOf, wordOf } from './work';

const run = (outcome: JobRun['outcome'], started_at = ''): JobRun => ({
  outcome,
  started_at,
  took_ms: 5,
  message: '',
  facts: { records: 12, folder: 'x' },
  by: 'schedule',
});

describe('a job', () => {
  it('stands as its last run left it, unless it is at work', () => {
    expect(standingOf({ is_running: true, last_run: run('failed') })).toBe('running');
    expect(standingOf({ is_running: false, last_run: run('failed') })).toBe('failed');
    expect(standingOf({ is_running: false, last_run: run('ok') })).toBe('ok');
    expect(standingOf({ is_running: false, last_run: null })).toBe('never');
  });
  it('shows its last runs, the oldest first', () => {
    const runs = Array.from({ length: 50 }, (_, at) => run('ok', String(at)));
    const marks = marksOf(runs);
    expect(marks.length).toBe(MARKS_MAX);
    expect([marks[0]?.started_at, marks.at(-1)?.started_at]).toEqual(['19', '0']);
  });
  it('tells figures and words', () => {
    expect([figureOf(run('ok'), 'records'), figureOf(run('ok'), 'folder')]).toEqual([12, null]);
    expect([wordOf(run('ok'), 'folder'), wordOf(run('ok'), 'records')]).toEqual(['x', '']);
  });
});

describe('when it is due', () => {
  it('is told by the day of the outlet, not of this device', () => {
    const now = Date.parse('2026-11-22T22:30:00+07:00');
    const word = (at: string) => dayWordOf(at, now, 'Asia/Jakarta');
    expect(word('2026-11-22T23:59:00+07:00')).toBe('today');
    expect(word('2026-11-23T05:00:00+07:00')).toBe('tomorrow');
    expect(word('2026-11-24T05:00:00+07:00')).toBe('other');
  });
});
