/** Who did what at the mock hub: a few weeks of a place where things happen. */

const BUDI = { kind: 'user', id: '0190a000-00a1-7000-8000-000000000002', name: 'Budi Santoso' };
const SARI = { kind: 'user', id: '0190a000-00a1-7000-8000-000000000003', name: 'Sari' };
const PUTRI = {
  kind: 'user',
  id: '0190a000-00a1-7000-8000-000000000007',
  name: 'Raden Ayu Putri Kusumawardhani Hadiningrat',
};
const HUB = { kind: 'system', id: null, name: 'setup' };
const TILL = { id: '0190a000-00d1-7000-8000-000000000009', name: 'Kasir depan' };
const BOARD = {
  id: '0190a000-00d1-7000-8000-000000000012',
  name: 'Papan antrean pintu masuk dekat parkiran motor',
};

const change = (field, from, to) => ({ field, from, to });
const subject = (n) => `0190a000-0500-7000-8000-${String(n).padStart(12, '0')}`;

/** Area, kind, what it is called, who, and the rest. */
const HAPPENED = [
  ['menu', 'product.put', 'Nasi Goreng Spesial', BUDI, { changes: [change('price', 25_000, 27_000)] }],
  [
    'orders',
    'order.item_voided',
    '042',
    SARI,
    {
      device: TILL,
      approved_by: { id: BUDI.id, name: BUDI.name },
      facts: { item: 'Rendang Sapi', quantity: 2, reason: 'Salah pesan' },
      changes: [change('total', 187_000, 93_500)],
    },
  ],
  ['staff', 'session.began', 'Sari', SARI, { device: TILL }],
  [
    'orders',
    'order.discounted',
    '041',
    PUTRI,
    {
      device: TILL,
      facts: { reason: 'Langganan' },
      changes: [change('discount', 0, 20_000), change('total', 115_500, 93_500)],
    },
  ],
  ['guests', 'guest.put', '', SARI, { device: TILL }],
  ['menu', 'product.put', 'Es Teh Manis', SARI, { changes: [change('is_available', true, false)] }],
  [
    'menu',
    'product.put',
    'Ayam Bakar Taliwang Pedas Sekali dengan Plecing Kangkung dan Sambal Terasi',
    BUDI,
    {
      facts: { is_new: true },
      changes: [change('name', null, 'Ayam Bakar Taliwang'), change('price', null, 48_000)],
    },
  ],
  ['orders', 'order.cancelled', '039', BUDI, { facts: { reason: 'Tamu pergi' } }],
  [
    'orders',
    'order.edited',
    '038',
    SARI,
    { device: TILL, changes: [change('table', '4', '12'), change('notes', null, null)] },
  ],
  ['staff', 'user.put', 'Tono', BUDI, { changes: [change('role', 'cashier', 'manager')] }],
  ['staff', 'pin.set', 'Tono', BUDI, { facts: { is_set: true } }],
  ['staff', 'pin.refused', 'Sari', SARI, { device: TILL, time_unverified: true }],
  [
    'staff',
    'access.refused',
    '',
    SARI,
    { device: TILL, facts: { what: 'POST /api/order-items/{id}/void/' } },
  ],
  ['devices', 'device.put', BOARD.name, BUDI, { device: BOARD, facts: { is_new: true } }],
  ['devices', 'device.revoked', 'Tablet lama', BUDI, {}],
  [
    'devices',
    'pairing.refused',
    '',
    { kind: 'lan', id: null, name: '192.168.1.77' },
    { time_unverified: true },
  ],
  ['menu', 'category.removed', 'Paket Ramadan', BUDI, {}],
  ['guests', 'guest.forgotten', '', BUDI, {}],
  ['staff', 'session.ended', 'Sari', BUDI, { facts: { why: 'account_changed' } }],
  ['outlet', 'outlet.set', 'Warung Sari Rasa', HUB, { facts: { is_new: true } }],
];

const STEP_MS = 47 * 60_000;

/** So many entries, newest first. */
export function makeAudit({ entries = 120 } = {}) {
  return Array.from({ length: entries }, (_, index) => {
    const [area, kind, subject_name, actor, more] = HAPPENED[index % HAPPENED.length];
    return {
      epoch: 1,
      seq: 12_000 - index * 7,
      at: new Date(Date.now() - (index + 1) * STEP_MS).toISOString(),
      area,
      kind,
      subject: subject_name === '' && area !== 'guests' ? null : subject(index % HAPPENED.length),
      subject_name,
      actor,
      device: null,
      approved_by: null,
      time_unverified: false,
      changes: [],
      ...more,
      facts: { ...(kind.endsWith('.put') ? { is_new: false } : {}), ...more.facts },
    };
  });
}

/** What a query keeps of them. */
export function filterAudit(rows, { searchParams }) {
  const wanted = (name) => searchParams.get(name) ?? '';
  const words = wanted('search').toLowerCase().split(' ').filter(Boolean);
  const isOne = (name, value) => wanted(name) === '' || wanted(name) === value;
  return rows.filter(
    (row) =>
      isOne('area', row.area) &&
      isOne('kind', row.kind) &&
      isOne('actor', row.actor.id) &&
      isOne('device', row.device?.id) &&
      isOne('subject', row.subject) &&
      isOne('approved', String(row.approved_by !== null)) &&
      (wanted('created_after') === '' || row.at >= wanted('created_after')) &&
      words.every((word) => `${row.actor.name} ${row.subject_name}`.toLowerCase().includes(word)),
  );
}
