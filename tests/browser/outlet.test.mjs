// Two tills and a kitchen screen; the hub is killed in the middle, and a till's page is reloaded while it is away: every
// order is on the kitchen screen once.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Hub } from '../socketio/hub.mjs';
import { browser, device, shot } from './browser.mjs';
import { openKitchen, openTill } from './people.mjs';

/** A product that asks nothing when it is tapped. */
async function plainProducts(hub) {
  const { results } = await hub.api('/api/products/?page_size=500&is_available=true');
  return results.filter((product) => product.modifier_groups.length === 0).map((product) => product.name);
}

/** Taps a product and sends it, to be paid later. */
async function sell(till, product) {
  await till.getByLabel('Cari menu').fill(product);
  await till.locator('[aria-label="Menu"] button', { hasText: product }).first().click();
  await till.getByRole('button', { name: 'Kirim / Bayar' }).click();
  await till.getByRole('button', { name: 'Kirim, bayar nanti' }).click();
  await till.getByRole('region', { name: 'Keranjang' }).getByText('Belum ada pesanan').waitFor();
  await till.getByLabel('Cari menu').fill('');
}

/** The numbers on the kitchen screen, one for each ticket. */
const tickets = (kitchen) =>
  kitchen
    .locator('article:has([data-part="head"])')
    .evaluateAll((articles) => articles.map((article) => article.getAttribute('aria-label')));

/** Waits until the kitchen screen has so many tickets. */
const shown = (kitchen, count) =>
  kitchen.waitForFunction(
    (wanted) => document.querySelectorAll('article [data-part="head"]').length >= wanted,
    count,
  );

test('orders reach the kitchen once, through a killed hub and a reloaded till', async (t) => {
  const hub = await Hub.start(t);
  const products = await plainProducts(hub);
  assert.ok(products.length >= 4, 'the menu has products without modifiers');
  const opened = await browser(t);
  const one = await device(opened, hub.main);
  await openTill(one, hub, 'Kasir satu');
  const other = await device(opened, hub.main, { width: 800, height: 1280 });
  await openTill(other, hub, 'Kasir dua');
  await other.setViewportSize({ width: 1280, height: 800 });
  const kitchen = await device(opened, hub.main);
  await openKitchen(kitchen, hub);

  await sell(one, products[0]);
  await sell(other, products[1]);
  await sell(one, products[2]);
  await shown(kitchen, 3);
  await shot(kitchen, 'kitchen-live');
  // The page is kept by its service worker from here on: it must come up without the hub.
  await one.evaluate(() => navigator.serviceWorker.ready.then(() => true));

  await hub.kill('SIGKILL');
  await sell(one, products[0]);
  await sell(other, products[3]);
  await shot(one, 'till-offline');
  await one.reload();
  await one.getByLabel('Cari menu').waitFor();
  await sell(one, products[1]);
  await shot(one, 'till-offline-reloaded');
  await shot(kitchen, 'kitchen-offline');

  await hub.start();
  await shown(kitchen, 6);
  const labels = await tickets(kitchen);
  assert.equal(labels.length, 6, `six orders were sent: ${labels}`);
  assert.equal(new Set(labels).size, 6, `each is shown once: ${labels}`);
  const orders = await hub.orders();
  assert.equal(orders.size, 6, 'the hub has each order once');
  const numbers = [...orders.values()].map((order) => `Pesanan ${order.order_number}`);
  assert.deepEqual([...labels].sort(), numbers.sort());
  await shot(kitchen, 'kitchen-again');

  // A reload shows the same, from the screen's own store and by its cursor.
  await kitchen.reload();
  await shown(kitchen, 6);
  assert.deepEqual((await tickets(kitchen)).sort(), labels.sort());

  // The cook moves the first ticket on; the till that sold it hears of it.
  const first = kitchen.locator('article:has([data-part="head"])').first();
  const moved = (await first.getAttribute('aria-label')).replace('Pesanan ', '');
  await first.locator('[data-part="foot"] button').first().click();
  await hub.until((all) => all.some((order) => order.order_number === moved && order.state === 'preparing'));
  for (const page of [one, other, kitchen]) assert.deepEqual(page.errors, []);
});
