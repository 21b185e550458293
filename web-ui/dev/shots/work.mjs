/** Settings, scheduled work and closed days. */

import { scene } from './stage.mjs';

const AS = { device: 'till', user: 'owner' };
const LOOKS = [
  ['light', 'id'],
  ['dark', 'id'],
  ['light', 'en'],
];

for (const size of ['wide', 'tall', 'phone']) {
  for (const [theme, language] of LOOKS) {
    const look = { size, theme, language, orders: null, as: AS };
    await scene('settings', look, async ({ page, go, shot, tap, hub }) => {
      await go('/admin/settings');
      await shot('1top');
      await page.getByLabel(/^(Pajak \(PBJT\)|Tax \(PBJT\))$/).fill('11,5');
      await page.getByLabel(/^(Pembulatan tunai|Cash rounding)$/).selectOption('1000');
      await page.locator('#example-bill').scrollIntoViewIfNeeded();
      await page.waitForTimeout(200);
      await shot('2example');
      await page.getByLabel(/^(Disimpan paling banyak|How many are kept)$/).fill('0');
      await tap(/^(Simpan|Save)$/);
      await page.waitForTimeout(300);
      await shot('3fault');
      await page.getByLabel(/^(Disimpan paling banyak|How many are kept)$/).fill('14');
      hub.setFault({ status: 503, body: { detail: 'Sebentar.', code: 'busy' } });
      await tap(/^(Simpan|Save)$/);
      await page.waitForTimeout(300);
      await shot('4refused');
      hub.setFault(null);
      await tap(/^(Simpan|Save)$/);
      await page.waitForTimeout(400);
      await shot('5saved');
    });
    await scene('work', { ...look, work: 'failing' }, async ({ page, go, shot, tap }) => {
      await go('/admin/work');
      await shot('1top');
      await page.locator('[data-job=backup] summary').click();
      await page.locator('[data-job=backup]').scrollIntoViewIfNeeded();
      await page.waitForTimeout(200);
      await shot('2history');
      await page.locator('[data-job=backup] summary').click();
      await tap(/^(Kerjakan sekarang: Cadangan|Run now: Backup)$/);
      await page.waitForTimeout(300);
      await shot('3running');
      await page.waitForTimeout(4_000);
      await shot('4done');
      await page
        .getByRole('heading', { name: /^(Hari yang sudah ditutup|Closed days)$/ })
        .scrollIntoViewIfNeeded();
      await page.locator('#main').evaluate((main) => main.scrollBy(0, 500));
      await page.waitForTimeout(200);
      await shot('5days');
      await tap(/^(Rincian|Details of) /);
      await page.waitForTimeout(400);
      await shot('6day');
    });
  }
}
await scene('work-new', { work: 'new', orders: null, as: AS }, async ({ page, go, shot }) => {
  await go('/admin/work');
  await shot('1');
  await page.locator('#main').evaluate((main) => main.scrollBy(0, 900));
  await page.waitForTimeout(200);
  await shot('2');
});
await scene('work-away', { orders: null, as: AS, size: 'phone' }, async ({ page, hub, go, shot, tap }) => {
  await go('/admin/work');
  await hub.close();
  await tap(/^Kerjakan sekarang: Cadangan$/);
  await page.waitForTimeout(500);
  await shot('1');
});
await scene(
  'settings-away',
  { orders: null, as: AS, size: 'phone' },
  async ({ page, hub, go, shot, tap }) => {
    await go('/admin/settings');
    await hub.close();
    await page.getByLabel('Nama outlet').fill('Warung Lain');
    await tap(/^Simpan$/);
    await page.waitForTimeout(500);
    await shot('1');
  },
);
