/** Who did what: the trail, looked through. */

import { scene, SIZES } from './stage.mjs';

const OWNER = { device: 'till', user: 'owner' };
const LOOKS = [
  ['light', 'id'],
  ['dark', 'en'],
];

for (const size of Object.keys(SIZES)) {
  for (const [theme, language] of LOOKS) {
    const look = { size, theme, language, access: { crowd: true }, as: OWNER };
    await scene('audit', look, async ({ page, go, shot, tap }) => {
      const open = (kind) => page.locator(`main [data-kind="${kind}"] button`).first().click();
      await go('/admin/audit');
      await shot('1list');
      await page.locator('#main').evaluate((main) => main.scrollTo(0, 900));
      await page.waitForTimeout(200);
      await shot('2further');
      await page.locator('#main').evaluate((main) => main.scrollTo(0, 0));
      await open('order.item_voided');
      await page.waitForTimeout(350);
      await shot('3details');
      await tap(/^(Semua oleh|All by) Sari/);
      await page.waitForTimeout(400);
      await shot('4picked');
      await page.locator('search input').fill('fondue');
      await page.waitForTimeout(700);
      await shot('5nothing');
      await tap(/^(Hapus semua saringan|Clear all filters)$/);
      await page.waitForTimeout(400);
      await open('product.put');
      await page.waitForTimeout(350);
      await shot('6price');
    });
    await scene('audit-empty', { ...look, audit: { entries: 0 } }, async ({ go, shot }) => {
      await go('/admin/audit');
      await shot();
    });
  }
}

await scene('audit-away', { as: OWNER }, async ({ page, hub, go, shot }) => {
  await go('/admin/audit');
  await hub.close();
  await page.waitForTimeout(31_000);
  await shot();
});
