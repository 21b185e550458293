/** Who sits at this device, and which device it is: what is kept of both, and when it must be renewed. */

import type { DeviceRole, DeviceSelf, Role, StaffMember } from '$lib/api/identity-types';

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

export const ROLES: readonly Role[] = ['owner', 'manager', 'cashier', 'kitchen'];
export const DEVICE_ROLES: readonly DeviceRole[] = ['till', 'kitchen', 'board', 'kiosk'];

/** The hub's code for why it refused. */
export function codeOf(body: unknown): string {
  return isRecord(body) && typeof body.code === 'string' ? body.code : '';
}

/** The hub's own sentence, where there is one. */
export function detailOf(body: unknown): string {
  return isRecord(body) && typeof body.detail === 'string' ? body.detail : '';
}

/** All that is said in a part of an answer, however deep it is nested. */
function textsIn(said: unknown): string[] {
  if (typeof said === 'string') return [said];
  if (Array.isArray(said)) return said.flatMap(textsIn);
  return isRecord(said) ? Object.values(said).flatMap(textsIn) : [];
}

/** What the hub finds wrong with each field, in its words. Of rows within a field they are all said at that field. */
export function fieldErrors(body: unknown): Record<string, string> {
  if (!isRecord(body)) return {};
  const errors: Record<string, string> = {};
  for (const [field, said] of Object.entries(body)) {
    if (field === 'code' && typeof said === 'string') continue;
    if (typeof said === 'string') errors[field] = said;
    else if (Array.isArray(said)) errors[field] = [...new Set(textsIn(said))].join(' ');
  }
  return errors;
}

/** A person who has signed in here. */
export interface Session {
  access: string;
  refresh: string;
  user: { id: string; name: string; role: Role };
  /** When the access token was given, by this device's clock, and how long it is good. */
  from_ms: number;
  lasts_ms: number;
}

/** This device, and the key by which the hub knows it. */
export interface Paired extends DeviceSelf {
  key: string;
}

/** How long an access token is good where it does not say so itself. */
const ACCESS_MS = 15 * 60_000;
/** Renewed so long before its end. */
const AHEAD_MS = 60_000;

/** A token's own span, so that a device with a wrong clock renews in time too. */
function spanOf(token: string): number {
  try {
    const part = token.split('.')[1] ?? '';
    const claims = JSON.parse(atob(part.replace(/-/g, '+').replace(/_/g, '/'))) as unknown;
    if (!isRecord(claims) || typeof claims.exp !== 'number' || typeof claims.iat !== 'number')
      return ACCESS_MS;
    const span = (claims.exp - claims.iat) * 1000;
    return span > 0 ? span : ACCESS_MS;
  } catch {
    return ACCESS_MS;
  }
}

/** The session that an answer gives, or nothing where the answer is not the hub's. */
export function sessionOf(answer: unknown, nowMs: number): Session | null {
  if (!isRecord(answer) || !isText(answer.access) || !isText(answer.refresh)) return null;
  const { user, role } = answer;
  if (!isRecord(user) || !isText(user.id) || !ROLES.includes(role as Role)) return null;
  return {
    access: answer.access,
    refresh: answer.refresh,
    user: { id: user.id, name: isText(user.name) ? user.name : '', role: role as Role },
    from_ms: nowMs,
    lasts_ms: spanOf(answer.access),
  };
}

function parsed(text: string | null): Record<string, unknown> | null {
  try {
    const value = JSON.parse(text ?? 'null') as unknown;
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}

/** A session as it was kept. */
export function readSession(text: string | null): Session | null {
  const kept = parsed(text);
  const user = kept?.user;
  if (!kept || !isText(kept.access) || !isText(kept.refresh) || !isRecord(user)) return null;
  if (!isText(user.id) || !ROLES.includes(user.role as Role)) return null;
  return typeof kept.from_ms === 'number' && typeof kept.lasts_ms === 'number'
    ? (kept as unknown as Session)
    : null;
}

/** A device as it was kept, or as pairing answers it. */
export function readPaired(value: unknown): Paired | null {
  const kept = typeof value === 'string' ? parsed(value) : isRecord(value) ? value : null;
  if (!kept || !isText(kept.key) || !isText(kept.id) || !DEVICE_ROLES.includes(kept.role as DeviceRole))
    return null;
  const text = (field: unknown) => (typeof field === 'string' ? field : '');
  return {
    key: kept.key,
    id: kept.id,
    name: text(kept.name),
    role: kept.role as DeviceRole,
    station: text(kept.station),
  };
}

/** People as they were kept, for a page that opens while the hub is away. */
export function readStaff(text: string | null): StaffMember[] {
  try {
    const rows = JSON.parse(text ?? '[]') as unknown;
    if (!Array.isArray(rows)) return [];
    return rows.filter(
      (row): row is StaffMember =>
        isRecord(row) && isText(row.id) && isText(row.name) && ROLES.includes(row.role as Role),
    );
  } catch {
    return [];
  }
}

/** When the access token is to be renewed. */
export function renewAtMs(session: Session): number {
  return session.from_ms + Math.max(session.lasts_ms / 2, session.lasts_ms - AHEAD_MS);
}

export function canManage(role: Role | undefined): boolean {
  return role === 'owner' || role === 'manager';
}
