// Promotions as their manager makes them: what is typed is said back in a sentence, and is what the hub keeps.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Hub } from '../socketio/hub.mjs';
import { browser, device, shot } from './browser.mjs';
import { openAdmin } from './people.mjs';

test('a happy hour is made, switched off, mended and removed', async (t) => {
  const hub = await Hub.start(t);
  const opened = await browser(t);
  const { results: categories } = await hub.api('/api/categories/?page_size=500');
  const [category] = categories;
  const manager = await device(opened, hub.main);
  await openAdmin(manager, hub, 'promotions');
  const sheet = manager.getByRole('dialog').first();
  const row = manager.locator('[data-promotion="Sore Uji"]');
  const stored = async () => {
    const { results } = await hub.api('/api/promotions/?search=Sore+Uji');
    return results[0];
  };

  await manager.getByRole('button', { name: 'Tambah promosi' }).click();
  await sheet.getByRole('button', { name: 'Simpan' }).click();
  await sheet.getByText('Isi namanya.').waitFor();
  await sheet.getByLabel('Nama', { exact: true }).fill('Sore Uji');
  await sheet.getByLabel('Diskon (%)').fill('12,5');
  await sheet.getByRole('radio', { name: 'Kategori' }).check();
  await sheet.getByRole('button', { name: 'Pilih kategori' }).click();
  await manager.getByLabel('Cari kategori').fill(category.name);
  await manager.getByRole('checkbox', { name: category.name, exact: true }).check();
  await manager.getByRole('button', { name: 'Selesai' }).click();
  await sheet.locator('summary', { hasText: 'Kapan' }).click();
  await sheet.getByRole('button', { name: 'Sabtu' }).click();
  await sheet.getByRole('button', { name: 'Minggu' }).click();
  await sheet.getByRole('radio', { name: 'Jam tertentu' }).check();
  await sheet.getByLabel('Dari jam').fill('14:00');
  await sheet.getByLabel('Sampai jam').fill('17:00');
  const sentence = `Diskon 12,5 % untuk ${category.name}, Sen–Jum 14.00–17.00`;
  await sheet.getByText(sentence).waitFor();
  await shot(manager, 'admin-promotion');
  await sheet.getByRole('button', { name: 'Simpan' }).click();
  await sheet.waitFor({ state: 'detached' });
  await row.getByText(sentence).waitFor();
  const made = await stored();
  assert.deepEqual(
    [made.kind, made.percent_bp, made.scope, made.categories, made.days, made.start_time.slice(0, 5)],
    ['percent', 1_250, 'category', [category.id], [1, 2, 3, 4, 5], '14:00'],
  );

  await row.getByRole('switch').click();
  await row.getByText('Dimatikan').waitFor();
  assert.equal((await stored()).is_active, false);

  await row.getByRole('button', { name: 'Ubah Sore Uji' }).click();
  await sheet.locator('summary', { hasText: 'Kode dan batas' }).click();
  await sheet.getByRole('radio', { name: /^Dengan kode/ }).check();
  await sheet.getByLabel('Kode', { exact: true }).fill('uji-sore');
  await sheet.getByRole('button', { name: 'Simpan' }).click();
  await sheet.waitFor({ state: 'detached' });
  await row.getByText('dengan kode UJI-SORE').waitFor();
  assert.equal((await stored()).trigger, 'code');

  await row.getByRole('button', { name: 'Ubah Sore Uji' }).click();
  await sheet.getByRole('button', { name: 'Hapus', exact: true }).click();
  await manager.getByRole('button', { name: 'Ya, hapus' }).click();
  await row.waitFor({ state: 'detached' });
  assert.equal(await stored(), undefined);
  assert.deepEqual(manager.errors, []);
});
