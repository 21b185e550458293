/** A menu of an Indonesian eatery, for working on the pages without a hub. */

const uuid = (kind, index) =>
  `0190a000-${kind.toString(16).padStart(4, '0')}-7000-8000-${index.toString(16).padStart(12, '0')}`;

const SHELVES = [
  ['Nasi', 'dapur'],
  ['Mie & Kwetiau', 'dapur'],
  ['Lauk', 'dapur'],
  ['Sayur & Sup', 'dapur'],
  ['Camilan', 'dapur'],
  ['Minuman Dingin', 'bar'],
  ['Minuman Panas', 'bar'],
  ['Penutup', 'bar'],
];

/** Shelf, name, price, groups, whether it has a picture. */
const DISHES = [
  [0, 'Nasi Goreng Spesial', 32_000, ['spice', 'extra'], true],
  [0, 'Nasi Goreng Seafood', 42_000, ['spice', 'extra'], true],
  [0, 'Nasi Uduk Komplit', 35_000, [], true],
  [0, 'Nasi Campur Bali', 45_000, ['spice'], true],
  [0, 'Nasi Putih', 8_000, [], false],
  [0, 'Nasi Liwet Ayam Suwir', 38_000, [], false],
  [1, 'Mie Goreng Jawa', 30_000, ['spice', 'extra'], true],
  [1, 'Mie Ayam Pangsit', 28_000, ['spice'], true],
  [1, 'Kwetiau Siram Sapi', 40_000, ['spice'], false],
  [1, 'Bihun Goreng', 29_000, ['spice'], false],
  [2, 'Ayam Bakar Taliwang', 48_000, ['part', 'spice'], true],
  [2, 'Ayam Geprek Sambal Matah', 34_000, ['spice', 'part'], true],
  [2, 'Sate Ayam Madura (10 tusuk)', 40_000, [], true],
  [2, 'Rendang Sapi', 52_000, [], true],
  [2, 'Ikan Gurame Asam Manis', 95_000, [], true],
  [2, 'Bebek Goreng Kremes', 58_000, ['spice'], false],
  [3, 'Gado-Gado', 28_000, ['spice'], true],
  [3, 'Capcay Kuah', 32_000, [], false],
  [3, 'Soto Betawi', 42_000, [], true],
  [3, 'Sup Buntut', 68_000, [], true],
  [3, 'Tumis Kangkung', 22_000, [], false],
  [4, 'Tempe Mendoan', 18_000, [], true],
  [4, 'Tahu Isi', 15_000, [], false],
  [4, 'Pisang Goreng Keju', 22_000, [], true],
  [4, 'Lumpia Semarang', 24_000, [], false],
  [5, 'Es Teh Manis', 8_000, ['sugar', 'ice'], true],
  [5, 'Es Jeruk', 14_000, ['sugar', 'ice'], true],
  [5, 'Es Cendol', 18_000, [], true],
  [5, 'Jus Alpukat', 22_000, ['sugar'], true],
  [5, 'Air Mineral', 7_000, [], false],
  [6, 'Kopi Tubruk', 15_000, ['sugar'], true],
  [6, 'Teh Poci', 16_000, ['sugar'], false],
  [6, 'Wedang Jahe', 15_000, [], true],
  [7, 'Es Pisang Ijo', 24_000, [], true],
  [7, 'Klepon', 16_000, [], true],
  [7, 'Martabak Manis', 45_000, [], false],
];

const GROUPS = {
  spice: [
    'Level pedas',
    1,
    1,
    [
      ['Tidak pedas', 0],
      ['Sedang', 0],
      ['Pedas', 0],
      ['Extra pedas', 3_000],
    ],
  ],
  extra: [
    'Tambahan',
    0,
    3,
    [
      ['Telur mata sapi', 6_000],
      ['Kerupuk', 4_000],
      ['Sosis', 8_000],
      ['Ayam suwir', 10_000],
    ],
  ],
  part: [
    'Potongan',
    1,
    1,
    [
      ['Paha', 0],
      ['Dada', 2_000],
    ],
  ],
  sugar: [
    'Gula',
    0,
    1,
    [
      ['Tanpa gula', 0],
      ['Sedikit gula', 0],
    ],
  ],
  ice: [
    'Es',
    0,
    1,
    [
      ['Tanpa es', 0],
      ['Sedikit es', 0],
    ],
  ],
};

