/**
 * Screenshots of every page in every size, theme and language, against the mock hub, to be looked at.
 *
 *   npm run build && npm run shots -- [folder] [only]
 */

import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { startMockHub } from './mock/hub.mjs';
import { seed } from './mock/seed.mjs';

const [folder = join(tmpdir(), 'outlet-hub-shots'), only = ''] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });

const SIZES = { wide: [1280, 800], tall: [800, 1280], phone: [390, 844] };
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});
const problems = [];
let port = 8601;

/** A fresh hub and a fresh browser for each scene. */
async function scene(
  name,
  { menu, outlet, orders = {}, size = 'wide', theme = 'light', language = 'id' },
  act,
) {
  if (only && !name.includes(only)) return;
  port += 1;
  const hub = await startMockHub({ port, menu, outlet });
  if (orders && menu !== 'empty') seed(hub, orders);
  const [width, height] = SIZES[size];
  const context = await browser.newContext({
    viewport: { width, height },
    hasTouch: size !== 'wide',
    locale: 'id-ID',
    timezoneId: 'Asia/Jakarta',
  });
  await context.addInitScript(
    ([chosenTheme, chosenLanguage]) => {
      localStorage.setItem('outlet.theme', chosenTheme);
      localStorage.setItem('outlet.language', chosenLanguage);
    },
    [theme, language],
  );
  const page = await context.newPage();
  page.setDefaultTimeout(5_000);
  const began = Date.now();
  page.on('console', (message) => {
    if (
      message.type() === 'error' &&
      !/ERR_CONNECTION|ERR_EMPTY|WebSocket|Failed to load resource/.test(message.text())
    ) {
      problems.push(`${name}: ${message.text()}`);
    }
  });
  page.on('pageerror', (error) => problems.push(`${name}: ${error.message}`));
  const shot = async (part = '') => {
    const file = `${folder}/${[name, part, size, theme, language].filter(Boolean).join('-')}.png`;
    await page.screenshot({ path: file });
    if (process.env.TIMES) console.log(file, Date.now() - began);
    const wide = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    if (wide > 0) problems.push(`${name} ${part} ${size}: ${wide} px wider than the screen`);
  };
  const go = async (path) => {
    await page.goto(hub.url + path);
    await page.waitForTimeout(900);
  };
  const tap = async (text) => {
    await page.getByRole('button', { name: text }).first().click();
    await page.waitForTimeout(250);
  };
  try {
    await act({ page, hub, shot, go, tap });
  } catch (error) {
    problems.push(`${name} ${size}: ${error.message.split('\n').slice(0, 3).join(' ')}`);
    await page.screenshot({ path: `${folder}/FAILED-${name}-${size}.png` });
  }
  await context.close();
  await hub.close();
}

const tile = (page, name) => page.locator('main ul button', { hasText: name }).first();

/** Puts a few things into the cart, as a cashier would. */
async function ring({ page, tap }) {
  await tile(page, 'Rendang Sapi').click();
  await tile(page, 'Rendang Sapi').click();
  await tile(page, 'Air Mineral').click();
  await tile(page, 'Nasi Goreng Spesial').click();
  await page.waitForTimeout(300);
  await page.getByRole('radio', { name: /^Pedas/ }).click();
  await page.getByRole('checkbox', { name: /Telur/ }).click();
  await page.locator('dialog input[type=text]').fill('tanpa bawang goreng');
  await tap(/^(Masukkan|Add) /);
  await tile(page, 'Tempe Mendoan').click();
}

for (const size of Object.keys(SIZES)) {
  for (const [theme, language] of [
    ['light', 'id'],
    ['dark', 'en'],
  ]) {
    const look = { size, theme, language };
    await scene('start', { ...look }, async ({ go, shot }) => {
      await go('/');
      await shot();
    });
    await scene('pos', { ...look }, async (tools) => {
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
    await scene('kitchen', { ...look }, async ({ page, go, shot, tap }) => {
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

await scene('pos-empty', { menu: 'empty' }, async ({ go, shot }) => {
  await go('/pos');
  await shot();
});
for (const size of ['wide', 'phone']) {
  await scene(
    'pos-long',
    { menu: 'long', size, outlet: { name: 'Rumah Makan Padang Sederhana Cabang Jalan Haji Nawi Raya' } },
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
await scene('kitchen-long', { menu: 'long', theme: 'dark' }, async ({ page, go, shot }) => {
  await go('/kitchen');
  await page.waitForTimeout(800);
  await shot();
});
await scene('kitchen-many', { orders: { repeat: 5 }, theme: 'dark' }, async ({ page, go, shot }) => {
  await go('/kitchen');
  await page.waitForTimeout(800);
  await shot();
});
await scene('kitchen-empty', { orders: null, theme: 'dark' }, async ({ go, shot }) => {
  await go('/kitchen');
  await shot();
});
await scene('kitchen-offline', { theme: 'dark' }, async ({ page, hub, go, shot, tap }) => {
  await go('/kitchen');
  await page.waitForTimeout(500);
  await hub.close();
  await page.waitForTimeout(4_500);
  await shot('alarm');
  await tap(/Panggil kembali/);
  await shot('recall');
});
await scene('pos-offline', {}, async (tools) => {
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
await scene('pos-attention', {}, async (tools) => {
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
await scene('pos-undo', {}, async (tools) => {
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

await browser.close();
console.log(problems.length === 0 ? 'no problems' : problems.join('\n'));
