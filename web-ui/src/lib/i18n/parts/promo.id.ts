/** Bahasa Indonesia: codes that a guest names. */

import type { CodeTrouble } from '$lib/domain/promotion';

export const promoId = {
  title: 'Kode promo',
  label: 'Kode dari tamu',
  add: 'Pakai',
  remove: (code: string) => `Hapus kode ${code}`,
  /** It is named, and takes nothing off what lies in the cart. */
  idle: 'Belum mengurangi: syaratnya belum terpenuhi.',
  none: 'Belum ada kode di pesanan ini.',
  twice: 'Kode ini sudah dipakai di pesanan ini.',
  full: 'Tidak bisa lebih banyak kode lagi.',
  trouble: {
    unknown: 'Kode ini tidak dikenal.',
    off: 'Kode ini sedang dimatikan.',
    used_up: 'Kuota kode ini sudah habis.',
    not_now: 'Kode ini tidak berlaku saat ini.',
  } satisfies Record<CodeTrouble, string>,
};

export type PromoWords = typeof promoId;
