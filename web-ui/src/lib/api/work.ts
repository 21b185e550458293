/** What a manager's pages ask of the hub about its settings and about what it does by itself, by name. */

import { read } from './http';
import { asked, post } from './identity';
import { list } from './lists';
import type {
  Day,
  HubSettings,
  HubSettingsChange,
  Job,
  JobName,
  JobRun,
  Outlet,
  OutletChange,
} from './types';

const SETTINGS = '/api/hub/settings/';
const JOBS = '/api/hub/jobs/';

async function all<T>(path: string): Promise<T[]> {
  return (await list<T>(path, {}))?.rows ?? [];
}

/** These throw when the hub does not answer, or does not want to. */
export const settings = async () => (await read(SETTINGS)).body as HubSettings;
export const jobs = () => all<Job>(JOBS);
export const runs = (name: JobName) => all<JobRun>(`${JOBS}${name}/runs/`);
export const days = () => all<Day>('/api/hub/days/');

export const changeSettings = (change: HubSettingsChange) =>
  asked<HubSettings>(SETTINGS, { method: 'PATCH', body: change });

export const changeOutlet = (number: number, change: OutletChange) =>
  asked<Outlet>(`/api/outlets/${number}/`, { method: 'PATCH', body: change });

export const runNow = (name: JobName) => post<Job>(`${JOBS}${name}/run/`, {});
