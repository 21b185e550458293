/** The shapes of who may do what: people, devices, their pairing, and what the hub says of its own address. */

import type { Schemas, Told } from './types';

export type Role = Schemas['Role'];
export type DeviceRole = Schemas['DeviceRole'];

/** `GET /api/hub/`, for anyone. */
export type HubInfo = Told<Schemas['Hub']>;

/** The answer to every way of signing in. */
export type TokenAnswer = Told<Schemas['Token']>;

/** A colleague, as `/api/staff/` tells. */
export type StaffMember = Told<Schemas['Staff']>;

export type User = Told<Schemas['User']>;

/** What is written of a person; what is left out stays. */
export type UserChange = Partial<Omit<Schemas['UserIn'], 'role'>> & { role?: Role };

/** A device as it knows itself. */
export type DeviceSelf = Told<Schemas['OwnDevice']>;

/** A device as a manager sees it. */
export type Device = Told<Schemas['Device']>;

export type PairingCode = Told<Schemas['PairingCode']>;

export type NewPairing = Omit<Schemas['PairingCodeIn'], 'role'> & { role: DeviceRole };
