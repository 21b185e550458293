/** Indonesian: who did what. */

/** What is told of an entry: who, and to what. */
type Said = (who: string, what: string) => string;

export interface AuditWords {
  title: string;
  text: string;
  search: string;
  filterArea: string;
  filterPeriod: string;
  all: string;
  areas: Record<string, string>;
  periods: Record<number, string>;
  approved: string;
  only: string;
  onlyText: (name: string) => string;
  drop: (name: string) => string;
  count: (n: string, isOne: boolean) => string;
  nothing: string;
  nothingText: string;
  clear: string;
  empty: string;
  emptyText: string;
  when: string;
  what: string;
  who: string;
  where: string;
  approvedBy: string;
  record: string;
  details: string;
  changes: string;
  field: string;
  from: string;
  to: string;
  open: (sentence: string) => string;
  noDevice: string;
  unverified: string;
  unverifiedShort: string;
  system: string;
  stranger: (address: string) => string;
  guest: string;
  hidden: string;
  yes: string;
  no: string;
  none: string;
  onlyActor: (name: string) => string;
  onlyDevice: (name: string) => string;
  onlySubject: (name: string) => string;
  /** What kinds of things are called, each with the name behind it. */
  things: Record<string, (name: string) => string>;
  made: Said;
  changed: Said;
  removed: Said;
  /** One field is another: `Sari mengubah harga Nasi Goreng: Rp 25.000 → Rp 27.000`. */
  changedField: (who: string, field: string, what: string, change: string) => string;
  /** What has a sentence of its own. */
  kinds: Record<string, (who: string, what: string, facts: Facts) => string>;
  other: Said;
  fields: Record<string, string>;
  /** Words that a field may say. */
  values: Record<string, Record<string, string>>;
  factNames: Record<string, string>;
}

/** What a sentence may say beside who and what, already in words. */
export interface Facts {
  item: string;
  quantity: string;
  reason: string;
  why: string;
  isSet: boolean;
  day: string;
  orders: string;
  total: string;
  job: string;
  isOk: boolean;
  /** What the hub itself said. */
  message: string;
}

const because = (reason: string) => (reason === '' ? '' : ` (${reason})`);

