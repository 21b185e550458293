/** What the hub does by itself, for people: how a job stands, its last runs as marks, and when it is next due. Pure. */

import type { Job, JobRun } from '$lib/api/types';
import { businessDay } from './format';

export type Standing = 'running' | 'ok' | 'failed' | 'never';

export function standingOf(job: Pick<Job, 'is_running' | 'last_run'>): Standing {
  if (job.is_running) return 'running';
  if (!job.last_run) return 'never';
  return job.last_run.outcome === 'ok' ? 'ok' : 'failed';
}

/** Most marks that a card shows. */
export const MARKS_MAX = 20;

/** The last runs, the oldest first: as one reads. */
export function marksOf(runs: readonly JobRun[]): JobRun[] {
  return runs.slice(0, MARKS_MAX).reverse();
}

/** Which day a moment is on, as people say it: a jump of a day or more is told by its date. */
export function dayWordOf(at: string, nowMs: number, timeZone: string): 'today' | 'tomorrow' | 'other' {
  const day = businessDay(Date.parse(at), timeZone, 0);
  if (day === businessDay(nowMs, timeZone, 0)) return 'today';
  return day === businessDay(nowMs + 86_400_000, timeZone, 0) ? 'tomorrow' : 'other';
}

/** A figure among what a run tells; nothing where it tells none. */
export function figureOf(run: JobRun, name: string): number | null {
  const fact = run.facts[name];
  return typeof fact === 'number' ? fact : null;
}

/** A word among what a run tells. */
export function wordOf(run: JobRun, name: string): string {
  const fact = run.facts[name];
  return typeof fact === 'string' ? fact : '';
}

/** Noon of a business day in no zone at all: for its date alone. */
export function dateMs(day: string): number {
  return Date.parse(`${day}T12:00:00Z`);
}
