/** What the hub does by itself: its jobs, their last runs, and the days that are over. */

import * as api from '$lib/api/work';
import type { Asked } from '$lib/api/identity';
import type { Day, Job, JobName, JobRun } from '$lib/api/types';
import { Listed } from './listed.svelte';

const USUAL_MS = 15_000;
/** While one is at work somebody waits for it. */
const BUSY_MS = 1_000;
const DAYS_MS = 60_000;

export class Work {
  readonly jobs = new Listed<Job>(async () => this.seen(await api.jobs()), USUAL_MS);
  readonly days = new Listed<Day>(api.days, DAYS_MS);
  runs = $state.raw<Partial<Record<JobName, readonly JobRun[]>>>({});
  /** Up to which run of each job its runs are known. */
  private upTo = new Map<JobName, string>();
  private isBusy = false;

  open(): () => void {
    const ends = [this.jobs.open(), this.days.open()];
    return () => ends.forEach((end) => end());
  }

  async run(job: Job): Promise<Asked<Job>> {
    const answer = await api.runNow(job.name);
    if (answer.did === 'fine') {
      this.jobs.put(answer.body, (other) => other.name === job.name);
      this.jobs.hurry(BUSY_MS);
      this.isBusy = true;
    }
    return answer;
  }

  /** Asks for the runs of jobs that have run since, and looks more often while one is at work. */
  private seen(jobs: Job[]): Job[] {
    for (const job of jobs) {
      const last = job.last_run?.started_at ?? '';
      if (this.upTo.get(job.name) === last) continue;
      if (this.upTo.has(job.name) && job.name === 'day_close') void this.days.load();
      this.upTo.set(job.name, last);
      if (last !== '') void this.load(job.name);
    }
    const isBusy = jobs.some((job) => job.is_running);
    if (this.isBusy && !isBusy) this.jobs.hurry(null);
    this.isBusy = isBusy;
    return jobs;
  }

  private async load(name: JobName): Promise<void> {
    try {
      const runs = await api.runs(name);
      // Only now: those of the others may have come meanwhile.
      this.runs = { ...this.runs, [name]: runs };
    } catch {
      // The card says what came of the last one; the marks come with the next look.
      this.upTo.delete(name);
    }
  }
}
