// Starts the real hub in a folder of its own on loopback, kills it, starts it again in the same place, and leaves
// nothing behind, whatever became of the test.

import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { within } from './wait.mjs';

const BIN =
  process.env.OUTLET_HUB_BIN ?? fileURLToPath(new URL('../../target/debug/outlet-hub', import.meta.url));

/** A debug build on a busy machine folds and listens well within this. */
const START_MS = 20_000;
/** The hub promises to stop within five seconds. */
const STOP_MS = 8_000;
const READY_POLL_MS = 20;
/** The hub's access tokens are good for 15 minutes. */
const TOKEN_FOR_MS = 10 * 60_000;

/** Hubs that run, so that even a test file that dies takes its hubs with it. */
const running = new Set();
process.on('exit', () => running.forEach((hub) => hub.abandon()));
for (const name of ['SIGINT', 'SIGTERM']) process.once(name, () => process.exit(1));

export class Hub {
  /** Starts a hub and stops it with the test or suite that `t` is the context of (or `{ after }` of `node:test`). */
  static async start(t, { demo = true, env = {}, staff = false } = {}) {
    const hub = new Hub(demo, env);
    running.add(hub);
    t.after(() => hub.close());
    if (staff) hub.#makeOwner();
    await hub.start();
    if (staff) await hub.#makeStaff();
    return hub;
  }

  /** The first account of a hub that is no demo, with the demo's name and password. */
  #makeOwner() {
    const arguments_ = ['--data-dir', this.dataDir, 'owner', 'owner'];
    const made = spawnSync(BIN, arguments_, { env: this.#environment(), input: 'demo-owner\n' });
    if (made.status !== 0) throw new Error(`no owner was made: ${made.stderr}`);
  }

  /** The demo's other accounts. */
  async #makeStaff() {
    for (const role of ['manager', 'cashier', 'kitchen']) {
      const body = { username: role, role, password: `demo-${role}` };
      await this.api('/api/users/', { method: 'POST', body });
    }
  }

  constructor(demo, env) {
    this.demo = demo;
    this.env = env;
    this.dataDir = mkdtempSync(join(tmpdir(), 'outlet-hub-sio-'));
    this.listen = { http: '127.0.0.1:0', https: '127.0.0.1:0', socketio: '127.0.0.1:0' };
    this.log = [];
  }

  /** The port that old tills and screens use. */
  get live() {
    return `http://${this.listen.socketio}`;
  }

  /** The hub's main port. */
  get main() {
    return `http://${this.listen.http}`;
  }

  /** The same, encrypted. */
  get secure() {
    return `https://${this.listen.https}`;
  }

