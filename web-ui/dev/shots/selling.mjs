/** Start page, till and kitchen: in every size, with much, with nothing, with long names, with the hub away. */

import { ring, scene, SIZES, tile } from './stage.mjs';

const TILL = { device: 'till', user: 'cashier' };
const KITCHEN = { device: 'kitchen' };

for (const size of Object.keys(SIZES)) {
  for (const [theme, language] of [
    ['light', 'id'],
    ['dark', 'en'],
  ]) {
    const look = { size, theme, language };
    await scene('start', { ...look, as: TILL }, async ({ go, shot }) => {
      await go('/');
      await shot();
    });
    await scene('pos', { ...look, as: TILL }, async (tools) => {
      const { page, go, shot, tap } = tools;
      await go('/pos');
      await shot('1fresh');
      await tile(page, 'Nasi Goreng Spesial').click();
      await page.waitForTimeout(350);
      await shot('2picker');
      await page.keyboard.press('Escape');
      await ring(tools);
      await page.waitForTimeout(300);
      await shot('3cart');
      if (size !== 'wide') {
        await tap(/Lihat keranjang|Show cart/);
        await shot('3sheet');
      }
      await page.locator('input[inputmode=numeric]').first().fill('12');
      await tap(/Kirim \/ Bayar|Send \/ Pay/);
      await shot('4pay');
      await tap(/100[.,]000|200[.,]000/);
      await shot('5cash');
      await tap(/^(Bayar|Pay) Rp/);
      await page.waitForTimeout(700);
      await shot('6sent');
      await tap(/Pesanan|Orders/);
      await page.waitForTimeout(200);
      await page.locator('dialog').getByRole('radio').nth(1).check({ force: true });
      await page.locator('dialog li button').first().click();
      await page.waitForTimeout(250);
      await shot('7orders');
    });
    await scene('kitchen', { ...look, as: KITCHEN }, async ({ page, go, shot, tap }) => {
      await go('/kitchen');
      await page.waitForTimeout(1_200);
      await shot('1');
      await tap(/Jumlah menu|All day/);
      await page.keyboard.press('3');
      await shot('2allday');
      if (size === 'phone') await tap(/Jumlah menu|All day/);
      await tap(/Disajikan|Served/);
      await page.waitForTimeout(300);
      await shot('3leaving');
    });
  }
}

await scene('pos-empty', { as: TILL, menu: 'empty' }, async ({ go, shot }) => {
  await go('/pos');
  await shot();
});
for (const size of ['wide', 'phone']) {
  await scene(
    'pos-long',
    {
      as: TILL,
      menu: 'long',
      size,
      outlet: { name: 'Rumah Makan Padang Sederhana Cabang Jalan Haji Nawi Raya' },
    },
    async (tools) => {
      const { go, shot, tap } = tools;
      await go('/pos');
      await ring(tools);
      await shot('cart');
      if (size !== 'wide') await tap(/Lihat keranjang/);
      await shot('sheet');
      await tap(/Kirim \/ Bayar/);
      await shot('pay');
    },
  );
}
await scene('kitchen-long', { as: KITCHEN, menu: 'long', theme: 'dark' }, async ({ page, go, shot }) => {
  await go('/kitchen');
  await page.waitForTimeout(800);
  await shot();
});
await scene(
  'kitchen-many',
  { as: KITCHEN, orders: { repeat: 5 }, theme: 'dark' },
  async ({ page, go, shot }) => {
    await go('/kitchen');
    await page.waitForTimeout(800);
    await shot();
  },
);
await scene('kitchen-empty', { as: KITCHEN, orders: null, theme: 'dark' }, async ({ go, shot }) => {
  await go('/kitchen');
  await shot();
});
await scene('kitchen-offline', { as: KITCHEN, theme: 'dark' }, async ({ page, hub, go, shot, tap }) => {
  await go('/kitchen');
  await page.waitForTimeout(500);
  await hub.close();
  await page.waitForTimeout(4_500);
  await shot('alarm');
  await tap(/Panggil kembali/);
  await shot('recall');
});
await scene('pos-offline', { as: TILL }, async (tools) => {
  const { page, hub, go, shot, tap } = tools;
  await go('/pos');
  await page.waitForTimeout(1_500);
  await hub.close();
  await page.reload();
  await page.waitForTimeout(4_500);
  await ring(tools);
  await tap(/Kirim \/ Bayar/);
  await page.getByRole('radio', { name: 'QRIS' }).check({ force: true });
  await page.waitForTimeout(200);
  await shot('qris');
  await tap(/^Bayar Rp/);
  await page.waitForTimeout(600);
  await shot('saved');
  await tap(/Pesanan/);
  await page.locator('dialog li button').first().click();
  await page.waitForTimeout(250);
  await shot('orders');
});
await scene('pos-attention', { as: TILL }, async (tools) => {
  const { page, hub, go, shot, tap } = tools;
  await go('/pos');
  await ring(tools);
  // The menu changes behind the till's back.
  hub.menu.products[13].price = 55_000;
  await tap(/Kirim \/ Bayar/);
  await tap(/^Bayar Rp/);
  await page.waitForTimeout(1_200);
  await shot('refused');
  await tap(/perlu dilihat/);
  await shot('list');
});
await scene('pos-undo', { as: TILL }, async (tools) => {
  const { page, go, shot } = tools;
  await go('/pos');
  await ring(tools);
  await page.getByRole('button', { name: /^Hapus Air/ }).click();
  await page.getByRole('button', { name: /^Ubah Rendang/ }).click();
  await page.waitForTimeout(300);
  await shot();
  await page.getByRole('button', { name: 'Pengaturan layar' }).click();
  await page.waitForTimeout(300);
  await shot('settings');
});
