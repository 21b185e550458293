import { describe, expect, it } from 'vitest';
import { fingerprintRows, secureOrigin, sharedOrigin, systemOf } from './address';

const hub = {
  http_port: 8080,
  https_port: 8443 as number | null,
  host_name: 'outlet-hub.local',
  addresses: ['192.168.1.5'],
};
const at = (address: string) => new URL(address);

describe('addresses for others', () => {
  it('are the secure one where there is one', () => {
    expect(secureOrigin(at('http://192.168.1.5:8080/pos'), hub)).toBe('https://192.168.1.5:8443');
    expect(secureOrigin(at('https://outlet-hub.local:8443/'), null)).toBe('https://outlet-hub.local:8443');
    expect(secureOrigin(at('http://192.168.1.5:8080/'), { ...hub, https_port: null })).toBeNull();
    expect(secureOrigin(at('http://192.168.1.5:8080/'), null)).toBeNull();
  });

  it('never name a machine by what only it calls itself', () => {
    const shared = (address: string, secure: boolean, known: Partial<typeof hub> = {}) =>
      sharedOrigin(at(address), { ...hub, ...known }, secure);
    expect(shared('http://192.168.1.5:8080/', true)).toBe('https://192.168.1.5:8443');
    expect(shared('http://192.168.1.5:8080/', false)).toBe('http://192.168.1.5:8080');
    expect(shared('http://localhost:8080/', true)).toBe('https://192.168.1.5:8443');
    expect(shared('https://localhost:8443/', true, { addresses: [] })).toBe('https://outlet-hub.local:8443');
    expect(shared('http://localhost/', true, { addresses: ['fd00::5'] })).toBe('https://[fd00::5]:8443');
    expect(shared('http://127.0.0.1:8080/', true, { https_port: null })).toBe('http://192.168.1.5:8080');
  });

  it('lead a screen, and whoever does not trust the hub yet, to the plain one', () => {
    expect(sharedOrigin(at('https://192.168.1.5:8443/'), hub, false)).toBe('http://192.168.1.5:8080');
    expect(sharedOrigin(at('https://hub.local/'), { ...hub, http_port: 80 }, false)).toBe('http://hub.local');
    expect(sharedOrigin(at('https://hub.local/'), null, false)).toBe('https://hub.local');
  });
});

describe('a system', () => {
  it.each([
    ['Mozilla/5.0 (Linux; Android 14; SM-X210)', 5, 'android'],
    ['Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)', 5, 'ios'],
    ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)', 5, 'ios'],
    ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)', 0, 'macos'],
    ['Mozilla/5.0 (Windows NT 10.0; Win64; x64)', 10, 'windows'],
    ['Mozilla/5.0 (X11; Linux x86_64)', 0, 'linux'],
  ])('is read from %s', (userAgent, touchPoints, wanted) => {
    expect(systemOf(userAgent, touchPoints)).toBe(wanted);
  });
});

it('a fingerprint is shown in rows of eight bytes', () => {
  const sha = Array.from({ length: 32 }, (_, index) => index.toString(16).padStart(2, '0')).join(':');
  expect(fingerprintRows(sha)).toEqual([
    '00 01 02 03 04 05 06 07',
    '08 09 0A 0B 0C 0D 0E 0F',
    '10 11 12 13 14 15 16 17',
    '18 19 1A 1B 1C 1D 1E 1F',
  ]);
});
