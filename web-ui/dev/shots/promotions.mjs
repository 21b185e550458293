/** The manager's promotions: a list that says what each does, and the sheet in which one is made. */

import { scene } from './stage.mjs';

const AS = { device: 'till', user: 'owner' };
const LOOKS = [
  ['light', 'id'],
  ['dark', 'id'],
  ['light', 'en'],
];
const SAVE = /^(Simpan|Save)$/;
const ADD = /^(Tambah promosi|Add a promotion)$/;

for (const size of ['wide', 'tall', 'phone']) {
  for (const [theme, language] of LOOKS) {
    const look = { size, theme, language, orders: null, as: AS };
    await scene('promotions-list', look, async ({ page, hub, go, shot, tap }) => {
      await go('/admin/promotions');
      await shot('1list');
      const row = page.locator('[data-promotion="Jam Tenang Minuman"]');
      await row.getByRole('switch').click();
      await page.waitForTimeout(300);
      await shot('2off');
      hub.setFault({ status: 503, body: { detail: 'Sebentar.', code: 'busy' } });
      await row.getByRole('switch').click();
      await page.waitForTimeout(300);
      await shot('3refused');
      hub.setFault(null);
      await tap(/^(Jatah habis|Used up)$/);
      await page.waitForTimeout(300);
      await shot('4filtered');
      await page.getByRole('textbox').first().fill('tidak ada ini');
      await page.waitForTimeout(600);
      await shot('5nothing');
    });
    await scene('promotions-sheet', look, async ({ page, go, shot }) => {
      await go('/admin/promotions');
      await page.getByRole('button', { name: /^(Ubah|Edit) Jam Tenang Minuman$/ }).click();
      await page.waitForTimeout(300);
      await shot('1edit');
      await page.locator('dialog').getByRole('img').scrollIntoViewIfNeeded();
      await shot('2week');
      await page.locator('dialog summary').last().click();
      await page.locator('dialog summary').nth(3).click();

      await page.locator('dialog form').evaluate((form) => form.parentElement.scrollTo(0, 9_999));
      await shot('3end');
      await page
        .locator('dialog')
        .getByRole('button', { name: /^(Hapus|Remove)$/ })
        .click();
      await page.waitForTimeout(300);
      await shot('4remove');
    });
    await scene('promotions-new', look, async ({ page, go, shot, tap }) => {
      const sheet = page.locator('dialog');
      await go('/admin/promotions');
      await tap(ADD);
      await shot('1empty');
      await tap(SAVE);
      await page.waitForTimeout(300);
      await shot('2faults');
      await sheet.getByRole('radio', { name: /^(Paket|Bundle)/ }).check();
      await tap(/^(Tambah isi|Add a part)$/);
      await shot('3pick');
      await page.keyboard.type('gurame');
      await page.locator('dialog').last().getByRole('textbox').fill('gurame');
      await page.waitForTimeout(200);
      await page
        .locator('dialog')
        .last()
        .getByRole('button', { name: /^Ikan Gurame/ })
        .click();
      await page.waitForTimeout(200);
      await shot('4bundle');
      await sheet.getByRole('radio', { name: /^(Beli|Buy)/ }).check();
      await sheet.getByRole('radio', { name: /^(Menu tertentu|Products)$/ }).check();
      await tap(/^(Pilih menu|Choose products)$/);
      await page.getByRole('checkbox').nth(1).check();
      await page.getByRole('checkbox').nth(3).check();
      await shot('5products');
      await tap(/^(Selesai|Done)$/);
      await page.locator('dialog summary', { hasText: /Kapan|When/ }).click();
      await sheet.getByRole('radio', { name: /^(Jam tertentu|Certain hours)$/ }).check();
      await page.locator('dialog input[type=time]').first().fill('22:00');
      await page.locator('dialog input[type=time]').last().fill('02:00');
      await page.getByRole('button', { name: /^(Minggu|Sunday)$/ }).click();
      await page.waitForTimeout(200);
      await shot('6night');
      await page.locator('dialog input').first().fill('Ditolak hub');
      await tap(SAVE);
      await page.waitForTimeout(500);
      await shot('7refused');
    });
  }
}

await scene(
  'promotions-long',
  { menu: 'long', size: 'phone', orders: null, as: AS },
  async ({ go, shot, tap }) => {
    await go('/admin/promotions');
    await shot('1');
    await tap(/^Ubah /);
    await shot('2');
  },
);
await scene('promotions-many', { menu: 'many', orders: null, as: AS }, async ({ page, go, shot }) => {
  await go('/admin/promotions');
  await page.locator('#main').evaluate((main) => main.scrollTo(0, 99_999));
  await page.waitForTimeout(200);
  await shot('1');
});
await scene('promotions-empty', { menu: 'empty', orders: null, as: AS }, async ({ go, shot }) => {
  await go('/admin/promotions');
  await shot();
});
await scene(
  'promotions-away',
  { size: 'tall', orders: null, as: AS },
  async ({ page, hub, go, shot, tap }) => {
    await go('/admin/promotions');
    await hub.close();
    await page.locator('[data-promotion="Paket Keluarga"]').getByRole('switch').click();
    await page.waitForTimeout(400);
    await shot('1switch');
    await tap(ADD);
    await page.locator('dialog input').first().fill('Promo sore');
    await page.getByLabel('Diskon (%)').fill('12,5');
    await tap(SAVE);
    await page.waitForTimeout(400);
    await shot('2save');
  },
);
