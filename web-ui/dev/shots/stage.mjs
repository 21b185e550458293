/** A browser, a mock hub and a camera for each scene. */

import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { startMockHub } from '../mock/hub.mjs';
import { seed } from '../mock/seed.mjs';

const [folder = join(tmpdir(), 'outlet-hub-shots'), only = ''] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });

export const SIZES = { wide: [1280, 800], tall: [800, 1280], phone: [390, 844] };
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

/**
 * A fresh hub and a fresh browser for each scene. `as` says what the browser keeps from an earlier visit: a paired
 * device, and who is signed in on it.
 */
export async function scene(
  name,
  {
    menu,
    outlet,
    work,
    orders = {},
    size = 'wide',
    theme = 'light',
    language = 'id',
    access,
    audit,
    as = {},
  },
  act,
) {
  if (only && !name.includes(only)) return;
  port += 1;
  const hub = await startMockHub({ port, menu, outlet, access, work, audit });
  if (orders && menu !== 'empty') seed(hub, orders);
  const [width, height] = SIZES[size];
  const context = await browser.newContext({
    viewport: { width, height },
    hasTouch: size !== 'wide',
    locale: 'id-ID',
    timezoneId: 'Asia/Jakarta',
  });
  await context.addInitScript(
    (rows) => {
      // Once: what the page itself forgets stays forgotten over a reload.
      if (localStorage.getItem('outlet.theme') !== null) return;
      for (const [key, value] of Object.entries(rows)) localStorage.setItem(key, value);
    },
    {
      ...(as.device ? hub.access.kept(hub.access[as.device], as.user) : {}),
      'outlet.theme': theme,
      'outlet.language': language,
    },
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

export const tile = (page, name) => page.locator('main ul button', { hasText: name }).first();

/** Puts a few things into the cart, as a cashier would. */
export async function ring({ page, tap }) {
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

/** Says what went wrong on the way. */
export async function close() {
  await browser.close();
  console.log(problems.length === 0 ? 'no problems' : problems.join('\n'));
}
