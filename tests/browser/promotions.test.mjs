// Promotions on a till: one appears on an open page as it is made, they hold while the hub is away and across a reload, and a code whose
// last use is gone is a matter for whoever sits there.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Hub } from '../socketio/hub.mjs';
import { browser, device, shot } from './browser.mjs';
import { openTill } from './people.mjs';

/** A change is on an open till within a second; a machine that does much else may take longer to paint it. */
const SOON = { timeout: 10_000 };

/** A product that asks nothing when it is tapped. */
async function plain(hub) {
  const { results } = await hub.api('/api/products/?page_size=500&is_available=true');
  return results.find((product) => product.modifier_groups.length === 0);
}

const promote = (hub, body) => hub.api('/api/promotions/', { method: 'POST', body });

/** Taps a product so many times. */
async function ring(till, product, times) {
  await till.getByLabel('Cari menu').fill(product.name);
  const tile = till.locator('[aria-label="Menu"] button', { hasText: product.name }).first();
  for (let at = 0; at < times; at += 1) await tile.click();
}

const cart = (till) => till.getByRole('region', { name: 'Keranjang' });

/** Names a code, as the guest said it. */
async function code(till, said) {
  await cart(till)
    .getByRole('button', { name: /^Kode promo/ })
    .click();
  const sheet = till.getByRole('dialog');
  await sheet.getByLabel('Kode dari tamu').fill(said);
  await till.keyboard.press('Enter');
  return sheet;
}

const close = (sheet) => sheet.getByRole('button', { name: 'Tutup', exact: true }).click();

async function send(till) {
  await till.getByRole('button', { name: 'Kirim / Bayar' }).click();
  await till.getByRole('button', { name: 'Kirim, bayar nanti' }).click();
  await cart(till).getByText('Belum ada pesanan').waitFor();
}

test('a promotion appears on an open till, and holds without the hub and across a reload', async (t) => {
  const hub = await Hub.start(t);
  const opened = await browser(t);
  const product = await plain(hub);
  const till = await device(opened, hub.main);
  await openTill(till, hub);
  await ring(till, product, 3);
  const made = await promote(hub, { name: 'Diskon uji', kind: 'percent', percent_bp: 2_000 });
  await cart(till).getByText('Diskon uji').waitFor(SOON);
  await promote(hub, {
    name: 'Kode uji',
    kind: 'amount',
    amount: 1_000,
    trigger: 'code',
    code: 'HEMAT-1',
  });
  const sheet = await code(till, 'LAIN');
  await sheet.getByText('Kode ini tidak dikenal.').waitFor();
  await sheet.getByLabel('Kode dari tamu').fill('hemat-1');
  await till.keyboard.press('Enter');
  await sheet.getByText('Kode uji').waitFor(SOON);
  await shot(till, 'till-code');
  await close(sheet);
  await cart(till).getByText('Kode uji').waitFor();
  await shot(till, 'till-promotions');
  await till.evaluate(() => navigator.serviceWorker.ready.then(() => true));

  await hub.kill('SIGKILL');
  await till.reload();
  await cart(till).getByText('Diskon uji').waitFor();
  await cart(till).getByText('Kode uji').waitFor();
  const total = await cart(till).getByRole('status').innerText();
  await send(till);
  await hub.start();
  const found = (all) => all.some((order) => order.promotions.length === 2);
  await hub.until(found);
  const order = [...(await hub.orders()).values()].find((each) => each.promotions.length === 2);
  const fifth = Math.round((product.price * 3) / 5);
  assert.deepEqual(
    order.promotions.map(({ id, amount }) => [id === made.id, amount]).sort((a, b) => a[1] - b[1]),
    [
      [false, 1_000],
      [true, fifth],
    ],
  );
  assert.deepEqual(order.codes, ['HEMAT-1']);
  assert.equal(Number(total.replace(/\D/g, '')), order.total, 'the hub charges what the till has shown');

  // Taken away, it is gone from an open cart.
  await ring(till, product, 1);
  await cart(till).getByText('Diskon uji').waitFor();
  await hub.api(`/api/promotions/${made.id}/`, { method: 'PATCH', body: { is_active: false } });
  await cart(till)
    .getByText('Diskon uji')
    .waitFor({ state: 'detached', ...SOON });
  assert.deepEqual(till.errors, []);
});

test('of two sales that took the same last use of a code offline, one is asked about', async (t) => {
  const hub = await Hub.start(t);
  const opened = await browser(t);
  const product = await plain(hub);
  await promote(hub, {
    name: 'Terakhir',
    kind: 'percent',
    percent_bp: 5_000,
    trigger: 'code',
    code: 'SATU',
    max_uses: 1,
  });
  const till = await device(opened, hub.main);
  await openTill(till, hub);
  await till.evaluate(() => navigator.serviceWorker.ready.then(() => true));
  const ringUp = async () => {
    await ring(till, product, 2);
    await close(await code(till, 'satu'));
    await cart(till).getByText('Terakhir').waitFor();
  };
  // The till knows the promotion by now: what it was never told it cannot give.
  await ringUp();
  await hub.kill('SIGKILL');
  await send(till);
  await ringUp();
  await send(till);
  await hub.start();
  await till
    .getByRole('banner')
    .getByRole('button', { name: /perlu dilihat/i })
    .click();
  await till.getByRole('listitem').filter({ hasText: 'The code SATU is used up.' }).waitFor();
  await till.getByRole('button', { name: 'Kirim tanpa kode' }).click();
  // Without the code it costs more than the guest was told: both bills are shown, with the promotion on a line of its own.
  await till.getByRole('caption').waitFor();
  await till.getByRole('rowheader', { name: 'Terakhir' }).waitFor();
  await shot(till, 'till-code-used-up');
  await till.getByRole('button', { name: /^Pakai total hub/ }).click();
  const orders = () => hub.orders().then((all) => [...all.values()]);
  await hub.until((all) => all.length === 2);
  const taken = (await orders()).map(({ promotions, codes }) => [promotions.length, codes.length]);
  assert.deepEqual(taken.sort(), [
    [0, 0],
    [1, 1],
  ]);
  assert.deepEqual(till.errors, []);
});
