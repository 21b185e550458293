/** Pairing, signing in, a manager's yes, the manager's pages and the page about trust. */

import { scene, SIZES, tile } from './stage.mjs';

const TILL = { device: 'till', user: 'cashier' };
const MANAGER = { device: 'till', user: 'owner' };
const PLAIN = { needsSecure: true, httpsPort: 8443 };
const LOOKS = [
  ['light', 'id'],
  ['dark', 'en'],
];

const keys = async (page, digits) => {
  for (const digit of digits) await page.getByRole('button', { name: digit, exact: true }).click();
};
const confirm = (page, name) => page.getByRole('button', { name }).last().click();

for (const size of Object.keys(SIZES)) {
  for (const [theme, language] of LOOKS) {
    const look = { size, theme, language, access: { crowd: true, httpsPort: 8443 } };
    await scene('start-unpaired', { ...look, access: { ...look.access, ...PLAIN } }, async ({ go, shot }) => {
      await go('/');
      await shot();
    });
    await scene('pair', look, async ({ page, hub, go, shot }) => {
      await go('/pos');
      await shot('1');
      await keys(page, '4829');
      await shot('2typed');
      await keys(page, '99');
      await page.waitForTimeout(400);
      await shot('3wrong');
      for (let attempt = 0; attempt < 5; attempt += 1) {
        await keys(page, '999999');
        await page.waitForTimeout(250);
      }
      await shot('4throttled');
      const { code } = hub.access.newCode({ name: 'Dapur panas', role: 'kitchen', station: 'dapur' });
      hub.access.calm();
      await page.goto(`${hub.url}/pair#${code}`);
      await page.reload();
      await page.waitForTimeout(700);
      await shot('5done');
    });
    await scene('signin', { ...look, as: { device: 'till' } }, async ({ page, go, shot, tap }) => {
      await go('/pos');
      await shot('1who');
      await tap(/Sari/);
      await keys(page, '111');
      await shot('2pin');
      await keys(page, '1');
      await confirm(page, /^(Masuk|Sign in)$/);
      await page.waitForTimeout(500);
      await shot('3wrong');
      for (let attempt = 0; attempt < 2; attempt += 1) {
        await keys(page, '1111');
        await confirm(page, /^(Masuk|Sign in)$/);
        await page.waitForTimeout(400);
      }
      await shot('4locked');
      await tap(/Bukan saya|Not me/);
      await tap(/sandi|password/);
      await page.locator('input').first().fill('owner');
      await page.locator('input').nth(1).fill('salah-sekali');
      await confirm(page, /^(Masuk|Sign in)$/);
      await page.waitForTimeout(400);
      await shot('5password');
    });
    await scene('person', { ...look, as: TILL }, async ({ page, hub, go, shot, tap }) => {
      await go('/pos');
      await tile(page, 'Rendang Sapi').click();
      hub.setFault({ status: 503, body: { detail: 'busy' } });
      await shot('1bar');
      await tap(/Petugas|On duty/);
      await shot('2sheet');
      await tap(/Ganti kasir|Change cashier/);
      await page.waitForTimeout(300);
      await shot('3who');
    });
    await scene('approve', { ...look, as: TILL }, async ({ page, go, shot, tap }) => {
      await go('/pos');
      await tile(page, 'Rendang Sapi').click();
      await tile(page, 'Air Mineral').click();
      if (size !== 'wide') await tap(/Lihat keranjang|Show cart/);
      await tap(/Kirim \/ Bayar|Send \/ Pay/);
      await tap(/bayar nanti|pay later/i);
      await page.waitForTimeout(600);
      await tap(/Pesanan|Orders/);
      await page.locator('dialog li button').first().click();
      await page.waitForTimeout(300);
      await page
        .getByRole('button', { name: /^(Batalkan|Call off|Cancel|Void): / })
        .first()
        .click();
      await page.waitForTimeout(200);
      await page.locator('dialog').last().getByRole('group').getByRole('button').first().click();
      await confirm(page, /^(Ya, batalkan|Yes,.*)$/);
      await page.waitForTimeout(700);
      await shot('1who');
      await page.locator('dialog').last().getByRole('button', { name: /Budi/ }).click();
      await keys(page.locator('dialog').last(), '9999');
      await confirm(page, /^(Setujui|Agree)$/);
      await page.waitForTimeout(500);
      await shot('2wrong');
      await keys(page.locator('dialog').last(), '2222');
      await confirm(page, /^(Setujui|Agree)$/);
      await page.waitForTimeout(600);
      await shot('3done');
    });
    await scene('admin', { ...look, as: MANAGER }, async ({ page, hub, go, shot, tap }) => {
      await go('/admin/devices');
      await shot('1devices');
      await tap(/Tambah perangkat|Add a device/);
      await page.getByRole('radio').nth(1).check({ force: true });
      await page.locator('dialog input[type=text], dialog input:not([type])').first().fill('Bar depan');
      await shot('2add');
      await tap(/Buat kode|Make a code/);
      await page.waitForTimeout(400);
      await shot('3code');
      const code = (await page.locator('[data-part=code]').textContent()).replace(/\D/g, '');
      hub.access.pairWith(code);
      await page.waitForTimeout(2_600);
      await shot('4done');
      await confirm(page, /^(Selesai|Done)$/);
      await page.getByRole('button', { name: /^(Cabut|Take off): Kios 1/ }).click();
      await page.waitForTimeout(250);
      await shot('5revoke');
      await page.keyboard.press('Escape');
      await go('/admin/staff');
      await shot('6staff');
      await tap(/Tambah staf|Add a person/);
      await page.getByLabel(/^(Nama|Name)$/).fill('Ani');
      await page.getByLabel(/^(Nama pengguna|User name)$/).fill('owner');
      await page.getByLabel(/^(Sandi|Password)$/).fill('pendek');
      await confirm(page, /^(Simpan|Save)$/);
      await page.waitForTimeout(400);
      await shot('7add');
      await go('/admin/security');
      await shot('8security');
    });
    await scene('admin-signin', { ...look, as: TILL }, async ({ go, shot }) => {
      await go('/admin/staff');
      await shot();
    });
    await scene(
      'secure',
      { ...look, access: { crowd: true, ...PLAIN }, as: { device: 'till' } },
      async ({ go, shot, tap }) => {
        await go('/pos');
        await shot('1who');
        await tap(/Budi/);
        await shot('2manager');
        await go('/admin');
        await shot('3admin');
      },
    );
    await scene('trust', look, async ({ page, shot, go }) => {
      await go('/trust');
      await shot('1');
      await page.getByRole('tab', { name: /iPhone/ }).click();
      await page.evaluate(() => document.querySelector('#check').scrollIntoView({ block: 'end' }));
      await shot('2ios');
    });
  }
}

