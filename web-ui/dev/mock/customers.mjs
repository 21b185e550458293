/** Guests of the mock hub. */

import { found, missing } from './catalogue.mjs';
import { Refusal } from './orders.mjs';

const DAY_MS = 86_400_000;
const GUESTS = [
  ['Ibu Wulan Sari', '0812-3456-7890', 'wulan.sari@contoh.id', 'Alergi udang. Suka meja dekat jendela.'],
  ['Pak Hendra', '0813-1111-2222', '', ''],
  ['Keluarga Tanoesoedibjo', '', 'tanoe@contoh.id', 'Pesan Paket Keluarga tiap Minggu siang.'],
  ['Ayu', '0857-9090-1212', '', 'Tanpa bawang.'],
  ['Bapak Kolonel (Purn.) R. M. Suryokusumo', '0811-900-100', 'suryo@contoh.id', ''],
  ['Mia Chen', '0878-5555-4444', 'mia.chen@contoh.id', 'Vegetarian'],
];

/** `kind` as of the menu: `usual`, `empty`, `long`, or `many`. */
export function makeCustomers(kind, orders, newId) {
  const began = Date.now();
  const seeds = kind === 'empty' ? [] : GUESTS;
  const many =
    kind === 'many'
      ? Array.from({ length: 20 }, (_, round) =>
          seeds.map(([name, ...rest]) => [`${name} ${round}`, ...rest]),
        )
      : [seeds];
  const rows = many.flat().map(([name, phone, email, notes], index) => ({
    id: newId(began - index * DAY_MS),
    name: kind === 'long' ? `${name} Kusumawardhani Hadiningrat dari Perumahan Taman Kemang Asri` : name,
    phone,
    email: kind === 'long' && email ? `nama.yang.sangat.panjang.sekali.${email}` : email,
    notes:
      kind === 'long' ? `${notes} Datang bersama rombongan besar, minta kursi bayi dua.`.repeat(3) : notes,
    is_active: true,
    forgotten: false,
    created_at: new Date(began - index * 9 * DAY_MS).toISOString(),
    updated_at: new Date(began - index * 9 * DAY_MS).toISOString(),
  }));

  function find(id) {
    const row = rows.find((known) => known.id === id);
    if (!row) throw missing();
    return row;
  }

  function known(id) {
    const row = find(id);
    if (row.forgotten) throw new Refusal(410, { detail: 'This guest was forgotten.', code: 'forgotten' });
    return row;
  }

  function check({ name, email }) {
    const errors = {};
    if (!name?.trim()) errors.name = ['This field may not be blank.'];
    if (email && !email.includes('.')) errors.email = ['Enter a valid email address.'];
    if (Object.keys(errors).length > 0) throw new Refusal(400, errors);
  }

  return {
    /** Nothing where the path is not of guests. */
    read(url) {
      const [, , name, id, action] = url.pathname.split('/');
      if (name !== 'customers') return null;
      if (!id) return found(url, rows, ['name', 'phone', 'email'], ['is_active']);
      if (action !== 'export') return find(id);
      const customer = known(id);
      return { customer, orders: [...orders.values()].filter((order) => order.customer === id) };
    },
    write(method, pathname, body) {
      const [, , name, id, action] = pathname.split('/');
      if (name !== 'customers') return null;
      const now = new Date().toISOString();
      if (id && action === 'forget') {
        const nobody = { name: '', phone: '', email: '', notes: '', is_active: false, forgotten: true };
        return [200, Object.assign(find(id), nobody, { updated_at: now })];
      }
      if (id) {
        const row = known(id);
        check({ ...row, ...body });
        return [200, Object.assign(row, body, { updated_at: now })];
      }
      const again = rows.find((row) => row.id === body.id);
      if (again) return [200, again];
      check(body);
      const empty = { phone: '', email: '', notes: '', is_active: true, forgotten: false };
      const row = { id: newId(Date.now()), ...empty, ...body, created_at: now, updated_at: now };
      rows.push(row);
      return [201, row];
    },
  };
}
