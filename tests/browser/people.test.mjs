// A till from its first switch-on to the day when it is taken away: paired from the manager's page, signed in by PIN, locked out and
// let in again, helped by a manager, and without rights as soon as it is revoked.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Hub } from '../socketio/hub.mjs';
import { until } from '../socketio/wait.mjs';
import { browser, device, shot } from './browser.mjs';
import { openAdmin, signIn, typePin } from './people.mjs';

const PHONE = { width: 390, height: 844 };

test('a till is paired, signed in on, locked, let in again, helped and revoked', async (t) => {
  const hub = await Hub.start(t);
  const opened = await browser(t);
  const manager = await device(opened, hub.main, PHONE);
  await openAdmin(manager, hub);
  await manager.getByRole('button', { name: 'Tambah perangkat' }).first().click();
  await manager.getByLabel('Nama', { exact: true }).fill('Kasir depan');
  await manager.getByRole('radio', { name: /Kasir/ }).check();
  await manager.getByRole('button', { name: 'Buat kode' }).click();
  const shown = manager.locator('[data-part=code]');
  await shown.waitFor();
  const code = (await shown.innerText()).replace(/\D/g, '');
  assert.match(code, /^\d{6}$/);
  await shot(manager, 'admin-code-phone');

  // The till: its first visit leads to pairing.
  const till = await device(opened, `${hub.main}/pos`);
  await till.waitForURL(/\/pair\?from=/);
  await shot(till, 'pair');
  const wrong = code === '000000' ? '000001' : '000000';
  await till.getByLabel('Kode enam angka').first().fill(wrong);
  await till.getByText('Kode salah atau sudah habis masanya').waitFor();
  await till.getByLabel('Kode enam angka').first().fill(code);
  await till.getByText('Tersambung').first().waitFor();
  await manager.getByText(/Kasir depan tersambung/).waitFor();
  await shot(manager, 'admin-paired-phone');

  // Three slips, and the till is locked for whoever knows the PIN too.
  await till.getByRole('heading', { name: 'Siapa yang bertugas?' }).waitFor();
  await shot(till, 'signin-who');
  await till.getByRole('button', { name: /^Sari/ }).click();
  for (const status of [401, 401, 401, 429]) {
    const answered = till.waitForResponse('**/api/token/pin/');
    await typePin(till, '0000');
    assert.equal((await answered).status(), status);
    await till.getByText(status === 401 ? 'PIN salah. Coba lagi.' : /Terkunci/).waitFor();
  }
  await till.getByText(/Terkunci\. Coba lagi dalam/).waitFor();
  await shot(till, 'signin-locked');
  // It is let in once the wait is over.
  await till.getByText(/Terkunci\. Coba lagi dalam/).waitFor({ state: 'detached' });
  await typePin(till, '3333');
  await till.getByLabel('Cari menu').waitFor();

  // The cashier calls an order off with the manager's leave.
  const [product] = (await hub.api('/api/products/?page_size=500&is_available=true')).results
    .filter((product) => product.modifier_groups.length === 0)
    .map((product) => product.name);
  await till.getByLabel('Cari menu').fill(product);
  await till.locator('[aria-label="Menu"] button', { hasText: product }).first().click();
  await till.getByRole('button', { name: 'Kirim / Bayar' }).click();
  await till.getByRole('button', { name: 'Kirim, bayar nanti' }).click();
  await hub.until((orders) => orders.length === 1);
  await till
    .getByRole('button', { name: /^Pesanan/ })
    .first()
    .click();
  await till.getByRole('button', { name: /001/ }).first().click();
  // Ten percent is the cashier's own to give, half of it all the manager's.
  await till.getByRole('button', { name: 'Diskon' }).click();
  await till.getByRole('button', { name: '50 %' }).click();
  await till.getByRole('button', { name: 'Salah masak' }).click();
  await shot(till, 'discount');
  await till.getByRole('button', { name: 'Beri diskon' }).click();
  await till.getByRole('dialog', { name: 'Minta manajer' }).getByRole('button', { name: /Budi/ }).click();
  await till.keyboard.type('2222');
  await till.getByRole('button', { name: 'Setujui' }).click();
  await hub.until(([order]) => order.discount * 2 === order.subtotal);
  await till.getByText('Disetujui').waitFor();
  await till.getByRole('button', { name: /Batalkan pesanan/ }).click();
  const reason = till.getByRole('dialog').last();
  await reason
    .getByRole('button')
    .filter({ hasText: /Salah|Tamu/ })
    .first()
    .click();
  await reason
    .getByRole('button', { name: /^Ya, batalkan/ })
    .last()
    .click();
  const leave = till.getByRole('dialog', { name: 'Minta manajer' });
  await leave.getByRole('button', { name: /Budi/ }).click();
  await till.keyboard.type('0000');
  await leave.getByRole('button', { name: 'Setujui' }).click();
  await till.getByText(/PIN salah\. Belum ada yang diubah/).waitFor();
  await till.keyboard.type('2222');
  await shot(till, 'approve');
  await leave.getByRole('button', { name: 'Setujui' }).click();
  await hub.until(([order]) => order.status === 'cancelled');

  // Taken away: by itself, with nobody touching it, it shows nothing of the outlet any more.
  await manager.goto(`${hub.main}/admin/devices`);
  await manager.getByRole('button', { name: 'Cabut: Kasir depan' }).click();
  await shot(manager, 'admin-revoke-phone');
  const left = till.waitForURL(/\/pair/, { timeout: 5_000 });
  left.catch(() => {});
  await manager.getByRole('button', { name: 'Ya, cabut' }).click();
  const { results } = await hub.api('/api/devices/');
  assert.equal(results.length, 1);
  await left;
  await till.getByText('Perangkat ini dicabut').waitFor();
  await shot(till, 'revoked');
  await until(async () => !(await hub.api('/api/devices/')).results[0].is_active);
  for (const page of [till, manager]) assert.deepEqual(page.errors, []);
});