export const auditId: AuditWords = {
  title: 'Jejak audit',
  text: 'Siapa melakukan apa, kapan, di perangkat mana, dan dengan izin siapa.',
  search: 'Cari nama orang atau barang',
  filterArea: 'Saring menurut bagian',
  filterPeriod: 'Saring menurut waktu',
  all: 'Semua',
  areas: {
    menu: 'Menu',
    promotions: 'Promosi',
    orders: 'Pesanan',
    staff: 'Staf',
    devices: 'Perangkat',
    guests: 'Tamu',
    outlet: 'Outlet',
    work: 'Pekerjaan',
  },
  periods: { 0: 'Sejak awal', 1: '24 jam', 7: '7 hari', 30: '30 hari' },
  approved: 'Dengan izin',
  only: 'Hanya ini',
  onlyText: (name) => `Hanya: ${name}`,
  drop: (name) => `Hapus saringan ${name}`,
  count: (n) => `${n} catatan`,
  nothing: 'Tidak ada yang cocok',
  nothingText: 'Longgarkan saringan, atau cari kata lain. Nama tamu tidak pernah tercatat di sini.',
  clear: 'Hapus semua saringan',
  empty: 'Belum ada catatan',
  emptyText: 'Perubahan menu, pembatalan, orang yang masuk, dan perangkat akan tercatat di sini.',
  when: 'Waktu',
  what: 'Kejadian',
  who: 'Siapa',
  where: 'Perangkat',
  approvedBy: 'Diizinkan oleh',
  record: 'Nomor catatan',
  details: 'Rincian',
  changes: 'Yang berubah',
  field: 'Bidang',
  from: 'Sebelum',
  to: 'Sesudah',
  open: (sentence) => `Rincian: ${sentence}`,
  noDevice: 'Bukan perangkat terpasang',
  unverified: 'Jam hub belum pasti saat ini dicatat.',
  unverifiedShort: 'Jam belum pasti',
  system: 'Hub',
  stranger: (address) => (address === '' ? 'Seseorang di jaringan' : `Seseorang di ${address}`),
  guest: 'seorang tamu',
  hidden: 'tidak ditampilkan',
  yes: 'ya',
  no: 'tidak',
  none: '–',
  onlyActor: (name) => `Semua oleh ${name}`,
  onlyDevice: (name) => `Semua di ${name}`,
  onlySubject: (name) => `Semua tentang ${name}`,
  things: {
    product: (name) => name,
    category: (name) => `kategori ${name}`,
    modifier_group: (name) => `kelompok tambahan ${name}`,
    modifier: (name) => `tambahan ${name}`,
    promotion: (name) => `promosi ${name}`,
    user: (name) => `akun ${name}`,
    device: (name) => `perangkat ${name}`,
    outlet: () => 'pengaturan outlet',
    settings: () => 'pengaturan hub',
    order: (name) => `pesanan ${name}`,
  },
  made: (who, what) => `${who} menambah ${what}`,
  changed: (who, what) => `${who} mengubah ${what}`,
  removed: (who, what) => `${who} menghapus ${what}`,
  changedField: (who, field, what, change) => `${who} mengubah ${field} ${what}: ${change}`,
  kinds: {
    'order.item_voided': (who, what, { item, quantity, reason }) =>
      `${who} membatalkan ${quantity}× ${item} dari ${what}${because(reason)}`,
    'order.cancelled': (who, what, { reason }) => `${who} membatalkan ${what}${because(reason)}`,
    'order.discounted': (who, what, { reason }) => `${who} mengubah potongan ${what}${because(reason)}`,
    'session.began': (who) => `${who} masuk`,
    'session.ended': (who, what, { why }) => `Sesi ${what} berakhir: ${why}`,
    'sign_in.refused': (who, what) => `Sandi salah untuk ${what}`,
    'pin.set': (who, what, { isSet }) =>
      isSet ? `${who} memasang PIN untuk ${what}` : `${who} menghapus PIN ${what}`,
    'pin.refused': (who, what) => `PIN salah untuk ${what}`,
    'access.refused': (who) => `${who} meminta sesuatu yang bukan haknya, dan ditolak`,
    'device.revoked': (who, what) => `${who} mencabut ${what}`,
    'pairing.refused': (who) => `${who} mencoba kode pasangan yang salah`,
    'guest.put': (who) => `${who} menyimpan data seorang tamu`,
    'guest.forgotten': (who) => `${who} melupakan seorang tamu untuk selamanya`,
    'promotion.started': (who, what) => `Mulai sekarang tamu mendapat ${what}`,
    'promotion.ended': (who, what) => `Tamu tidak lagi mendapat ${what}`,
    'day.closed': (who, what, { day, orders, total }) => `${day} ditutup: ${orders} pesanan, ${total}`,
    'job.ran': (who, what, { job, isOk, message }) => (isOk ? `${job}: selesai` : `${job} gagal: ${message}`),
  },
  other: (who, what) => (what === '' ? `${who} mengerjakan sesuatu` : `${who} mengubah sesuatu pada ${what}`),
  fields: {
    name: 'nama',
    price: 'harga',
    is_available: 'ketersediaan',
    category: 'kategori',
    description: 'keterangan',
    sku: 'SKU',
    barcode: 'barcode',
    modifier_groups: 'kelompok tambahan',
    image: 'gambar',
    sort_order: 'urutan',
    station: 'stasiun',
    is_active: 'status aktif',
    min_select: 'pilihan paling sedikit',
    max_select: 'pilihan paling banyak',
    group: 'kelompok',
    username: 'nama pengguna',
    role: 'peran',
    password: 'sandi',
    key: 'kunci',
    table: 'meja',
    order_type: 'jenis',
    notes: 'catatan',
    total: 'total',
    discount: 'potongan',
    number: 'nomor',
    address: 'alamat',
    currency: 'mata uang',
    currency_exponent: 'desimal mata uang',
    language: 'bahasa',
    time_zone: 'zona waktu',
    business_day_start_hour: 'jam mulai hari',
    service_rate_bp: 'biaya layanan',
    service_base: 'dasar biaya layanan',
    tax_rate_bp: 'pajak',
    tax_included: 'harga termasuk pajak',
    cash_rounding_unit: 'pembulatan tunai',
    cash_rounding_mode: 'arah pembulatan',
    percent_bp: 'diskon',
    amount: 'jumlah',
    buy_quantity: 'jumlah beli',
    get_quantity: 'jumlah dapat',
    parts: 'isi paket',
    scope: 'berlaku untuk',
    code: 'kode',
    days: 'hari',
    hours: 'jam',
    start_date: 'hari pertama',
    end_date: 'hari terakhir',
    min_spend: 'belanja minimum',
    max_uses: 'batas pemakaian',
    is_exclusive: 'penggabungan',
    priority: 'prioritas',
    cashier_discount_max_bp: 'batas diskon kasir',
    backup_time: 'jam cadangan',
    backups_kept: 'cadangan disimpan',
    guests_kept_days: 'hari data tamu disimpan',
  },
  values: {
    is_available: { true: 'tersedia', false: 'habis' },
    is_active: { true: 'aktif', false: 'tidak aktif' },
    is_exclusive: { true: 'berdiri sendiri', false: 'bisa digabung' },
    service_base: { before_discount: 'sebelum potongan', after_discount: 'sesudah potongan' },
    cash_rounding_mode: { down: 'ke bawah', nearest: 'terdekat', up: 'ke atas' },
    language: { id: 'Indonesia', en: 'Inggris' },
    why: {
      signed_out: 'keluar',
      reused: 'kunci masuk dipakai dua kali',
      account_changed: 'akun diubah',
      device_revoked: 'perangkat dicabut',
    },
  },
  factNames: {
    day: 'Hari usaha',
    orders: 'Pesanan',
    job: 'Pekerjaan',
    message: 'Menurut hub',
    reason: 'Alasan',
    item: 'Barang',
    quantity: 'Jumlah',
    what: 'Yang diminta',
    why: 'Sebab',
  },
};
