// Guests as their manager keeps them: written down, found, handed out to whom they are about, and forgotten.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { Hub } from '../socketio/hub.mjs';
import { browser, device, shot } from './browser.mjs';
import { openAdmin } from './people.mjs';

test('a guest is written down, found, handed out and forgotten', async (t) => {
  const hub = await Hub.start(t);
  const opened = await browser(t);
  const manager = await device(opened, hub.main);
  await openAdmin(manager, hub, 'customers');
  const sheet = manager.getByRole('dialog').first();

  await manager.getByRole('button', { name: 'Tambah pelanggan' }).click();
  await sheet.getByRole('button', { name: 'Simpan' }).click();
  await sheet.getByText('Isi namanya.').waitFor();
  await sheet.getByLabel('Nama', { exact: true }).fill('Ibu Uji Coba');
  await sheet.getByLabel('Telepon', { exact: true }).fill('0812-000-111');
  await sheet.getByLabel('Catatan', { exact: true }).fill('alergi udang');
  await sheet.getByRole('button', { name: 'Simpan' }).click();
  await sheet.waitFor({ state: 'detached' });

  await manager.getByLabel('Cari nama, telepon, email').fill('0812-000');
  const row = manager.locator('[data-customer="Ibu Uji Coba"]');
  await row.waitFor();
  await shot(manager, 'admin-customers');
  const { results } = await hub.api('/api/customers/?search=uji');
  assert.equal(results[0].notes, 'alergi udang');

  await row.getByRole('button', { name: 'Ubah Ibu Uji Coba' }).click();
  const coming = manager.waitForEvent('download');
  await sheet.getByRole('button', { name: 'Unduh datanya' }).click();
  const file = await coming;
  assert.doesNotMatch(file.suggestedFilename(), /uji/i);
  const { customer, orders } = JSON.parse(await readFile(await file.path(), 'utf8'));
  assert.equal(customer.name, 'Ibu Uji Coba');
  assert.deepEqual(orders, []);

  await sheet.getByRole('button', { name: 'Lupakan pelanggan ini' }).click();
  await manager.getByRole('heading', { name: 'Lupakan Ibu Uji Coba?' }).waitFor();
  await manager.getByRole('button', { name: 'Ya, lupakan' }).click();
  await row.waitFor({ state: 'detached' });
  const after = await hub.api(`/api/customers/${results[0].id}/`);
  assert.deepEqual([after.name, after.phone, after.notes, after.forgotten], ['', '', '', true]);
  assert.deepEqual(manager.errors, []);
});
