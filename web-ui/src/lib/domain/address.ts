/** Addresses of the hub as devices on the network can use them, and what a device is by its browser's word. */

import type { HubInfo } from '$lib/api/identity-types';

export interface Place {
  protocol: string;
  hostname: string;
  port: string;
}

type Known = Pick<HubInfo, 'http_port' | 'https_port' | 'host_name' | 'addresses'>;

/** A name that means another machine on every machine. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\./.test(hostname);
}

const bracketed = (host: string) => (host.includes(':') && !host.startsWith('[') ? `[${host}]` : host);

/** The host by which others reach the hub: the one in the address bar, unless it only works here. */
function hostOf(place: Place, hub: Known): string {
  if (!isLoopback(place.hostname)) return place.hostname;
  return bracketed(hub.addresses[0] ?? hub.host_name ?? place.hostname);
}

/** Where the hub speaks TLS, or nothing where it does not. Standing there already, it is this very place. */
export function secureOrigin(place: Place, hub: Known | null): string | null {
  if (place.protocol === 'https:') return originOf(place);
  return hub?.https_port ? `https://${bracketed(place.hostname)}:${hub.https_port}` : null;
}

/**
 * The address to be put into a QR code, for another device. The secure one is for tills and managers; screens that keep no
 * secrets, and whatever does not trust the hub yet, come in by the plain one.
 */
export function sharedOrigin(place: Place, hub: Known | null, secure: boolean): string {
  if (!hub) return originOf(place);
  const host = hostOf(place, hub);
  if (secure) {
    return hub.https_port ? `https://${host}:${hub.https_port}` : originOf(place, host);
  }
  const port = hub.http_port === 80 ? '' : `:${hub.http_port}`;
  return `http://${host}${port}`;
}

function originOf({ protocol, port, hostname: here }: Place, hostname = here): string {
  return `${protocol}//${hostname}${port === '' ? '' : `:${port}`}`;
}

export type System = 'android' | 'ios' | 'windows' | 'macos' | 'linux';
export const SYSTEMS: readonly System[] = ['android', 'ios', 'windows', 'macos', 'linux'];

/** Which system a browser says that it runs on. An iPad calls itself a Mac, but has a touch screen. */
export function systemOf(userAgent: string, touchPoints: number): System {
  if (/android/i.test(userAgent)) return 'android';
  if (/iphone|ipad|ipod/i.test(userAgent)) return 'ios';
  if (/macintosh|mac os x/i.test(userAgent)) return touchPoints > 1 ? 'ios' : 'macos';
  if (/windows/i.test(userAgent)) return 'windows';
  return 'linux';
}

/** A fingerprint in rows of eight bytes: an eye compares it row by row with what a system's settings show. */
export function fingerprintRows(sha256: string): string[] {
  const bytes = sha256.toUpperCase().match(/[0-9A-F]{2}/g) ?? [];
  const rows: string[] = [];
  for (let at = 0; at < bytes.length; at += 8) rows.push(bytes.slice(at, at + 8).join(' '));
  return rows;
}