export const OUTLET = {
  id: 1,
  uuid: uuid(0xf, 1),
  name: 'Warung Sari Rasa Kemang',
  address: 'Jl. Kemang Raya 24, Jakarta Selatan',
  currency: 'IDR',
  currency_exponent: 0,
  time_zone: 'Asia/Jakarta',
  business_day_start_hour: 4,
  language: 'id',
  service_rate_bp: 500,
  service_base: 'after_discount',
  tax_rate_bp: 1_000,
  tax_included: false,
  cash_rounding_unit: 500,
  cash_rounding_mode: 'nearest',
};

/** `kind`: `usual`, `empty`, or `long` (long names everywhere). */
export function makeMenu(kind = 'usual') {
  if (kind === 'empty') return { categories: [], products: [], groups: [], modifiers: [] };
  const long = (text, tail) => (kind === 'long' ? `${text} ${tail}` : text);
  const categories = SHELVES.map(([name, station], index) => ({
    id: uuid(1, index),
    name: long(name, 'Pilihan Keluarga Nusantara'),
    station,
    sort_order: index,
    is_active: true,
  }));
  const groups = Object.entries(GROUPS).map(([, [name, min_select, max_select]], index) => ({
    id: uuid(2, index),
    name: long(name, 'yang paling Anda sukai hari ini'),
    min_select,
    max_select,
    sort_order: index,
  }));
  const groupId = Object.fromEntries(Object.keys(GROUPS).map((key, index) => [key, groups[index].id]));
  const modifiers = Object.entries(GROUPS).flatMap(([key, [group_name, , , options]], at) =>
    options.map(([name, price], index) => ({
      id: uuid(3, at * 16 + index),
      group: groupId[key],
      group_name,
      name: long(name, 'dari dapur Ibu Sari'),
      price,
      is_available: !(key === 'extra' && index === 2),
      sort_order: index,
    })),
  );
  const products = DISHES.map(([shelf, name, price, asked, hasPicture], index) => ({
    id: uuid(4, index),
    sku: `M${String(index + 1).padStart(3, '0')}`,
    name: long(name, 'dengan Sambal Terasi Bakar dan Lalapan Segar Porsi Keluarga'),
    description: '',
    category: categories[shelf].id,
    category_name: categories[shelf].name,
    price: kind === 'long' ? price * 1_111 : price,
    image: hasPicture ? `/media/menu/${index}.svg` : null,
    is_available: index !== 8 && index !== 14,
    modifier_groups: asked.map((key) => groupId[key]),
    barcode: index === 29 ? '8991102000014' : '',
    station: categories[shelf].station,
    sort_order: index,
  }));
  return { categories, products, groups, modifiers };
}

/** A plate seen from above: enough of a picture to judge the tiles by. */
export function picture(index) {
  const hue = (index * 47 + 18) % 60;
  const food = ['#c9772b', '#8f3b1f', '#d9a441', '#6d8b3c', '#b5532a', '#e0c07a', '#7a4a21'][index % 7];
  const bits = Array.from({ length: 16 }, (_, bit) => {
    const angle = bit * 2.4 + index;
    const reach = 10 + ((bit * 29) % 34);
    const tone = ['#e9d8a6', '#6a994e', '#bc4b2c', '#f2e8cf'][(bit + index) % 4];
    const [x, y] = [160 + Math.cos(angle) * reach, 100 + Math.sin(angle) * reach];
    return `<ellipse cx="${x.toFixed(0)}" cy="${y.toFixed(0)}" rx="9" ry="5" fill="${tone}" transform="rotate(${bit * 40} ${x.toFixed(0)} ${y.toFixed(0)})"/>`;
  }).join('');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 200"><rect width="320" height="200" fill="hsl(${hue} 32% 34%)"/><ellipse cx="160" cy="108" rx="96" ry="84" fill="#0003"/><circle cx="160" cy="100" r="84" fill="#f6f1e7"/><circle cx="160" cy="100" r="66" fill="#fffdf8"/><circle cx="160" cy="100" r="54" fill="${food}"/>${bits}</svg>`;
}
