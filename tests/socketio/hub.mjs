// Starts the real hub in a folder of its own on loopback, kills it, starts it again in the same place, and leaves
// nothing behind, whatever became of the test.

import { spawn } from 'node:child_process';
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

/** Hubs that run, so that even a test file that dies takes its hubs with it. */
const running = new Set();
process.on('exit', () => running.forEach((hub) => hub.abandon()));
for (const name of ['SIGINT', 'SIGTERM']) process.once(name, () => process.exit(1));

export class Hub {
  /** Starts a hub and stops it with the test or suite that `t` is the context of (or `{ after }` of `node:test`). */
  static async start(t, { demo = true, env = {} } = {}) {
    const hub = new Hub(demo, env);
    running.add(hub);
    t.after(() => hub.close());
    await hub.start();
    return hub;
  }

  constructor(demo, env) {
    this.demo = demo;
    this.env = env;
    this.dataDir = mkdtempSync(join(tmpdir(), 'outlet-hub-sio-'));
    this.listen = { http: '127.0.0.1:0', socketio: '127.0.0.1:0' };
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

  /** Starts it, on the ports of the first start. */
  async start() {
    const args = ['serve', ...(this.demo ? ['--demo'] : []), '--data-dir', this.dataDir];
    args.push('--http', this.listen.http, '--socketio', this.listen.socketio);
    const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('OUTLET_HUB_'));
    const ours = {
      OUTLET_HUB_DISCOVERY__ENABLED: 'false',
      // Tests ask more often than any till.
      OUTLET_HUB_HTTP__REQUESTS_PER_SECOND_MAX: '0',
    };
    const env = { ...Object.fromEntries(inherited), ...ours, ...this.env };
    this.child = spawn(BIN, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
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
      const response = await fetch(url);
      if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
      const page = await response.json();
      for (const order of page.results) orders.set(order.id, order);
      url = page.next && new URL(page.next, this.main).href;
    }
    return orders;
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
    const response = await fetch(`${this.main}/api/orders/?page_size=1`);
    return Number(response.headers.get('x-ledger-seq'));
  }

  async #addresses() {
    for await (const line of createInterface({ input: this.child.stdout })) {
      const start = line.match(/Start {4}http:\/\/(127\.0\.0\.1:\d+)\//);
      if (start) this.listen.http = start[1];
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
