/** The guests whom the outlet knows: written down, handed out, forgotten. */

import { scene } from './stage.mjs';

const AS = { device: 'till', user: 'owner' };
const LOOKS = [
  ['light', 'id'],
  ['dark', 'id'],
  ['light', 'en'],
];
const SAVE = /^(Simpan|Save)$/;

for (const size of ['wide', 'tall', 'phone']) {
  for (const [theme, language] of LOOKS) {
    await scene(
      'customers',
      { size, theme, language, orders: null, as: AS },
      async ({ page, go, shot, tap }) => {
        await go('/admin/customers');
        await shot('1list');
        await page.getByRole('button', { name: /^(Ubah|Edit) Ibu Wulan Sari$/ }).click();
        await page.waitForTimeout(300);
        await shot('2sheet');
        await page.getByLabel('Email', { exact: true }).fill('bukan alamat');
        await tap(SAVE);
        await shot('3fault');
        await tap(/^(Unduh datanya|Download the data)$/);
        await tap(/^(Lupakan pelanggan|Forget this)/);
        await shot('4forget');
        await tap(/^(Ya, lupakan|Yes, forget)$/);
        await page.waitForTimeout(400);
        await shot('5forgotten');
        if (size === 'phone') {
          await tap(/^(Lainnya|More)$/);
          await shot('6more');
        }
      },
    );
  }
}

await scene('customers-long', { menu: 'long', size: 'phone', orders: null, as: AS }, async ({ go, shot }) => {
  await go('/admin/customers');
  await shot();
});
await scene('customers-longwide', { menu: 'long', orders: null, as: AS }, async ({ go, shot }) => {
  await go('/admin/customers');
  await shot();
});
await scene(
  'customers-many',
  { menu: 'many', size: 'tall', orders: null, as: AS },
  async ({ page, go, shot }) => {
    await go('/admin/customers');
    await page.locator('#main').evaluate((main) => main.scrollTo(0, 99_999));
    await shot();
  },
);
await scene('customers-empty', { menu: 'empty', orders: null, as: AS }, async ({ go, shot }) => {
  await go('/admin/customers');
  await shot();
});
await scene(
  'customers-away',
  { size: 'phone', orders: null, as: AS },
  async ({ page, hub, go, shot, tap }) => {
    await go('/admin/customers');
    await hub.close();
    await tap('Tambah pelanggan');
    await page.locator('dialog input').first().fill('Bu Tini');
    await tap(SAVE);
    await page.waitForTimeout(400);
    await shot('1save');
    await page.keyboard.press('Escape');
    await page.waitForTimeout(4_500);
    await shot('2stale');
  },
);
