/** The manager's menu: products, categories, add-ons, and a file that becomes the menu. */

import { scene } from './stage.mjs';

const AS = { device: 'till', user: 'owner' };
const LOOKS = [
  ['light', 'id'],
  ['dark', 'id'],
  ['light', 'en'],
];
const CSV = [
  'sku;name;category;price;is_available;barcode;description',
  'M001;Nasi Goreng Spesial;Nasi;35.000;ya;;',
  'M002;Nasi Goreng Seafood;Nasi;42000;tidak;;',
  'M003;Nasi Uduk Komplit;Nasi;35,000;ya;;',
  'N100;Es Kopi Susu Gula Aren;Minuman Dingin;Rp 22.000;ya;;"manis; dingin"',
  'N101;Es Ditolak;Minuman Dingin;15.000;ya;;',
  'N102;Sushi Salmon;Jepang;48.000;ya;;',
  'N103;Teh Tarik;Minuman Panas;gratis;ya;;',
  ';Tanpa kode;Nasi;1.000;ya;;',
].join('\r\n');
const csvFile = (text) => ({ name: 'menu-baru.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });

for (const size of ['wide', 'tall', 'phone']) {
  for (const [theme, language] of LOOKS) {
    const look = { size, theme, language, orders: null, as: AS };
    await scene('menu-products', look, async ({ page, hub, go, shot, tap }) => {
      await go('/admin/menu');
      await shot('1list');
      const row = page.locator('[data-product=M001]');
      await row.locator('[data-part=price]').click();
      await page.keyboard.type('35000');
      await shot('2price');
      await page.keyboard.press('Enter');
      await row.getByRole('switch').click();
      await page.waitForTimeout(300);
      await shot('3changed');
      hub.setFault({ status: 503, body: { detail: 'Sebentar.', code: 'busy' } });
      await page.locator('[data-product=M002]').getByRole('switch').click();
      await page.waitForTimeout(300);
      await shot('4refused');
      hub.setFault(null);
      await page.locator('#main').evaluate((main) => main.scrollTo(0, 900));
      await page.waitForTimeout(200);
      await shot('5scrolled');
      await page.getByRole('button', { name: /^(Ubah|Edit) Nasi Goreng Seafood$/ }).click();
      await page.waitForTimeout(300);
      await shot('6sheet');
      await page.locator('[data-part=picture-file]').setInputFiles({
        name: 'catatan.txt',
        mimeType: 'text/plain',
        buffer: Buffer.from('bukan foto'),
      });
      await page.waitForTimeout(300);
      await page.getByLabel('SKU', { exact: true }).fill('M001');
      await tap(/^(Simpan|Save)$/);
      await page.waitForTimeout(300);
      await shot('7errors');
      await page.getByLabel('SKU', { exact: true }).scrollIntoViewIfNeeded();
      await shot('8field');
      await page
        .locator('dialog')
        .getByRole('button', { name: /^(Hapus|Remove)$/ })
        .click();
      await page.waitForTimeout(300);
      await shot('9remove');
    });
    await scene('menu-filter', look, async ({ page, go, shot, tap }) => {
      await go('/admin/menu');
      await tap(/^(Habis|Sold out)$/);
      await page.waitForTimeout(400);
      await shot('1soldout');
      await page.getByRole('textbox').first().fill('tidak ada ini');
      await page.waitForTimeout(600);
      await shot('2nothing');
      if (size === 'phone') {
        await tap(/^(Lainnya|More)$/);
        await shot('3more');
      }
    });
    await scene('menu-shelves', look, async ({ page, go, shot, tap }) => {
      await go('/admin/categories');
      await shot('1categories');
      await page.getByRole('button', { name: /^(Ubah|Edit) Nasi$/ }).click();
      await page
        .locator('dialog')
        .getByRole('button', { name: /^(Hapus|Remove)$/ })
        .click();
      await page.waitForTimeout(200);
      await tap(/^(Ya, hapus|Yes, remove)$/);
      await page.waitForTimeout(300);
      await shot('2inuse');
      await go('/admin/modifiers');
      await shot('3groups');
      await page.getByRole('button', { name: /^(Ubah|Edit) Extra pedas$/ }).click();
      await page.waitForTimeout(300);
      await shot('4option');
      await page.keyboard.press('Escape');
      await tap(/^(Tambah kelompok|Add a group)$/);
      await page.waitForTimeout(300);
      await shot('5group');
    });
    await scene('menu-import', look, async ({ page, go, shot, tap }) => {
      await go('/admin/menu/import');
      await shot('1choose');
      await page.locator('[data-part=csv-file]').setInputFiles(csvFile(CSV));
      await page.waitForTimeout(600);
      await shot('2preview');
      await tap(/^(Terapkan|Apply) /);
      await page.waitForTimeout(800);
      await shot('3result');
      await page.reload();
      await page.waitForTimeout(700);
      await page.locator('[data-part=csv-file]').setInputFiles(csvFile('nama,harga\nA,"1'));
      await page.waitForTimeout(500);
      await shot('4fault');
    });
  }
}

await scene('menu-long', { menu: 'long', size: 'phone', orders: null, as: AS }, async ({ go, shot }) => {
  await go('/admin/menu');
  await shot('1');
  await go('/admin/modifiers');
  await shot('2');
});
await scene('menu-empty', { menu: 'empty', orders: null, as: AS }, async ({ page, hub, go, shot }) => {
  await go('/admin/menu');
  await shot('1');
  await go('/admin/categories');
  await shot('2');
  await hub.close();
  await page.reload().catch(() => undefined);
});
await scene('menu-away', { orders: null, as: AS }, async ({ page, hub, go, shot }) => {
  await go('/admin/menu');
  await hub.close();
  await page.locator('[data-product=M001]').getByRole('switch').click();
  await page.waitForTimeout(400);
  await shot('1switch');
  await page.locator('[data-product=M001] [data-part=price]').click();
  await page.keyboard.type('99000');
  await page.keyboard.press('Enter');
  await page.waitForTimeout(400);
  await shot('2price');
});
