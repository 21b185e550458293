/** What a manager's pages ask of the hub about people and devices, by name. */

import { read } from './http';
import { asked, post } from './identity';
import type { Device, NewPairing, PairingCode, User, UserChange } from './identity-types';
import { list } from './lists';
import type { WireId } from './types';

const one = (path: string, id: WireId) => `${path}${encodeURIComponent(String(id))}/`;

/** All accounts. Throws when the hub does not answer, or does not want to. */
export async function users(): Promise<User[]> {
  return (await list<User>('/api/users/', {}))?.rows ?? [];
}

export const addUser = (user: UserChange, key: string) => post<User>('/api/users/', user, { key });

export const changeUser = (id: WireId, change: UserChange) =>
  asked<User>(one('/api/users/', id), { method: 'PATCH', body: change });

/** All devices: a list, or a page of one. Throws when the hub does not answer, or does not want to. */
export async function devices(): Promise<Device[]> {
  const { body } = await read('/api/devices/?page_size=500');
  return Array.isArray(body) ? (body as Device[]) : (body as { results: Device[] }).results;
}

export const newPairing = (pairing: NewPairing) => post<PairingCode>('/api/pairing-codes/', pairing);

export const renameDevice = (id: WireId, name: string) =>
  asked<Device>(one('/api/devices/', id), { method: 'PATCH', body: { name } });

export const revokeDevice = (id: WireId) => post<Device>(`${one('/api/devices/', id)}revoke/`, {});
