// Who did what, as a manager looks for it: a price that was changed, by whom, and all that they did.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Hub } from '../socketio/hub.mjs';
import { browser, device, shot } from './browser.mjs';
import { openAdmin } from './people.mjs';

test('a change of price is told in a sentence, found by name, and leads to all that its maker did', async (t) => {
  const hub = await Hub.start(t);
  const { results } = await hub.api('/api/products/?page_size=1&search=nasi');
  const [product] = results;
  const authorization = `Bearer ${await hub.signIn('manager')}`;
  for (const price of [25_000, 27_000]) {
    await hub.api(`/api/products/${product.id}/`, {
      method: 'PATCH',
      body: { price },
      headers: { authorization },
    });
  }
  const opened = await browser(t);
  const page = await device(opened, hub.main);
  await openAdmin(page, hub, 'audit');
  const rows = page.locator('main [data-kind]');
  await rows.first().waitFor();
  // Who signs in is told too.
  await page.locator('main [data-kind="session.began"]').first().waitFor();
  await page.getByLabel('Cari nama orang atau barang').fill(product.name.toUpperCase());
  const said = `Pak Budi mengubah harga ${product.name}: Rp 25.000 → Rp 27.000`;
  const row = page.getByRole('button', { name: said });
  await row.waitFor();
  await page.locator('main [data-kind="session.began"]').first().waitFor({ state: 'detached' });
  await shot(page, 'audit');
  // The row's end opens it as well as its words.
  const box = await page.locator('main tr[data-kind]').first().boundingBox();
  await page.mouse.click(box.x + box.width - 20, box.y + box.height / 2);
  const sheet = page.locator('dialog');
  await sheet.getByText('Rp 27.000').last().waitFor();
  await sheet.getByRole('button', { name: 'Semua oleh Pak Budi' }).click();
  const chip = page.getByRole('button', { name: 'Hapus saringan Pak Budi' });
  await chip.waitFor();
  await page.getByLabel('Cari nama orang atau barang').fill('');
  await page.getByRole('button', { name: 'Menu', exact: true }).click();
  await page.getByText('2 catatan').waitFor();
  await page.getByRole('button', { name: 'Promosi', exact: true }).click();
  await page.getByText('Tidak ada yang cocok').waitFor();
  await page.getByRole('button', { name: 'Hapus semua saringan' }).click();
  await page.locator('main [data-kind="outlet.set"], nav[aria-label="Halaman"]').first().waitFor();
  assert.deepEqual(page.errors, []);
});
