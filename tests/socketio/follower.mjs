// A screen that follows the ledger by its cursor, the way ours do: it keeps where it is, and says so when it comes back.

import assert from 'node:assert/strict';
import { Client } from './client.mjs';
import { PATIENCE_MS, within } from './wait.mjs';

export class Follower {
  /** Follows from a cursor; `null` for the end of the ledger as it is now. Comes back by itself when it is cut off. */
  static start(t, url, variant, since, options = {}) {
    const follower = new Follower(url, variant, since, options);
    t.after(() => follower.client.close());
    return follower;
  }

  constructor(url, variant, since, options) {
    this.since = since;
    /** What `ledger` said, in the order heard. */
    this.messages = [];
    /** Contract events heard beside it. */
    this.broadcasts = [];
    this.breaks = [];
    this.checks = new Set();
    this.client = new Client(url, variant, options);
    const { socket } = this.client;
    socket.on('connect', () => {
      const payload = this.since ? { outletId: 1, since: this.since } : { outletId: 1 };
      socket.emit('subscribe_outlet', payload);
    });
    // Cut off by the server, a client of the library waits to be told.
    socket.on('disconnect', (reason) => reason === 'io server disconnect' && socket.connect());
    socket.on('ledger', (message) => this.#take(message));
    socket.onAny((name, data) => {
      if (name.startsWith('order_') && name !== 'order_sent') this.broadcasts.push({ name, data });
    });
    // The inbox is for tests that ask for single messages; a flood would only fill it.
    this.client.ignore('ledger', 'order_created', 'order_updated', 'order_completed', 'order_cancelled');
  }

  /** Ids of the orders created, as the ledger said them. */
  created() {
    return this.messages
      .filter(({ event }) => event.name === 'order_created')
      .map(({ event }) => event.data.id);
  }

  /** Waits until something is so. */
  async until(what, check, ms = 4 * PATIENCE_MS) {
    if (check()) return;
    let entry;
    const holds = new Promise((resolve) => (entry = { check, resolve }));
    this.checks.add(entry);
    try {
      await within(ms, what, holds);
    } catch (error) {
      throw new Error(`${error.message}; ${this.messages.length} heard, at ${JSON.stringify(this.since)}`);
    } finally {
      this.checks.delete(entry);
    }
  }

  async untilCreated(id, ms) {
    await this.until(`order ${id} is heard`, () => this.messages.at(-1)?.event.data.id === id, ms);
  }

  /** No gap, no repeat, and every contract event was heard beside its `ledger`, with the same content. */
  assertWhole() {
    assert.deepEqual(this.breaks, []);
    const contract = this.messages
      .map(({ event }) => event)
      .filter(({ name }) => name !== 'catalogue_changed');
    assert.deepEqual(this.broadcasts, contract);
  }

  #take(message) {
    const { epoch, seq, prev } = message;
    // After a start of the hub the first `prev` may be lower than the message before it, never higher.
    if (this.since && (prev > this.since.seq || seq <= this.since.seq)) {
      this.breaks.push({ at: this.since.seq, prev, seq });
    }
    this.since = { epoch, seq };
    this.messages.push(message);
    for (const entry of this.checks) if (entry.check()) entry.resolve();
  }
}
