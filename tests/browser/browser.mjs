// Debian's Chromium, with nothing that looks for a network beyond this machine.

import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

const EXECUTABLE = process.env.CHROMIUM ?? '/usr/bin/chromium';
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Opens the browser, with a home folder that may be of its own, and closes it with the test. */
export async function browser(t, { home = process.env.HOME, also = [] } = {}) {
  if (!existsSync(EXECUTABLE)) throw new Error(`${EXECUTABLE} is missing: install Debian's chromium`);
  const env = { ...process.env, HOME: home };
  const opened = await chromium.launch({
    executablePath: EXECUTABLE,
    args: [...ARGUMENTS, ...also],
    env,
  });
  t.after(() => opened.close());
  return opened;
}

/** A page of a device of its own: its storage is shared with no other. Errors of its scripts, and whatever its
 * policies have kept it from, are gathered for the test to look at. */
export async function device(opened, url, viewport = { width: 1280, height: 800 }) {
  const context = await opened.newContext({
    viewport,
    locale: 'id-ID',
    timezoneId: 'Asia/Jakarta',
  });
  const page = await context.newPage();
  const errors = [];
  page.on('pageerror', (error) => errors.push(error.message));
  // What the browser did not do because a policy forbids it: the page may go on without it, and nobody would notice.
  page.on('console', (message) => {
    if (/content security policy|permissions policy|cross-origin-opener/i.test(message.text()))
      errors.push(message.text());
  });
  page.errors = errors;
  page.setDefaultTimeout(30_000);
  await page.goto(url);
  return page;
}

/** Saves a picture where `SHOTS` says, to be looked at. */
export async function shot(page, name) {
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${name}.png` });
}
