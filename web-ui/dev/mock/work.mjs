/** Settings, scheduled work and closed days of the mock hub. */

import { Refusal } from './orders.mjs';

const DAY_MS = 86_400_000;
const SETTINGS = {
  cashier_discount_max_bp: 1_000,
  backup_time: '05:00',
  backups_kept: 7,
  guests_kept_days: 0,
};
const local = (atMs) => new Date(atMs + 7 * 3_600_000).toISOString().replace('Z', '+07:00');
const date = (atMs) => local(atMs).slice(0, 10);

/** Five in the morning of the outlet, so many days ago. */
const fiveAgo = (days) => Date.parse(`${date(Date.now() - days * DAY_MS)}T05:00:00+07:00`);

function run(started, facts, { outcome = 'ok', message = '', by = 'schedule', took_ms = 840 } = {}) {
  return { started_at: local(started), took_ms, outcome, message, facts, by };
}

const NO_STICK =
  'No backup was made: the folder /media/backup/outlet-hub is not there. If it is on a stick or another disk, plug that in.';

function backupRuns(isFailing) {
  const runs = Array.from({ length: 18 }, (_, days) =>
    days === 6
      ? run(fiveAgo(days), {}, { outcome: 'failed', message: NO_STICK })
      : run(fiveAgo(days), {
          folder: `${date(fiveAgo(days))}_05-00-00_e1_s${48_210 - days * 1_900}`,
          records: 48_210 - days * 1_900,
          pictures: 64,
        }),
  );
  const failed = run(Date.now() - 9 * 60_000, {}, { outcome: 'failed', message: NO_STICK });
  return isFailing ? [failed, ...runs] : runs;
}

function closedDays(count) {
  return Array.from({ length: count }, (_, at) => {
    const day = Date.now() - (at + 1) * DAY_MS;
    const orders = 118 + ((at * 37) % 61);
    const subtotal = orders * 71_300 + at * 1_950;
    const discount = Math.round(subtotal / 40);
    const service_charge = Math.round((subtotal - discount) * 0.05);
    const tax = Math.round((subtotal - discount + service_charge) * 0.1);
    const total = subtotal - discount + service_charge + tax;
    const cash = Math.round(total * 0.55);
    return {
      day: date(day),
      closed_at: local(day + DAY_MS),
      orders,
      cancelled: at % 4,
      items: orders * 3 + 11,
      subtotal,
      discount,
      service_charge,
      tax,
      rounding: at % 2 === 0 ? 12 : -8,
      total,
      paid: total - (at === 2 ? 186_000 : 0),
      open_orders: at === 2 ? 2 : 0,
      tenders: [
        { method: 'cash', count: Math.round(orders * 0.6), amount: cash },
        { method: 'qris', count: Math.round(orders * 0.4), amount: total - cash - (at === 2 ? 186_000 : 0) },
      ],
      first_receipt: 9_000 - at * 150,
      last_receipt: 9_000 - at * 150 + orders - 1,
      epoch: 1,
      first_seq: 48_000 - at * 1_900,
      last_seq: 49_800 - at * 1_900,
    };
  });
}

/** `work` says how it stands: `usual`, `failing` (the stick is missing), `new` (nothing has ever run). */
export function makeWork(kind, outlet, tell) {
  const isNew = kind === 'new';
  const settings = { ...SETTINGS };
  const days = isNew ? [] : closedDays(40);
  const closing = (at) =>
    run(fiveAgo(at) - 3_600_000, { day: days[at].day, days: 1, orders: days[at].orders });
  const runs = {
    day_close: isNew ? [] : Array.from({ length: 12 }, (_, at) => closing(at)),
    certificate: isNew ? [] : [run(fiveAgo(21), { names: 'outlet-hub.local', addresses: '192.168.1.10' })],
    backup: isNew ? [] : backupRuns(kind === 'failing'),
    retention: isNew ? [] : [run(fiveAgo(3) - 1_800_000, {}, { by: 'Budi Santoso' })],
  };
  const daily = { day_close: '04:00', backup: '05:00', retention: '04:30' };
  const atWork = new Set();

  function job(name) {
    const at = daily[name] ?? null;
    const last = runs[name][0] ?? null;
    const today = Date.parse(`${date(Date.now())}T${at ?? '00:00'}:00+07:00`);
    const next = at ? (today > Date.now() ? today : today + DAY_MS) : Date.now() + 30_000;
    return {
      name,
      every: at ? 'day' : 'minute',
      at,
      is_running: atWork.has(name),
      next_run_at: local(last?.outcome === 'failed' ? Date.now() + 4 * 60_000 : next),
      last_look_at: local(Date.now()),
      last_run: last,
    };
  }

  return {
    read(pathname) {
      if (pathname === '/api/hub/settings/') return settings;
      if (pathname === '/api/hub/jobs/') return Object.keys(runs).map(job);
      if (pathname === '/api/hub/days/') return days;
      const of = /^\/api\/hub\/jobs\/(\w+)\/runs\/$/.exec(pathname);
      return of ? runs[of[1]] : null;
    },
    write(method, pathname, body) {
      if (method === 'PATCH' && pathname === '/api/hub/settings/') {
        return [200, Object.assign(settings, body)];
      }
      if (method === 'PATCH' && pathname.startsWith('/api/outlets/')) {
        if (body.name === 'X') throw new Refusal(400, { name: ['Ensure this field is fine.'] });
        Object.assign(outlet, body);
        tell('catalogue_changed', { kind: 'outlet', value: outlet });
        return [200, outlet];
      }
      const asked = /^\/api\/hub\/jobs\/(\w+)\/run\/$/.exec(pathname);
      if (method !== 'POST' || !asked) return null;
      const [, name] = asked;
      if (atWork.has(name)) throw new Refusal(409, { detail: 'At work.', code: 'already_running' });
      atWork.add(name);
      setTimeout(() => {
        atWork.delete(name);
        const facts = name === 'backup' ? { folder: 'baru_e1_s48300', records: 48_300, pictures: 64 } : {};
        runs[name].unshift(run(Date.now(), facts, { by: 'Ibu Ratna Dewi' }));
      }, 2_500);
      return [202, job(name)];
    },
  };
}