test('a session that ends in the middle of a sale keeps the cart, and what was sold waits for who signs in next', async (t) => {
  const hub = await Hub.start(t);
  const opened = await browser(t);
  const till = await device(opened, hub.main);
  const { code } = await hub.api('/api/pairing-codes/', {
    method: 'POST',
    body: { name: 'Kasir', role: 'till' },
  });
  await till.goto(`${hub.main}/pair#${code}`);
  await till.getByText('Tersambung').first().waitFor();
  await till.goto(`${hub.main}/pos`);
  await signIn(till, 'Sari', '3333');
  const [product] = (await hub.api('/api/products/?page_size=500&is_available=true')).results
    .filter((product) => product.modifier_groups.length === 0)
    .map((product) => product.name);
  await till.getByLabel('Cari menu').fill(product);
  await till.locator('[aria-label="Menu"] button', { hasText: product }).first().click();
  // The manager gives the cashier another PIN: whoever is signed in with the old one is out at once.
  const users = (await hub.api('/api/users/')).results;
  const sari = users.find((user) => user.name === 'Sari');
  await hub.api(`/api/users/${sari.id}/`, {
    method: 'PATCH',
    body: { pin: '5678' },
  });
  await till.getByText(/Sesi berakhir/).waitFor();
  await shot(till, 'session-ended');
  await signIn(till, 'Sari', '5678');
  await till.getByRole('button', { name: 'Kirim / Bayar' }).click();
  await till.getByRole('button', { name: 'Kirim, bayar nanti' }).click();
  await hub.until((orders) => orders.length === 1);
  assert.deepEqual(till.errors, []);
});

test('the page that explains how to trust the hub, on a phone', async (t) => {
  const hub = await Hub.start(t);
  const opened = await browser(t);
  const page = await device(opened, `${hub.main}/trust`, PHONE);
  const { ca_sha256: fingerprint } = await hub.api('/api/hub/');
  await page.getByText(fingerprint.slice(0, 11).replaceAll(':', ' ')).first().waitFor();
  await shot(page, 'trust-phone');
  const download = page.waitForEvent('download');
  await page.locator('a[href="/trust/ca.crt"]').first().click();
  assert.equal((await download).suggestedFilename(), 'outlet-hub-ca.crt');
  assert.deepEqual(page.errors, []);
});
