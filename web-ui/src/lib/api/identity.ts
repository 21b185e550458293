/** What the pages ask of the hub about people and devices, by name. */

import { codeOf, detailOf, fieldErrors } from '$lib/domain/identity';
import type { HubRequest } from '$lib/domain/outbox';
import { request, Unreachable, type Options, type Reply } from './http';
import type { DeviceSelf, HubInfo, StaffMember } from './identity-types';
import { list } from './lists';

/** What came of asking: an answer, a refusal with its reason, or nobody who answers. */
export type Asked<T> =
  | { did: 'fine'; body: T }
  | {
      did: 'refused';
      status: number;
      code: string;
      detail: string;
      fields: Record<string, string>;
      /** How long to wait, where the hub says so. */
      waitMs: number | null;
    }
  | { did: 'away' };

function told<T>(reply: Reply): Asked<T> {
  if (reply.status >= 200 && reply.status < 300 && typeof reply.body === 'object') {
    return { did: 'fine', body: reply.body as T };
  }
  const { status, body } = reply;
  // Something between us and the hub answers in its place.
  if (status === 502 || status === 504) return { did: 'away' };
  const code = codeOf(body) || (status === 429 ? 'throttled' : '');
  return {
    did: 'refused',
    status,
    code,
    detail: detailOf(body),
    fields: fieldErrors(body),
    waitMs: reply.retryAfterMs,
  };
}

/** Never throws: that nobody answered is an answer too. */
export async function asked<T>(path: string, options: Options = {}): Promise<Asked<T>> {
  return answered<T>(() => request(path, options));
}

/** The same of any way to ask. */
export async function answered<T>(ask: () => Promise<Reply>): Promise<Asked<T>> {
  try {
    return told<T>(await ask());
  } catch (error) {
    if (error instanceof Unreachable) return { did: 'away' };
    throw error;
  }
}

export const post = <T>(path: string, body: unknown, more: Options = {}) =>
  asked<T>(path, { method: 'POST', body, ...more });

export const hubInfo = () => asked<HubInfo>('/api/hub/', { isAnonymous: true, timeoutMs: 5_000 });

export const signInByPassword = (username: string, password: string) =>
  post<unknown>('/api/token/', { username, password }, { isAnonymous: true });

export const signInByPin = (user: string, pin: string) =>
  post<unknown>('/api/token/pin/', { user, pin }, { isAnonymous: true });

/** A token is good once: whoever calls this makes sure that nobody else does so with the same one. */
export const renew = (refresh: string) =>
  post<unknown>('/api/token/refresh/', { refresh }, { isAnonymous: true, timeoutMs: 8_000 });

export const signOut = (refresh: string) =>
  post<unknown>('/api/token/blacklist/', { refresh }, { isAnonymous: true, timeoutMs: 5_000 });

export const pair = (code: string) =>
  post<{ key: string; device: DeviceSelf }>('/api/devices/pair/', { code }, { isAnonymous: true });

/** This device as the hub has it now. */
export const thisDevice = () => asked<DeviceSelf>('/api/devices/me/');

/** Who may sign in, by name. Throws when the hub does not answer. */
export async function staff(): Promise<StaffMember[]> {
  return (await list<StaffMember>('/api/staff/', {}))?.rows ?? [];
}

/** The same request again, with a manager's word on it. */
export const sendApproved = ({ method, path, body, key }: HubRequest, approval: string) =>
  asked<Record<string, unknown>>(path, { method, body, key, approval });
