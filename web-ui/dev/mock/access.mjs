/** People, devices, tokens and codes of the mock hub: enough to work on the pages, and no security at all. */

import { Refusal } from './orders.mjs';

const refuse = (status, code, detail, headers) => {
  const refusal = new Refusal(status, { detail, code });
  refusal.headers = headers;
  return refusal;
};

const PEOPLE = [
  ['owner', 'Ibu Ratna Dewi', 'owner', '1111'],
  ['manager', 'Budi Santoso', 'manager', '2222'],
  ['cashier', 'Sari', 'cashier', '3333'],
  ['kitchen', 'Pak Joko', 'kitchen', '4444'],
];
const EXTRA = [
  ['dewi', 'Dewi Anggraeni', 'cashier', '5555'],
  ['agus', 'Agus Setiawan', 'cashier', '6666'],
  ['putri', 'Raden Ayu Putri Kusumawardhani Hadiningrat', 'cashier', '7777'],
  ['rini', 'Rini', 'cashier', null],
];

const WRONG_MAX = 3;
const LOCKED_S = 30;
const CODE_S = 300;

export function makeAccess({ crowd = false, needsSecure = false, httpsPort = null }) {
  let last = 0;
  const next = (kind) => `0190a000-${kind}-7000-8000-${String((last += 1)).padStart(12, '0')}`;
  const users = new Map();
  const devices = new Map();
  const codes = new Map();
  const sessions = new Map();
  const wrong = new Map();
  const knocks = { count: 0, until: 0 };

  for (const [username, name, role, pin] of crowd ? [...PEOPLE, ...EXTRA] : PEOPLE) {
    const id = next('00a1');
    users.set(id, { id, username, name, role, pin, password: `demo-${username}`, is_active: true });
  }

  const ago = (minutes) => new Date(Date.now() - minutes * 60_000).toISOString();

  function addDevice(name, role, station, more = {}) {
    const id = next('00d1');
    const device = {
      id,
      name,
      role,
      station,
      key: `key-${id}`,
      paired_at: ago(0),
      paired_by: 'Budi Santoso',
      is_active: true,
      revoked_at: null,
      last_seen: null,
      is_connected: false,
      ...more,
    };
    devices.set(id, device);
    return device;
  }

  const till = addDevice('Kasir depan', 'till', '', {
    paired_at: ago(9_000),
    is_connected: true,
    last_seen: ago(0),
  });
  const kitchen = addDevice('Layar dapur panas', 'kitchen', '', {
    paired_at: ago(9_000),
    is_connected: true,
    last_seen: ago(0),
  });
  if (crowd) {
    addDevice('Bar lantai dua', 'kitchen', 'bar', { paired_at: ago(4_000), last_seen: ago(42) });
    addDevice('Papan antrean pintu masuk dekat parkiran motor', 'board', '', { paired_at: ago(800) });
    addDevice('Kios 1', 'kiosk', '', { paired_at: ago(700), last_seen: ago(3_000) });
    addDevice('Tablet lama', 'till', '', {
      paired_at: ago(90_000),
      last_seen: ago(20_000),
      is_active: false,
      revoked_at: ago(19_000),
    });
  }

  const staffOf = ({ id, name, role, pin }) => ({ id, name, role, has_pin: pin !== null });
  const userOf = (user) => ({
    ...staffOf(user),
    username: user.username,
    is_active: user.is_active,
    has_password: user.password !== null,
  });
  const deviceOf = (device) => ({ ...device, key: undefined });
  const selfOf = ({ id, name, role, station }) => ({ id, name, role, station });
  const page = (rows) => ({ count: rows.length, next: null, previous: null, results: rows });

  function session(user) {
    const id = next('0055');
    const tokens = { access: `a-${id}`, refresh: `r-${id}`, user, until: Date.now() + 15 * 60_000 };
    sessions.set(tokens.refresh, tokens);
    const { access, refresh } = tokens;
    return {
      access,
      refresh,
      role: user.role,
      tenant_id: 1,
      outlet_id: 1,
      user: { id: user.id, name: user.name },
    };
  }

  function throttle(name, isRight) {
    const known = wrong.get(name) ?? { count: 0, until: 0 };
    if (known.until > Date.now()) throw locked(known.until);
    if (isRight) return wrong.delete(name);
    known.count += 1;
    if (known.count >= WRONG_MAX) {
      known.until = Date.now() + LOCKED_S * 1000;
      known.count = 0;
    }
    wrong.set(name, known);
    if (known.until > Date.now()) throw locked(known.until);
    return false;
  }

  function locked(until) {
    const seconds = Math.ceil((until - Date.now()) / 1000);
    return refuse(429, 'throttled', `Terkunci. Coba lagi dalam ${seconds} detik.`, {
      'retry-after': seconds,
    });
  }

  const isManager = (person) => person?.role === 'owner' || person?.role === 'manager';
  const wantSecure = () => {
    if (needsSecure) throw refuse(403, 'https_needed', 'Hanya lewat alamat aman.');
  };

  /** Who asks. Throws where the key or the token is not known. */
  function whoAsks(request) {
    const key = request.headers['x-device-key'];
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    const device = key
      ? [...devices.values()].find((known) => known.key === key && known.is_active)
      : undefined;
    if (key && !device) throw refuse(401, 'device_not_paired', 'Perangkat ini tidak dikenal.');
    const held = token ? [...sessions.values()].find((known) => known.access === token) : undefined;
    if (token && (!held || held.until < Date.now())) {
      throw refuse(401, 'token_not_valid', 'Sesi berakhir.');
    }
    return { device, person: held?.user };
  }

  function manager(who) {
    if (!who.person) throw refuse(401, 'not_authenticated', 'Masuk dulu.');
    if (!isManager(who.person)) throw refuse(403, 'permission_denied', 'Hanya untuk manajer.');
    wantSecure();
    return who.person;
  }

  function pin(body, device) {
    if (!device) throw refuse(401, 'device_not_paired', 'Pasangkan perangkat ini dulu.');
    const user = users.get(body.user);
    if (!user?.is_active) throw refuse(401, 'wrong_pin', 'PIN salah.');
    if (isManager(user)) wantSecure();
    if (!throttle(user.id, user.pin === body.pin)) {
      if (user.pin !== body.pin) throw refuse(401, 'wrong_pin', 'PIN salah.');
    }
    return session(user);
  }

  /** A manager's word on a request; nothing where the person may do it alone. */
  function approve(request, person) {
    if (isManager(person)) return;
    const said = /^(\S+) (\d{4,8})$/.exec(request.headers['x-approval'] ?? '');
    if (!said) throw refuse(403, 'approval_needed', 'Perlu persetujuan manajer.');
    wantSecure();
    const user = users.get(said[1]);
    if (!isManager(user) || user.pin !== said[2]) {
      throttle(`approve:${said[1]}`, false);
      throw refuse(403, 'approval_refused', 'PIN salah.');
    }
  }

  function writeUser(user, body, person) {
    const errors = {};
    if (body.role === 'owner' && person.role !== 'owner')
      throw refuse(403, 'permission_denied', 'Hanya pemilik.');
    if (user.role === 'owner' && person.role !== 'owner')
      throw refuse(403, 'permission_denied', 'Hanya pemilik.');
    const taken = [...users.values()].some((other) => other !== user && other.username === body.username);
    if (taken) errors.username = ['Nama pengguna ini sudah dipakai.'];
    if (body.password !== undefined && body.password.length < 8)
      errors.password = ['Paling sedikit 8 huruf.'];
    if (typeof body.pin === 'string' && !/^\d{4,8}$/.test(body.pin)) errors.pin = ['4 sampai 8 angka.'];
    if (Object.keys(errors).length > 0) throw new Refusal(400, errors);
    Object.assign(user, body);
    users.set(user.id, user);
    return userOf(user);
  }

  function newCode(body) {
    const outstanding = [...codes.values()].filter((known) => known.until > Date.now());
    if (outstanding.length >= 8) throw refuse(429, 'throttled', 'Sudah ada 8 kode.', { 'retry-after': 60 });
    if (!body.name?.trim()) throw new Refusal(400, { name: ['Tidak boleh kosong.'] });
    const code = String(482_913 + codes.size * 7_919).slice(-6);
    const until = Date.now() + CODE_S * 1000;
    const { name, role, station = '' } = body;
    codes.set(code, { name, role, station, until });
    const expires_at = new Date(until).toISOString();
    return { code, expires_at, expires_in_s: CODE_S, name, role, station, path: `/pair#${code}` };
  }

  function pairWith(code) {
    if (knocks.until > Date.now()) throw locked(knocks.until);
    const known = codes.get(code);
    if (!known || known.until < Date.now()) {
      knocks.count += 1;
      if (knocks.count % 5 === 0) knocks.until = Date.now() + LOCKED_S * 1000;
      throw new Refusal(400, { code: ['Kode salah atau sudah habis masanya.'] });
    }
    codes.delete(code);
    const device = addDevice(known.name, known.role, known.station, {
      is_connected: true,
      last_seen: ago(0),
    });
    return { key: device.key, device: selfOf(device) };
  }

  const info = (outlet) => ({
    name: outlet.name,
    outlet_number: 1,
    has_owner: true,
    version: '0.1.0',
    is_demo: !needsSecure,
    is_secure: !needsSecure,
    needs_secure: needsSecure,
    http_port: 8080,
    https_port: httpsPort,
    host_name: 'outlet-hub.local',
    addresses: ['192.168.1.5'],
    ca_sha256: httpsPort
      ? Array.from({ length: 32 }, (_, at) =>
          ((at * 37 + 11) % 256).toString(16).padStart(2, '0').toUpperCase(),
        ).join(':')
      : null,
  });

  /** `[status, body]`, or nothing where the path is not about people and devices. */
  function answer(request, pathname, body, outlet) {
    const { method } = request;
    const [, , kind, id, action] = pathname.split('/').map(decodeURIComponent);
    if (pathname === '/api/hub/') return [200, info(outlet)];
    if (kind === 'token' && id === 'refresh') {
      const held = sessions.get(body.refresh);
      if (!held) throw refuse(401, 'token_not_valid', 'Sesi berakhir.');
      sessions.delete(body.refresh);
      return [200, session(held.user)];
    }
    if (kind === 'token' && id === 'blacklist') {
      sessions.delete(body.refresh);
      return [200, {}];
    }
    if (kind === 'devices' && id === 'pair') return [201, pairWith(body.code)];
    const who = whoAsks(request);
    if (kind === 'token' && id === 'pin') return [200, pin(body, who.device)];
    if (kind === 'token') {
      wantSecure();
      const user = [...users.values()].find((known) => known.username === body.username);
      const isRight = user !== undefined && user.is_active && user.password === body.password;
      throttle(`password:${body.username}`, isRight);
      if (!isRight) throw refuse(401, 'no_active_account', 'Nama pengguna atau sandi salah.');
      return [200, session(user)];
    }
    if (kind === 'devices' && id === 'me') {
      if (!who.device) throw refuse(401, 'device_not_paired', 'Perangkat ini tidak dikenal.');
      return [200, selfOf(who.device)];
    }
    if (kind === 'staff') {
      if (!who.device && !who.person) throw refuse(401, 'not_authenticated', 'Masuk dulu.');
      const active = [...users.values()].filter((user) => user.is_active);
      return [200, page(active.map(staffOf).sort((a, b) => a.name.localeCompare(b.name)))];
    }
    if (kind === 'users') {
      const person = manager(who);
      if (method === 'GET') return [200, page([...users.values()].map(userOf))];
      if (method === 'PATCH') return [200, writeUser(users.get(id), body, person)];
      const fresh = { id: next('00a1'), pin: null, password: null, is_active: true, role: 'cashier' };
      return [201, writeUser(fresh, body, person)];
    }
    if (kind === 'pairing-codes') {
      manager(who);
      return [201, newCode(body)];
    }
    if (kind === 'devices') {
      manager(who);
      if (!id) return [200, page([...devices.values()].map(deviceOf))];
      const device = devices.get(id);
      if (action === 'revoke') {
        Object.assign(device, {
          is_active: false,
          is_connected: false,
          revoked_at: new Date().toISOString(),
        });
      } else if (method === 'PATCH') Object.assign(device, body);
      return [200, deviceOf(device)];
    }
    return null;
  }

  /** What a browser keeps of a paired device, and of a person: for screenshots that begin behind both doors. */
  function kept(device, username) {
    const rows = { 'outlet.device': JSON.stringify({ key: device.key, ...selfOf(device) }) };
    const user = [...users.values()].find((known) => known.username === username);
    if (!user) return rows;
    const { access, refresh } = session(user);
    const { id, name, role } = user;
    const span = { from_ms: Date.now(), lasts_ms: 15 * 60_000 };
    return {
      ...rows,
      'outlet.session': JSON.stringify({ access, refresh, user: { id, name, role }, ...span }),
    };
  }

  return {
    answer,
    whoAsks,
    approve,
    devices,
    users,
    sessions,
    newCode,
    pairWith,
    till,
    kitchen,
    kept,
    calm: () => (knocks.until = 0),
    /** Every token is refused from now on, and cannot be renewed. */
    endSessions: () => sessions.clear(),
    revoke: (device) => Object.assign(device, { is_active: false, revoked_at: new Date().toISOString() }),
  };
}
