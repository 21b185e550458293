import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

/** What the hub is asked, and what it answers. */
interface Call {
  path: string;
  token: string | null;
  device: string | null;
  body: Record<string, unknown>;
}
type Reply = [status: number, body: unknown];

const kept = new Map<string, string>();
let calls: Call[] = [];
let hub: (call: Call) => Reply | 'away' | Promise<Reply>;

const device = { key: 'k1', id: 'd1', name: 'Kasir depan', role: 'till', station: '' };
const session = (access: string, refresh: string) => ({
  access,
  refresh,
  user: { id: '3', name: 'Sari', role: 'cashier' },
  from_ms: Date.now(),
  lasts_ms: 900_000,
});
const answer = (access: string, refresh: string) => ({
  access,
  refresh,
  role: 'cashier',
  user: { id: '3', name: 'Sari' },
});
const keep = (key: string, value: unknown) => kept.set(key, JSON.stringify(value));
const keptAccess = () =>
  (JSON.parse(kept.get('outlet.session') ?? 'null') as { access: string } | null)?.access;

const ended: Reply = [401, { detail: 'Ended.', code: 'token_not_valid' }];
const renewals = () => calls.filter((call) => call.path === '/api/token/refresh/');

async function open() {
  vi.resetModules();
  const { identity } = await import('./identity.svelte');
  const { request, Unreachable } = await import('$lib/api/http');
  return { identity, request, Unreachable };
}

beforeEach(() => {
  kept.clear();
  calls = [];
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  });
  let last: Promise<unknown> = Promise.resolve();
  vi.stubGlobal('navigator', {
    locks: {
      request: (_name: string, work: () => Promise<void>) => (last = last.then(work)),
    },
  });
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    const headers = new Headers(init.headers);
    const call = {
      path,
      token: headers.get('authorization')?.replace('Bearer ', '') ?? null,
      device: headers.get('x-device-key'),
      body: JSON.parse((init.body as string | undefined) ?? '{}') as Record<string, unknown>,
    };
    calls.push(call);
    const said = await hub(call);
    if (said === 'away') throw new TypeError('failed to fetch');
    return new Response(JSON.stringify(said[1]), { status: said[0] });
  });
  keep('outlet.device', device);
  keep('outlet.session', session('a1', 'r1'));
});

afterEach(() => vi.unstubAllGlobals());

describe('who asks', () => {
  it('is on every request', async () => {
    hub = () => [200, {}];
    const { request } = await open();
    await request('/api/orders/');
    expect(calls[0]).toMatchObject({ device: 'k1', token: 'a1' });
  });

  it('is told to the live line when somebody else comes, and not when a token is renewed', async () => {
    hub = ({ path, token }) => {
      if (path === '/api/token/refresh/') return [200, answer('a2', 'r2')];
      if (path === '/api/token/pin/') return [200, answer('a9', 'r9')];
      return token === 'a1' ? ended : [200, {}];
    };
    const { identity, request } = await open();
    let changes = 0;
    const end = new AbortController();
    identity.onPerson(() => (changes += 1), end.signal);
    await request('/api/orders/');
    expect([keptAccess(), changes]).toEqual(['a2', 0]);
    await identity.signOut();
    await identity.signInByPin('3', '3333');
    expect(changes).toBe(2);
    end.abort();
    await identity.signOut();
    expect(changes).toBe(2);
  });

  it('is renewed once for all that were refused, and they are asked again', async () => {
    hub = ({ path, token }) => {
      if (path === '/api/token/refresh/') return [200, answer('a2', 'r2')];
      return token === 'a2' ? [200, { id: '1' }] : ended;
    };
    const { request } = await open();
    const replies = await Promise.all([request('/api/one/'), request('/api/two/'), request('/api/three/')]);
    expect(replies.map((reply) => reply.status)).toEqual([200, 200, 200]);
    expect(renewals().map((call) => call.body)).toEqual([{ refresh: 'r1' }]);
    expect(keptAccess()).toBe('a2');
  });

  it('takes what another tab has renewed, and spends no token of its own', async () => {
    hub = ({ token }) => (token === 'a2' ? [200, {}] : ended);
    const { request } = await open();
    keep('outlet.session', session('a2', 'r2'));
    expect((await request('/api/one/')).status).toBe(200);
    expect(renewals()).toEqual([]);
  });

  it('keeps the session where nobody answers its renewal', async () => {
    hub = ({ path }) => (path === '/api/token/refresh/' ? 'away' : ended);
    const { identity, request, Unreachable } = await open();
    await expect(request('/api/one/')).rejects.toThrow(Unreachable);
    expect(identity.session?.refresh).toBe('r1');
    hub = ({ path }) => (path === '/api/token/refresh/' ? [503, {}] : ended);
    await expect(request('/api/one/')).rejects.toThrow(Unreachable);
    expect(keptAccess()).toBe('a1');
    expect(identity.ended).toBeNull();
  });

  it('loses the session where the hub ends it, and asks on as the device alone', async () => {
    hub = ({ path, token }) => {
      if (path === '/api/token/refresh/') return ended;
      return token === null ? [200, {}] : ended;
    };
    const { identity, request } = await open();
    expect((await request('/api/orders/')).status).toBe(200);
    expect(calls.at(-1)).toMatchObject({ device: 'k1', token: null });
    expect(identity.session).toBeNull();
    expect(identity.ended).toBe('session');
    expect(keptAccess()).toBeUndefined();
    expect(identity.device?.key).toBe('k1');
  });

  it('loses its key where the hub has taken the device off', async () => {
    hub = ({ device: key }) => [
      401,
      { detail: 'No.', code: key ? 'device_not_paired' : 'not_authenticated' },
    ];
    const { identity, request } = await open();
    expect((await request('/api/orders/')).status).toBe(401);
    expect([identity.device, identity.session, identity.ended]).toEqual([null, null, 'device']);
    expect(kept.has('outlet.device')).toBe(false);
  });

  it('is asked for a password once, however wrong it is', async () => {
    hub = () => [401, { detail: 'No.', code: 'no_active_account' }];
    const { identity } = await open();
    expect(await identity.signInByPassword('sari', 'x')).toMatchObject({ did: 'refused', status: 401 });
    expect(calls).toHaveLength(1);
    expect(calls[0]?.token).toBeNull();
    expect(identity.session?.access).toBe('a1');
  });

  it('pairs anew although the old key is no longer good', async () => {
    hub = ({ device: key, body }) =>
      key
        ? [401, { detail: 'No.', code: 'device_not_paired' }]
        : [201, { key: `key-of-${String(body.code)}`, device: { ...device, key: undefined } }];
    const { identity } = await open();
    expect((await identity.pair('482913')).did).toBe('fine');
    expect(identity.device?.key).toBe('key-of-482913');
    expect(identity.ended).toBeNull();
  });
});
