// The menu as its manager changes it: a price that open tills show at once, a dish that is sold out, a list of dishes with mistakes in
// it, and a photo.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Hub } from '../socketio/hub.mjs';
import { browser, device, shot } from './browser.mjs';
import { openAdmin, openTill } from './people.mjs';

const PHONE = { width: 390, height: 844 };
/** A change is on an open till within a second; a machine that does much else may take longer to paint it. */
const SOON = { timeout: 5_000 };

/** A product that asks nothing, with a code. */
async function plain(hub) {
  const { results } = await hub.api('/api/products/?page_size=500&is_available=true');
  return results.find((product) => product.modifier_groups.length === 0 && product.sku);
}

test('a price and a dish that is sold out are on an open till at once', async (t) => {
  const hub = await Hub.start(t);
  const opened = await browser(t);
  const product = await plain(hub);
  const till = await device(opened, hub.main);
  await openTill(till, hub);
  await till.getByLabel('Cari menu').fill(product.name);
  const tile = till.locator('[aria-label="Menu"] button', { hasText: product.name }).first();
  await tile.waitFor();

  const manager = await device(opened, hub.main);
  await openAdmin(manager, hub, 'menu');
  await manager.getByLabel('Cari nama, SKU, barcode').fill(product.sku);
  const row = manager.locator(`[data-product="${product.sku}"]`);
  await row.locator('[data-part=price]').click();
  await manager.keyboard.type('34567');
  const seen = tile.getByText('34.567').waitFor(SOON);
  seen.catch(() => {});
  await manager.keyboard.press('Enter');
  await seen;
  await shot(manager, 'admin-menu');
  await row.getByRole('switch').click();
  await hub.api(`/api/products/${product.id}/`);
  await till
    .locator('[aria-label="Menu"] button[disabled], [aria-label="Menu"] button[aria-disabled=true]', {
      hasText: product.name,
    })
    .first()
    .waitFor();
  for (const page of [till, manager]) assert.deepEqual(page.errors, []);
});

test('a list with three bad rows: each is named, and the others are taken', async (t) => {
  const hub = await Hub.start(t);
  const opened = await browser(t);
  const product = await plain(hub);
  const manager = await device(opened, hub.main);
  await openAdmin(manager, hub, 'menu/import');
  const rows = [
    'sku,name,category,price,is_available,barcode,description',
    `${product.sku},${product.name},${product.category_name},41.500,true,,`,
    `UJI-1,Es Uji,${product.category_name},9000,true,,dingin`,
    `,Tanpa Kode,${product.category_name},9000,true,,`,
    `UJI-2,Harga Salah,${product.category_name},murah,true,,`,
    'UJI-3,Tanpa Kategori,Tidak Ada,9000,true,,',
  ];
  const buffer = Buffer.from(rows.join('\r\n'));
  await manager
    .locator('[data-part=csv-file]')
    .setInputFiles({ name: 'menu.csv', mimeType: 'text/csv', buffer });
  await manager.locator('[data-part=refused] li').nth(2).waitFor();
  assert.equal(await manager.locator('[data-part=refused] li').count(), 3);
  await shot(manager, 'admin-import');
  await manager.getByRole('button', { name: /^Terapkan / }).click();
  await manager.locator('[data-part=summary]').waitFor();
  const { results } = await hub.api('/api/products/?page_size=500');
  assert.equal(results.find(({ sku }) => sku === product.sku).price, 41_500);
  assert.equal(results.find(({ sku }) => sku === 'UJI-1').price, 9_000);
  assert.ok(!results.some(({ sku }) => ['UJI-2', 'UJI-3'].includes(sku)));
  assert.deepEqual(manager.errors, []);
});

test('a photo from a phone is on the menu', async (t) => {
  const hub = await Hub.start(t);
  const opened = await browser(t);
  const product = await plain(hub);
  const phone = await device(opened, hub.main, PHONE);
  await openAdmin(phone, hub, 'menu');
  await phone.getByLabel('Cari nama, SKU, barcode').fill(product.sku);
  await phone.getByRole('button', { name: `Ubah ${product.name}`, exact: true }).click();
  // The browser draws the photo itself: nothing of it is kept in the repository.
  const photo = await phone.evaluate(async () => {
    const canvas = new OffscreenCanvas(1600, 1200);
    const brush = canvas.getContext('2d');
    brush.fillStyle = '#c2410c';
    brush.fillRect(0, 0, 1600, 600);
    const blob = await canvas.convertToBlob({ type: 'image/jpeg' });
    return [...new Uint8Array(await blob.arrayBuffer())];
  });
  const buffer = Buffer.from(photo);
  await phone
    .locator('[data-part=picture-file]')
    .setInputFiles({ name: 'foto.jpg', mimeType: 'image/jpeg', buffer });
  await phone.getByText('Foto tersimpan').waitFor();
  await phone.waitForFunction(() => document.querySelector('[data-part=picture] img')?.naturalWidth === 800);
  await shot(phone, 'admin-photo-phone');
  const { image } = await hub.api(`/api/products/${product.id}/`);
  const served = await fetch(new URL(image, hub.main));
  assert.equal(served.headers.get('content-type'), 'image/jpeg');
  assert.match(served.headers.get('cache-control'), /immutable/);
  assert.deepEqual(phone.errors, []);
});

test('the sheets of the menu save what is typed and say what is missing', async (t) => {
  const hub = await Hub.start(t);
  const opened = await browser(t);
  const product = await plain(hub);
  const manager = await device(opened, hub.main);
  await openAdmin(manager, hub, 'menu');
  await manager.getByLabel('Cari nama, SKU, barcode').fill(product.sku);
  await manager.getByRole('button', { name: `Ubah ${product.name}`, exact: true }).click();
  const sheet = manager.getByRole('dialog');
  await sheet.getByLabel('Nama', { exact: true }).fill('');
  await sheet.getByRole('button', { name: 'Simpan' }).click();
  await sheet.getByRole('alert').first().waitFor();
  await sheet.getByLabel('Nama', { exact: true }).fill('Tahu Uji');
  await sheet.getByRole('button', { name: 'Simpan' }).click();
  await sheet.waitFor({ state: 'detached' });
  assert.equal((await hub.api(`/api/products/${product.id}/`)).name, 'Tahu Uji');

  await manager.goto(`${hub.main}/admin/categories`);
  await manager
    .getByRole('button', { name: /Tambah/ })
    .first()
    .click();
  await sheet.getByLabel('Nama', { exact: true }).fill('Kategori Uji');
  await shot(manager, 'admin-category');
  await sheet.getByRole('button', { name: 'Simpan' }).click();
  await sheet.waitFor({ state: 'detached' });
  const { results } = await hub.api('/api/categories/?page_size=500');
  assert.ok(results.some(({ name }) => name === 'Kategori Uji'));
  assert.deepEqual(manager.errors, []);
});
