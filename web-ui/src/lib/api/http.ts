/** The only place that talks HTTP. Every request has a time limit; an answer, whatever its status, is an answer. */

import { codeOf } from '$lib/domain/identity';
import { credentials, type Shown } from './credentials';

/** No answer came: the hub is away, or the network is. */
export class Unreachable extends Error {
  override name = 'Unreachable';
}

/** An answer that a reader cannot use. */
export class Refused extends Error {
  override name = 'Refused';

  constructor(
    readonly status: number,
    readonly body: unknown,
  ) {
    super(`the hub answered ${status}`);
  }
}

export interface Reply {
  status: number;
  body: unknown;
  headers: Headers;
  retryAfterMs: number | null;
}

export interface Options {
  method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  body?: unknown;
  /** Idempotency key of a write. */
  key?: string;
  /** The version that is held: an unchanged one is answered 304. */
  etag?: string;
  timeoutMs?: number;
  /** Goes without a session: it is about the session itself, or for anyone. */
  isAnonymous?: boolean;
  /** A manager's word on this one request: `<user id> <pin>`. Never kept anywhere. */
  approval?: string;
}

/** A hub on the LAN answers in milliseconds; one that takes this long is not there. */
const TIMEOUT_MS = 10_000;

/** `Retry-After` in seconds, or as a date. */
function retryAfter(headers: Headers): number | null {
  const value = headers.get('retry-after');
  if (value === null) return null;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : Math.max(0, at - Date.now());
}

/** What a text says: JSON, or itself where it is none. */
export function bodyOf(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

type TimeListener = (hubMinusDeviceMs: number) => void;
let timeListener: TimeListener | null = null;

/** Tells how far the hub's clock is ahead of this device's, to the second, with each answer. */
export function watchHubTime(listener: TimeListener): void {
  timeListener = listener;
}

function tellTime(headers: Headers): void {
  const at = Date.parse(headers.get('date') ?? '');
  // The header's seconds are cut off: half a second is the likeliest remainder.
  if (!Number.isNaN(at)) timeListener?.(at + 500 - Date.now());
}

/**
 * Asks the hub. Throws `Unreachable` when no answer came.
 *
 * Where the hub does not take who asks, and there is something newer to show, it is asked once more.
 */
export async function request(path: string, options: Options = {}): Promise<Reply> {
  return renewing((shown) => ask(path, options, shown), options);
}

/** Asks, and once more where the hub wanted something newer to be shown. */
export async function renewing(
  attempt: (shown: Shown) => Promise<Reply>,
  options: Options = {},
): Promise<Reply> {
  const shown = shownBy(options);
  const reply = await attempt(shown);
  const code = reply.status === 401 ? codeOf(reply.body) : '';
  // What signs in or renews is refused for its own sake; only a device that is not known concerns it.
  if (reply.status !== 401 || (options.isAnonymous && code !== 'device_not_paired')) return reply;
  const next = await credentials().refused(code, shown);
  if (next === 'away') throw new Unreachable('the session could not be renewed');
  return next === 'same' ? reply : attempt(shownBy(options));
}

function shownBy({ isAnonymous }: Options): Shown {
  const { device, token } = credentials().now();
  return { device, token: isAnonymous ? null : token };
}

export function headersOf(options: Options, shown: Shown): Record<string, string> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (options.body !== undefined) headers['content-type'] = 'application/json';
  if (options.key) headers['idempotency-key'] = options.key;
  if (options.etag) headers['if-none-match'] = options.etag;
  if (options.approval) headers['x-approval'] = options.approval;
  if (shown.device !== null) headers['x-device-key'] = shown.device;
  if (shown.token !== null) headers.authorization = `Bearer ${shown.token}`;
  return headers;
}

async function ask(path: string, options: Options, shown: Shown): Promise<Reply> {
  const headers = headersOf(options, shown);
  try {
    const response = await fetch(path, {
      method: options.method ?? 'GET',
      headers,
      cache: 'no-store',
      credentials: 'same-origin',
      signal: AbortSignal.timeout(options.timeoutMs ?? TIMEOUT_MS),
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    });
    tellTime(response.headers);
    return {
      status: response.status,
      body: bodyOf(await response.text()),
      headers: response.headers,
      retryAfterMs: retryAfter(response.headers),
    };
  } catch (error) {
    throw new Unreachable(error instanceof Error ? error.message : String(error));
  }
}

/** Reads; anything but a JSON answer of 200 or 304 is thrown. */
export async function read(path: string, etag?: string): Promise<Reply> {
  const reply = await request(path, etag ? { etag } : {});
  const fine = reply.status === 304 || (reply.status === 200 && typeof reply.body === 'object');
  if (!fine) throw new Refused(reply.status, reply.body);
  return reply;
}
