// The pages, for people who cannot see well, have no mouse, or hold a phone.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { Hub } from '../socketio/hub.mjs';
import { browser, device, shot } from './browser.mjs';
import { openAdmin, openKitchen, openTill, pair } from './people.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const SIZES = { tablet: [1280, 800], upright: [800, 1280], phone: [390, 844] };
/** Pages, each with what is there when it is ready, and what comes before it. */
const PAGES = {
  start: { path: '', ready: 'h1' },
  pair: { path: 'pair', ready: 'h1' },
  trust: { path: 'trust', ready: 'a[href="/trust/ca.crt"]' },
  till: { ready: '[aria-label="Menu"] button', open: openTill },
  kitchen: { ready: 'main', open: openKitchen },
  signin: {
    path: 'pos',
    ready: 'h1, h2',
    open: (page, hub) => pair(page, hub),
  },
  devices: {
    ready: 'main h1:text-is("Perangkat")',
    open: (page, hub) => openAdmin(page, hub, 'devices'),
  },
  staff: {
    ready: 'main h1:text-is("Staf")',
    open: (page, hub) => openAdmin(page, hub, 'staff'),
  },
  promotions: {
    ready: '[data-promotion]',
    open: (page, hub) => openAdmin(page, hub, 'promotions'),
  },
  customers: {
    ready: 'main :text("Bu Wati")',
    open: (page, hub) => openAdmin(page, hub, 'customers'),
  },
  settings: {
    ready: '#settings',
    open: (page, hub) => openAdmin(page, hub, 'settings'),
  },
  work: {
    ready: 'main h2',
    open: (page, hub) => openAdmin(page, hub, 'work'),
  },
  audit: {
    ready: 'main [data-kind]',
    open: (page, hub) => openAdmin(page, hub, 'audit'),
  },
};

async function assertAccessible(page, what) {
  const found = await page.evaluate(() => window.axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa'] }));
  const words = found.violations.map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 120)}`);
  assert.deepEqual(words, [], what);
}

test('every page at every size: accessible, and nothing wider than the screen', async (t) => {
  const hub = await Hub.start(t);
  const make = (path, body) => hub.api(path, { method: 'POST', body });
  await make('/api/promotions/', { name: 'Jam Hemat', kind: 'percent', percent_bp: 2_000, days: [1, 5] });
  await make('/api/promotions/', {
    name: 'Kode',
    kind: 'amount',
    amount: 5_000,
    trigger: 'code',
    code: 'HEMAT5',
  });
  await make('/api/customers/', { name: 'Bu Wati', phone: '+62 811 1234 567' });
  const opened = await browser(t);
  for (const [size, [width, height]] of Object.entries(SIZES)) {
    for (const [name, { path, ready, open }] of Object.entries(PAGES)) {
      const page = await device(opened, hub.main, { width, height });
      await open?.(page, hub);
      if (path !== undefined) await page.goto(`${hub.main}/${path}`);
      await page.locator(ready).first().waitFor();
      await shot(page, `${name}-${size}`);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(wide <= 0, `${name} on a ${size} is ${wide} px too wide`);
      await page.evaluate(AXE);
      await assertAccessible(page, `${name} on a ${size}`);
      if (size === 'tablet') {
        await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
        // Colours pass into each other for a moment.
        await page.waitForFunction(() =>
          document.getAnimations().every((one) => one.playState !== 'running'),
        );
        await shot(page, `${name}-dark`);
        await assertAccessible(page, `${name} in the dark`);
      }
      assert.deepEqual(page.errors, []);
      await page.context().close();
    }
  }
});

test('no page asks for what its policies forbid: they are as strict as they can be, and no stricter', async (t) => {
  const hub = await Hub.start(t);
  const opened = await browser(t);
  for (const path of ['', 'pos', 'kitchen', 'admin/devices', 'trust', 'nowhere']) {
    const page = await device(opened, hub.main);
    await pair(page, hub);
    await page.goto(`${hub.main}/${path}`);
    await page.locator('main, h1').first().waitFor();
    // Reloaded, the page comes from its service worker, under the same policies.
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
    await page.reload();
    await page.locator('main, h1').first().waitFor();
    assert.deepEqual(page.errors, [], `/${path}`);
    await page.context().close();
  }
  const page = await device(opened, `${hub.main}/api/schema/swagger-ui/`);
  const about = page.locator('.opblock', { hasText: '/api/hub/' }).first();
  await about.click();
  await about.getByRole('button', { name: 'Try it out' }).click();
  await about.getByRole('button', { name: 'Execute' }).click();
  await about.locator('.live-responses-table .response-col_status', { hasText: '200' }).first().waitFor();
  assert.deepEqual(page.errors, [], 'the page about the API');
});

test('a script that somebody has smuggled into a page does not run', async (t) => {
  const hub = await Hub.start(t);
  const opened = await browser(t);
  const page = await device(opened, hub.main);
  const violated = await page.evaluate(
    () =>
      new Promise((resolve) => {
        document.addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective));
        const script = document.createElement('script');
        script.textContent = 'window.smuggled = true';
        document.body.append(script);
      }),
  );
  assert.equal(violated, 'script-src-elem');
  assert.equal(await page.evaluate(() => window.smuggled), undefined);
});