  /** Starts it, on the ports of the first start. */
  async start() {
    const args = ['serve', ...(this.demo ? ['--demo'] : []), '--data-dir', this.dataDir];
    for (const [name, address] of Object.entries(this.listen)) args.push(`--${name}`, address);
    this.child = spawn(BIN, args, { env: this.#environment(), stdio: ['ignore', 'pipe', 'pipe'] });
    this.exited = once(this.child, 'exit');
    this.exited.catch(() => {});
    createInterface({ input: this.child.stderr }).on('line', (line) => this.log.push(line));
    await within(START_MS, 'the hub starts', Promise.race([this.#addresses(), this.#diedEarly()])).catch(
      (error) => {
        throw new Error(`${error.message}\n${this.log.slice(-20).join('\n')}`, { cause: error });
      },
    );
    await within(START_MS, '/readyz answers 200', this.#ready());
  }

  /** Nothing of the machine's own configuration. */
  #environment() {
    const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('OUTLET_HUB_'));
    const ours = {
      OUTLET_HUB_DISCOVERY__ENABLED: 'false',
      // Tests ask more often than any till.
      OUTLET_HUB_HTTP__REQUESTS_PER_SECOND_MAX: '0',
      // What a bill comes to must not depend on the hour.
      OUTLET_HUB_DEMO__PROMOTIONS: 'false',
    };
    return { ...Object.fromEntries(inherited), ...ours, ...this.env };
  }

  /** Ends it with a signal and waits until it is gone. */
  async kill(signal) {
    this.child.kill(signal);
    await within(STOP_MS, `the hub ends on ${signal}`, this.exited);
  }

  /** Ends it without a word and starts it again in the same place. */
  async crash() {
    await this.kill('SIGKILL');
    await this.start();
  }

  async close() {
    running.delete(this);
    const isRunning = this.child && this.child.exitCode === null && this.child.signalCode === null;
    if (isRunning) await this.kill('SIGKILL');
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  /** The same, from an exit handler, which cannot wait. */
  abandon() {
    this.child?.kill('SIGKILL');
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  /** Every order that the hub has, by the id that its till gave it. */
  async orders() {
    const orders = new Map();
    let url = `${this.main}/api/orders/?page_size=500`;
    while (url) {
      const page = await this.api(url);
      for (const order of page.results) orders.set(order.id, order);
      url = page.next && new URL(page.next, this.main).href;
    }
    return orders;
  }

  /** Asks the API, as the demo's owner or as whom `headers` say; the answer must be good. */
  async api(path, { method = 'GET', body, headers = {} } = {}) {
    const url = new URL(path, this.main);
    const who =
      headers.authorization || headers['x-device-key'] ? {} : { authorization: await this.#owner() };
    const response = await fetch(url, {
      method,
      headers: { 'content-type': 'application/json', ...who, ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
    return response.json();
  }

  /** Signs in one of the demo's people, or their like, by password; answers the access token. */
  async signIn(name) {
    const response = await fetch(`${this.main}/api/token/`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: name, password: `demo-${name}` }),
    });
    if (!response.ok) throw new Error(`${name} cannot sign in: ${response.status} ${await response.text()}`);
    return (await response.json()).access;
  }

  /** Pairs a device of a role; answers its key and what it is. */
  async pair(role) {
    const wish = { name: `Uji ${role}`, role };
    const { code } = await this.api('/api/pairing-codes/', { method: 'POST', body: wish });
    return this.api('/api/devices/pair/', { method: 'POST', body: { code } });
  }

  /** Takes a device's rights. */
  async revoke({ device }) {
    return this.api(`/api/devices/${device.id}/revoke/`, { method: 'POST', body: {} });
  }

  async #owner() {
    if (!this.token || Date.now() - this.token.at > TOKEN_FOR_MS) {
      this.token = { at: Date.now(), access: await this.signIn('owner') };
    }
    return `Bearer ${this.token.access}`;
  }

  /** Waits until its orders are as wanted. */
  async until(isWanted) {
    await within(START_MS, 'the orders are as wanted', this.#asWanted(isWanted));
  }

  async #asWanted(isWanted) {
    while (!isWanted([...(await this.orders()).values()])) {
      await new Promise((resolve) => setTimeout(resolve, READY_POLL_MS));
    }
  }

  /** The number of its last record. */
  async seq() {
    const response = await fetch(`${this.main}/readyz`);
    return (await response.json()).ledger_seq;
  }

  async #addresses() {
    for await (const line of createInterface({ input: this.child.stdout })) {
      const start = line.match(/Start {4}http:\/\/(127\.0\.0\.1:\d+)\//);
      if (start) this.listen.http = start[1];
      const till = line.match(/Till {5}https:\/\/(127\.0\.0\.1:\d+)\//);
      if (till) this.listen.https = till[1];
      const ports = line.match(/port (\d+) and port (\d+)/);
      if (ports) {
        this.listen.socketio = `127.0.0.1:${ports[1]}`;
        this.child.stdout.resume();
        return;
      }
    }
  }

  async #diedEarly() {
    const [code, signal] = await this.exited;
    throw new Error(`the hub ended with ${signal ?? code} while starting`);
  }

  async #ready() {
    for (;;) {
      const response = await fetch(`${this.main}/readyz`).catch(() => null);
      if (response?.status === 200) return;
      await new Promise((resolve) => setTimeout(resolve, READY_POLL_MS));
    }
  }
}
