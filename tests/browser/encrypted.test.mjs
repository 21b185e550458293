// HTTPS as a till's browser sees it: refused until the hub's authority is trusted, and then a secure context, in which the
// service worker and keys that cannot be copied are allowed. No flag tells the browser to look away.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Hub } from '../socketio/hub.mjs';
import { browser, device } from './browser.mjs';

/** A home folder whose browser trusts these authorities, each a file, beside those that everybody trusts. */
function homeThatTrusts(t, ...authorities) {
  const home = mkdtempSync(join(tmpdir(), 'outlet-hub-home-'));
  t.after(() => rmSync(home, { recursive: true, force: true }));
  const database = `sql:${join(home, '.pki', 'nssdb')}`;
  mkdirSync(join(home, '.pki', 'nssdb'), { recursive: true });
  execFileSync('certutil', ['-N', '-d', database, '--empty-password']);
  for (const [at, file] of authorities.entries()) {
    execFileSync('certutil', ['-A', '-d', database, '-n', `hub ${at}`, '-t', 'C,,', '-i', file]);
  }
  return home;
}

/** The hub's authority as a device downloads it, in a file that goes with the hub. */
async function authority(hub) {
  const answer = await fetch(`${hub.main}/trust/ca.crt`);
  assert.equal(answer.headers.get('content-type'), 'application/x-x509-ca-cert');
  const file = join(hub.dataDir, 'ca.crt');
  writeFileSync(file, Buffer.from(await answer.arrayBuffer()));
  return file;
}

const byName = (hub) => hub.secure.replace('127.0.0.1', 'localhost');

test('a browser that trusts the authority opens the pages by name and by address, in a secure context', async (t) => {
  const hub = await Hub.start(t);
  const opened = await browser(t, {
    home: homeThatTrusts(t, await authority(hub)),
  });
  for (const url of [byName(hub), hub.secure]) {
    const page = await device(opened, `${url}/kitchen`);
    await page.locator('main').first().waitFor();
    assert.equal(await page.evaluate(() => window.isSecureContext), true);
    assert.equal(await page.evaluate(async () => (await fetch('/readyz')).status), 200);
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
    assert.deepEqual(page.errors, []);
  }
});

test('a browser that does not trust it, or trusts another hub, is not let in', async (t) => {
  const hub = await Hub.start(t);
  const other = await Hub.start(t);
  for (const home of [homeThatTrusts(t), homeThatTrusts(t, await authority(other))]) {
    const opened = await browser(t, { home });
    const page = await (await opened.newContext()).newPage();
    await assert.rejects(page.goto(byName(hub)), /ERR_CERT_AUTHORITY_INVALID/);
  }
});

/** A server with a certificate for any name, signed by whoever has stolen the hub's authority. */
async function forger(t, hub, name) {
  const file = (ending) => join(hub.dataDir, `forged.${ending}`);
  const stolen = join(hub.dataDir, 'secrets', 'ca.pem');
  const openssl = (...args) => execFileSync('openssl', args, { stdio: 'pipe' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', file('key')];
  openssl('req', '-new', ...key, '-subj', `/CN=${name}`, '-out', file('csr'));
  writeFileSync(file('ext'), `subjectAltName=DNS:${name}\nextendedKeyUsage=serverAuth\n`);
  const signed = [
    '-CA',
    stolen,
    '-CAkey',
    stolen,
    '-days',
    '30',
    '-extfile',
    file('ext'),
    '-out',
    file('crt'),
  ];
  openssl('x509', '-req', '-in', file('csr'), ...signed);
  const pair = {
    key: readFileSync(file('key')),
    cert: readFileSync(file('crt')),
  };
  const server = createServer(pair, (_, response) => response.end('forged'));
  t.after(() => server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `https://${name}:${server.address().port}/`;
}

test('a browser that trusts the authority takes its word for no public name, whoever holds its key', async (t) => {
  const hub = await Hub.start(t);
  const home = homeThatTrusts(t, await authority(hub));
  const opened = await browser(t, {
    home,
    also: ['--host-resolver-rules=MAP * 127.0.0.1'],
  });
  const page = await (await opened.newContext()).newPage();
  // What it may vouch for shows that the forgery is sound otherwise.
  assert.equal((await page.goto(await forger(t, hub, 'kasir.local'))).status(), 200);
  for (const name of ['bank.example', 'local.example']) {
    await assert.rejects(page.goto(await forger(t, hub, name)), /ERR_CERT/, name);
  }
});
