/** The shapes of who may do what: people, devices, their pairing, and what the hub says of its own address. */

import type { WireId } from './types';

export type Role = 'owner' | 'manager' | 'cashier' | 'kitchen';
export type DeviceRole = 'till' | 'kitchen' | 'board' | 'kiosk';

/** `GET /api/hub/`, for anyone. */
export interface HubInfo {
  name: string | null;
  outlet_number: number | null;
  version: string;
  is_demo: boolean;
  /** This request came by TLS, or from the hub's own machine. */
  is_secure: boolean;
  /** Passwords and manager's rights are refused on this connection. */
  needs_secure: boolean;
  https_port: number | null;
  host_name: string | null;
  addresses: string[];
  ca_sha256: string | null;
}

/** The answer to every way of signing in. */
export interface TokenAnswer {
  access: string;
  refresh: string;
  role: Role;
  user: { id: WireId; name: string };
}

/** Who may sign in by PIN. */
export interface StaffMember {
  id: WireId;
  name: string;
  role: Role;
  has_pin: boolean;
}

export interface User extends StaffMember {
  username: string;
  is_active: boolean;
  has_password: boolean;
}

/** What is written of a person; what is left out stays. */
export interface UserChange {
  username?: string;
  name?: string;
  role?: Role;
  password?: string;
  /** `null` takes it away. */
  pin?: string | null;
  is_active?: boolean;
}

/** A device as it knows itself. */
export interface DeviceSelf {
  id: WireId;
  name: string;
  role: DeviceRole;
  station: string;
}

/** A device as a manager sees it. */
export interface Device extends DeviceSelf {
  paired_at: string;
  paired_by: string | null;
  is_active: boolean;
  revoked_at: string | null;
  last_seen: string | null;
  is_connected: boolean;
}

export interface PairingCode {
  code: string;
  expires_at: string;
  expires_in_s: number;
  name: string;
  role: DeviceRole;
  station: string;
  path: string;
}

export interface NewPairing {
  name: string;
  role: DeviceRole;
  station?: string;
}
