/** Bahasa Indonesia: people, devices and a manager's yes. */

import type { DeviceRole, Role } from '$lib/api/identity-types';

export const accessId = {
  roles: {
    owner: 'Pemilik',
    manager: 'Manajer',
    cashier: 'Kasir',
    kitchen: 'Dapur',
  } satisfies Record<Role, string>,
  deviceRoles: {
    till: 'Kasir',
    kitchen: 'Layar dapur',
    board: 'Papan antrean',
    kiosk: 'Kios tamu',
  } satisfies Record<DeviceRole, string>,
  person: {
    button: (name: string) => `Petugas: ${name}`,
    title: 'Petugas kasir',
    unsent: (n: number) =>
      `${n} belum terkirim. Tetap tersimpan di sini dan terkirim setelah ada yang masuk.`,
    cart: (n: number) => `${n} item di keranjang tetap ada untuk petugas berikutnya.`,
    pageAway: 'Halaman masuk belum termuat',
    pageAwayText: 'Hub tidak menjawab. Penjualan dan keranjang tetap tersimpan di sini.',
    change: 'Ganti kasir',
    signOut: 'Keluar',
    admin: 'Buka pengelola',
  },
  approve: {
    title: 'Minta manajer',
    other: 'Orang lain',
    who: 'Siapa yang menyetujui?',
    what: { void: 'Membatalkan menu', cancel: 'Membatalkan pesanan', discount: 'Memberi diskon' },
    reason: (reason: string) => `Alasan: ${reason}`,
    ok: 'Setujui',
    wrong: 'PIN salah. Belum ada yang diubah.',
    locked: (wait: string) => `Terkunci. Coba lagi dalam ${wait}.`,
    offline: 'Persetujuan hanya bisa saat hub tersambung. Belum ada yang diubah.',
    offlineTitle: 'Perlu manajer, dan hub terputus',
    nobody: 'Belum ada manajer yang punya PIN',
    nobodyText: 'Manajer membuat PIN di Pengelola → Staf.',
    done: 'Disetujui',
    dropped: 'Tidak jadi',
    ask: 'Minta manajer',
    refused: 'Hub menolak.',
  },
  device: {
    title: 'Perangkat ini',
    none: 'Belum dipasangkan',
    station: (station: string) => `Stasiun ${station}`,
    noStation: 'Semua stasiun',
    toAdmin: 'Diubah manajer di Pengelola → Perangkat.',
  },
  start: {
    manager: 'Pengelola',
    managerText: 'Perangkat, staf, dan keamanan.',
    secureTo: 'lewat alamat aman',
    trust: 'Percayai hub ini',
    demo: 'Mode demo',
    pair: 'Pasangkan perangkat ini',
  },
};

export type AccessWords = typeof accessId;
