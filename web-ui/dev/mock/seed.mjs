/** Orders for a mock hub: a Saturday evening, always the same one. */

let counter = 0;

/** A UUIDv7 of a moment. */
export function uuidAt(ms) {
  counter += 1;
  const time = Math.floor(ms).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${String(counter % 4096)
    .padStart(3, '0')
    .slice(-3)}-8000-${counter.toString(16).padStart(12, '0')}`;
}

/** Minutes ago, kind, table, lines of (dish, quantity, notes). */
const EVENING = [
  [
    21,
    'dine_in',
    '12',
    [
      [0, 2, 'tanpa bawang goreng'],
      [25, 4, ''],
      [12, 1, ''],
    ],
  ],
  [
    17,
    'delivery',
    '',
    [
      [10, 1, ''],
      [16, 2, 'bumbu kacang dipisah ya, alergi udang'],
      [28, 1, ''],
    ],
  ],
  [
    12,
    'dine_in',
    '3',
    [
      [13, 1, ''],
      [4, 3, ''],
      [18, 1, ''],
      [30, 2, ''],
      [23, 1, ''],
    ],
  ],
  [
    10,
    'take_away',
    '',
    [
      [11, 3, 'sambal banyak'],
      [25, 3, ''],
    ],
  ],
  [
    9,
    'dine_in',
    'VIP 2',
    [
      [1, 2, ''],
      [15, 1, ''],
      [19, 2, 'kuah panas sekali'],
      [27, 4, ''],
      [33, 4, ''],
    ],
  ],
  [
    6,
    'dine_in',
    '7',
    [
      [6, 1, ''],
      [7, 1, ''],
      [31, 1, ''],
    ],
  ],
  [4, 'take_away', '', [[3, 1, '']]],
  [
    3,
    'dine_in',
    '15',
    [
      [2, 2, ''],
      [21, 1, ''],
      [26, 2, ''],
    ],
  ],
  [
    1,
    'dine_in',
    '1',
    [
      [0, 1, ''],
      [29, 1, ''],
    ],
  ],
  [
    0.3,
    'delivery',
    '',
    [
      [17, 1, ''],
      [20, 1, ''],
      [4, 2, ''],
    ],
  ],
];

export function seed(hub, { repeat = 1, steps = true } = {}) {
  const now = Date.now();
  for (let round = 0; round < repeat; round += 1) {
    for (const [minutes, order_type, table, lines] of EVENING) {
      const at = now - (minutes + round * 0.5) * 60_000;
      const items = lines.map(([dish, quantity, notes]) => {
        const product = hub.menu.products[dish];
        const modifiers = product.modifier_groups
          .map((group) => hub.menu.modifiers.filter((modifier) => modifier.group === group))
          .map((options, index) => options[(dish + index) % options.length]?.id)
          .filter(Boolean);
        return { id: uuidAt(at), product: product.id, quantity, modifiers, notes };
      });
      hub.place({ id: uuidAt(at), order_type, table, items }, at);
    }
  }
  if (!steps) return;
  const all = [...hub.orders.values()];
  const patch = (index, status) => hub.write('PATCH', `/api/orders/${all[index].id}/`, { status });
  patch(0, 'preparing');
  patch(1, 'preparing');
  patch(2, 'preparing');
  patch(5, 'ready');
  hub.write('PATCH', `/api/order-items/${all[0].items[1].id}/`, { status: 'ready' });
  hub.write('POST', `/api/order-items/${all[2].items[2].id}/void/`, { reason: 'Tamu berubah pikiran' });
  hub.write('POST', `/api/orders/${all[3].id}/items/`, {
    items: [{ product: hub.menu.products[22].id, quantity: 2, modifiers: [], notes: '' }],
  });
  hub.write('POST', `/api/orders/${all[6].id}/cancel/`, { reason: 'Tamu pergi' });
  // An old till, in its free form.
  hub.tell('order_created', {
    id: 4711,
    order_number: 'B-017',
    outlet_id: 1,
    items: [
      {
        product_name: 'Nasi Goreng Kampung',
        quantity: 2,
        notes: 'pedas',
        modifiers: ['Telur', { name: 'Kerupuk' }],
      },
      { name: 'Es Teh', quantity: 2 },
    ],
    total: 74_000,
    table_number: 9,
  });
}
