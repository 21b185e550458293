/** Promotions of the mock hub: kept and told by their state, but taken off no bill. */

import { found, missing } from './catalogue.mjs';
import { Refusal } from './orders.mjs';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const DEFAULTS = {
  description: '',
  percent_bp: null,
  amount: null,
  buy_quantity: null,
  get_quantity: null,
  parts: [],
  scope: 'order',
  categories: [],
  products: [],
  trigger: 'automatic',
  code: '',
  days: [],
  start_time: null,
  end_time: null,
  start_date: null,
  end_date: null,
  min_spend: 0,
  max_uses: null,
  is_exclusive: false,
  priority: 0,
  is_active: true,
};

/** A date so many days from today, by the outlet's clock. */
const date = (days, now) => new Date(now + days * DAY_MS + 7 * HOUR_MS).toISOString().slice(0, 10);

function evening(menu, now) {
  const category = (index) => menu.categories[index]?.id;
  const product = (index) => menu.products[index]?.id;
  return [
    {
      name: 'Jam Tenang Minuman',
      description: 'Supaya sore tidak sepi.',
      kind: 'percent',
      percent_bp: 2_000,
      scope: 'category',
      categories: [category(5), category(6)],
      days: [1, 2, 3, 4, 5],
      start_time: '14:00',
      end_time: '17:00',
      uses: 412,
      priority: 10,
    },
    {
      name: 'Hemat 10 Ribu',
      kind: 'amount',
      amount: 10_000,
      trigger: 'code',
      code: 'HEMAT10',
      min_spend: 75_000,
      max_uses: 500,
      uses: 187,
      end_date: date(20, now),
    },
    {
      name: 'Es Teh Beli 2 Gratis 1',
      kind: 'buy_get',
      percent_bp: 10_000,
      buy_quantity: 2,
      get_quantity: 1,
      scope: 'product',
      products: [product(25), product(26)],
      uses: 1_204,
    },
    {
      name: 'Paket Keluarga',
      kind: 'bundle',
      amount: 150_000,
      parts: [
        { product: product(14), category: null, quantity: 1 },
        { product: product(4), category: null, quantity: 4 },
        { product: null, category: category(5), quantity: 4 },
      ],
      days: [6, 7],
      uses: 63,
    },
    {
      name: 'Tengah Malam Ramadan',
      kind: 'percent',
      percent_bp: 1_500,
      start_time: '22:00',
      end_time: '03:00',
      start_date: date(30, now),
      end_date: date(59, now),
      is_exclusive: true,
    },
    {
      name: 'Voucher Grand Opening',
      kind: 'amount',
      amount: 25_000,
      trigger: 'code',
      code: 'BUKA-2026',
      max_uses: 100,
      uses: 100,
    },
    { name: 'Hari Kemerdekaan', kind: 'percent', percent_bp: 1_700, end_date: date(-97, now), uses: 855 },
    { name: 'Percobaan menu baru', kind: 'percent', percent_bp: 500, is_active: false },
  ];
}

function stateOf(row, now) {
  const today = date(0, now);
  if (!row.is_active) return 'off';
  if (row.end_date !== null && row.end_date < today) return 'ended';
  if (row.max_uses !== null && row.uses >= row.max_uses) return 'used_up';
  if (row.start_date !== null && row.start_date > today) return 'scheduled';
  const local = new Date(now + 7 * HOUR_MS);
  const day = local.getUTCDay() || 7;
  const time = local.toISOString().slice(11, 16);
  const isDay = row.days.length === 0 || row.days.includes(day);
  const isHour = row.start_time === null || (row.start_time <= time && time < row.end_time);
  return isDay && isHour ? 'running' : 'scheduled';
}

/** A moment of the next days at a time of the outlet's. */
function nextChange(row, state, now) {
  const at = (day, time) => `${day}T${time}:00+07:00`;
  if (state === 'running' && row.end_time) return at(date(0, now), row.end_time);
  if (state === 'running' && row.end_date) return at(date(21, now), '00:00');
  if (state === 'scheduled' && row.start_date) return at(row.start_date, row.start_time ?? '00:00');
  return state === 'scheduled' ? at(date(1, now), row.start_time ?? '00:00') : null;
}

function check(row, rows) {
  const errors = {};
  if (!row.name?.trim()) errors.name = ['This field may not be blank.'];
  if (/tolak/i.test(row.name ?? '')) {
    errors.percent_bp = ['The mock hub takes off no such part.'];
    errors.start_time = ['The mock hub is closed then.'];
  }
  const taken = rows.some(
    (other) => other.id !== row.id && other.is_active && other.code.toUpperCase() === row.code.toUpperCase(),
  );
  if (row.trigger === 'code' && row.is_active && taken) {
    errors.code = ['promotion with this code already exists.'];
  }
  if (row.kind === 'bundle' && row.parts.length === 0) errors.parts = ['This list may not be empty.'];
  if (Object.keys(errors).length > 0) throw new Refusal(400, errors);
}

/** `kind` as of the menu: `usual`, `empty`, `long`, or `many`. */
export function makePromotions(menu, kind, newId) {
  const began = Date.now();
  const seeds = kind === 'empty' ? [] : evening(menu, began);
  const many = kind === 'many' ? Array.from({ length: 15 }, () => seeds).flat() : seeds;
  const rows = many.map((seed, index) => ({
    ...DEFAULTS,
    uses: 0,
    ...seed,
    code: seed.code ? `${seed.code}${index >= seeds.length ? `-${index}` : ''}` : '',
    name: kind === 'long' ? `${seed.name} untuk Seluruh Keluarga Besar Pelanggan Setia Kami` : seed.name,
    id: newId(began - index * HOUR_MS),
    created_at: new Date(began - index * HOUR_MS).toISOString(),
    updated_at: new Date(began - index * HOUR_MS).toISOString(),
  }));
  const told = (row) => {
    const state = stateOf(row, Date.now());
    return { ...row, state, next_change_at: nextChange(row, state, Date.now()) };
  };

  return {
    /** Nothing where the path is not of promotions. */
    read(url) {
      const [, , name, id] = url.pathname.split('/');
      if (name !== 'promotions') return null;
      if (!id) return found(url, rows.map(told), ['name', 'code'], ['is_active', 'trigger', 'state']);
      const row = rows.find((known) => known.id === id);
      if (!row) throw missing();
      return told(row);
    },
    write(method, pathname, body) {
      const [, , name, id] = pathname.split('/');
      if (name !== 'promotions') return null;
      const known = rows.find((row) => row.id === (id || body.id));
      if (id && !known) throw missing();
      if (method === 'DELETE') {
        rows.splice(rows.indexOf(known), 1);
        return [204, null];
      }
      if (!id && known) return [200, told(known)];
      const now = new Date().toISOString();
      const fresh = { ...DEFAULTS, uses: 0, id: newId(Date.now()), created_at: now };
      const row = { ...(known ?? fresh), ...body, updated_at: now };
      check(row, rows);
      if (known) Object.assign(known, row);
      else rows.unshift(row);
      return [known ? 200 : 201, told(row)];
    },
  };
}
