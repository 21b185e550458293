// The real clients, in the two versions and the transports that tills and screens use, each with an inbox that keeps
// everything heard in its order.

import assert from 'node:assert/strict';
import { io as ioOld } from 'socket.io-client-old';
import { io as ioNew } from 'socket.io-client';
import { PATIENCE_MS, within } from './wait.mjs';

export const VERSIONS = { '4.6.1': ioOld, newest: ioNew };

export const TRANSPORTS = {
  websocket: ['websocket'],
  polling: ['polling'],
  'polling, then upgraded': ['polling', 'websocket'],
  "the reference client's": ['websocket', 'polling'],
};

/** Every version with every transport. */
export const VARIANTS = Object.keys(VERSIONS).flatMap((version) =>
  Object.keys(TRANSPORTS).map((transport) => ({ version, transport, name: `${version}, ${transport}` })),
);

/** One variant a version, where the transport does not matter. */
export const BOTH = VARIANTS.filter(({ transport }) => transport === 'websocket');

/** Both versions over a transport each of websocket and polling. */
export const BOTH_WAYS = VARIANTS.filter(({ transport }) => ['websocket', 'polling'].includes(transport));

/** A client and what it has heard. */
export class Client {
  /** Connects; the connection ends with the test. */
  static async connect(t, url, variant, options = {}) {
    const client = new Client(url, variant, options);
    t.after(() => client.close());
    await client.heard('connect');
    return client;
  }

  /** Connects as a screen that follows an outlet. */
  static async subscribed(t, url, variant, payload = 1, options = {}) {
    const client = await Client.connect(t, url, variant, options);
    client.emit('subscribe_outlet', payload);
    client.subscription = await client.heard('subscribed');
    return client;
  }

  constructor(url, { version, transport }, options) {
    const transports = TRANSPORTS[transport];
    this.socket = VERSIONS[version](url, { transports, forceNew: true, ...options });
    /** Everything heard and not yet asked for: `{ name, args }`. */
    this.inbox = [];
    this.waiting = [];
    this.ignored = new Set();
    this.socket.onAny((name, ...args) => this.#put(name, args));
    for (const name of ['connect', 'disconnect']) this.socket.on(name, (...args) => this.#put(name, args));
  }

  emit(name, ...args) {
    this.socket.emit(name, ...args);
  }

  /** Emits and waits for the acknowledgement callback's content. */
  asked(name, ...args) {
    const answered = new Promise((resolve) =>
      this.socket.emit(name, ...args, (...answer) => resolve(answer)),
    );
    return within(PATIENCE_MS, `${name} is acknowledged`, answered).then((answer) => {
      assert.equal(answer.length, 1, 'an acknowledgement has one argument');
      return answer[0];
    });
  }

  /** The content of the first message of a name that has not been asked for yet. */
  async heard(name, ms = PATIENCE_MS) {
    const at = this.inbox.findIndex((message) => message.name === name);
    if (at >= 0) return this.inbox.splice(at, 1)[0].args[0];
    const waiting = { name };
    const coming = new Promise((resolve) => (waiting.resolve = resolve));
    this.waiting.push(waiting);
    const args = await within(ms, `${name} is heard`, coming).catch((error) => {
      this.waiting = this.waiting.filter((other) => other !== waiting);
      const names = this.inbox.slice(-8).map((message) => `${message.name} ${JSON.stringify(message.args)}`);
      throw new Error(
        `${error.message}; the inbox has ${this.inbox.length}: ${names.join(', ').slice(0, 600)}`,
      );
    });
    return args[0];
  }

  /** Waits until it is connected, by itself. */
  async back(ms) {
    if (this.socket.connected) return;
    await within(ms, 'it is connected again', new Promise((resolve) => this.socket.once('connect', resolve)));
  }

  /** What was heard of some names and not asked for. */
  rest(...names) {
    return this.inbox.filter((message) => names.includes(message.name));
  }

  /** Stops reading from the network, as a screen that hangs does. Over WebSocket only. */
  pause() {
    this.paused = this.socket.io.engine.transport.ws;
    this.paused.pause();
  }

  /** Reads on. */
  resume() {
    this.paused.resume();
  }

  close() {
    this.socket.disconnect();
    // One that was never read on would wait for the other end's goodbye.
    this.paused?.terminate();
  }

  /** Keeps these out of the inbox. */
  ignore(...names) {
    for (const name of names) this.ignored.add(name);
  }

  #put(name, args) {
    if (this.ignored.has(name)) return;
    const at = this.waiting.findIndex((waiting) => waiting.name === name);
    if (at >= 0) this.waiting.splice(at, 1)[0].resolve(args);
    else this.inbox.push({ name, args });
  }
}