await scene('revoked', { as: TILL }, async ({ page, hub, go, shot }) => {
  await go('/pos');
  hub.access.revoke(hub.access.till);
  await page.reload();
  await page.waitForTimeout(900);
  await shot();
});
await scene('session-ended', { as: TILL, size: 'phone' }, async ({ page, hub, go, shot }) => {
  await go('/pos');
  await tile(page, 'Rendang Sapi').click();
  await page.waitForTimeout(400);
  hub.access.endSessions();
  await page.reload();
  await page.waitForTimeout(1_200);
  await shot();
});
await scene('signin-away', { as: { device: 'till' } }, async ({ page, hub, go, shot, tap }) => {
  await go('/pos');
  await hub.close();
  await tap(/Sari/);
  await keys(page, '3333');
  await confirm(page, /^Masuk$/);
  await page.waitForTimeout(600);
  await shot();
});
await scene('admin-empty', { as: MANAGER }, async ({ page, hub, go, shot }) => {
  hub.access.devices.clear();
  hub.access.devices.set(hub.access.till.id, { ...hub.access.till, is_active: true });
  await go('/admin/devices');
  await hub.close();
  await page.waitForTimeout(16_500);
  await shot('away');
});
await scene('kitchen-settings', { as: { device: 'kitchen' }, theme: 'dark' }, async ({ go, shot, tap }) => {
  await go('/kitchen');
  await tap('Pengaturan layar');
  await shot();
});
