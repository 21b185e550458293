/** Bahasa Indonesia: how a device comes to trust the hub. */

import type { System } from '$lib/domain/address';

export const trustId = {
  title: 'Percayai hub ini',
  why: 'Hub ada di outlet, bukan di internet; dengan sertifikat ini perangkat Anda tahu bahwa ia berbicara dengan hub yang benar, dan sandi tidak terbaca orang lain.',
  download: 'Unduh sertifikat',
  downloadProfile: 'Unduh profil iPhone / iPad',
  fingerprint: 'Sidik jari SHA-256',
  fingerprintText: 'Cocokkan dengan yang ditampilkan perangkat sebelum menyetujuinya.',
  fingerprintAway: 'Sidik jari tampil begitu hub menjawab.',
  none: 'Hub ini tidak memakai HTTPS, jadi tidak ada sertifikat yang perlu dipasang.',
  qr: 'Pindai dari perangkat lain',
  qrAlt: (address: string) => `Kode QR ke ${address}`,
  steps: 'Langkah-langkah',
  systems: {
    android: 'Android',
    ios: 'iPhone / iPad',
    windows: 'Windows',
    macos: 'macOS',
    linux: 'Linux',
  } satisfies Record<System, string>,
  yours: 'perangkat ini',
  check: 'Periksa hasilnya',
  checkText: 'Buka alamat aman. Tidak ada peringatan berarti berhasil.',
  open: 'Buka alamat aman',
  isSecure: 'Anda di alamat aman',
  isSecureText: 'Peramban ini percaya kepada hub. Selesai.',
  done: 'Ke halaman awal',
  print: 'Cetak halaman ini',
  how: {
    android: [
      'Unduh sertifikat di perangkat ini.',
      'Buka Setelan → Keamanan → Enkripsi & kredensial → Pasang sertifikat → Sertifikat CA.',
      'Ketuk “Tetap pasang”, lalu pilih berkas outlet-hub-ca.crt.',
      'Tutup peramban sepenuhnya, lalu buka alamat aman.',
    ],
    ios: [
      'Di Safari, unduh profil dan ketuk “Izinkan”.',
      'Buka Pengaturan → Profil Diunduh → Pasang.',
      'Buka Pengaturan → Umum → Mengenai → Pengaturan Kepercayaan Sertifikat.',
      'Nyalakan “Outlet Hub”, lalu buka alamat aman.',
    ],
    windows: [
      'Unduh sertifikat, lalu buka berkasnya.',
      'Klik “Instal Sertifikat…” dan pilih “Komputer Lokal”.',
      'Pilih “Tempatkan semua sertifikat di penyimpanan berikut” → “Otoritas Sertifikasi Akar Tepercaya”.',
      'Selesaikan, tutup peramban, lalu buka alamat aman.',
    ],
    macos: [
      'Unduh sertifikat, lalu buka berkasnya: Akses Rantai Kunci terbuka.',
      'Masukkan ke rantai kunci “Sistem”.',
      'Klik dua kali sertifikat itu, buka “Kepercayaan”, pilih “Selalu Percaya”.',
      'Tutup peramban, lalu buka alamat aman.',
    ],
    linux: [
      'Unduh sertifikat.',
      'Chrome dan Chromium: buka chrome://certificate-manager → Sertifikat lokal → Impor di bawah “Tepercaya”.',
      'Firefox: Pengaturan → Privasi & Keamanan → Lihat Sertifikat → Otoritas → Impor, centang “situs web”.',
      'Buka alamat aman.',
    ],
  } satisfies Record<System, string[]>,
};

export type TrustWords = typeof trustId;
