// A till and a kitchen screen at one hub, and the ways to say what each of them must hear.

import assert from 'node:assert/strict';
import { Client } from './client.mjs';
import { order } from './orders.mjs';

/** Everything that a sender or a screen may hear of orders. */
export const ROOM_EVENTS = ['order_created', 'order_updated', 'order_completed', 'order_cancelled'];
export const SENDER_EVENTS = ['order_sent', 'status_updated', 'error'];

export class Desk {
  /** A till that is not subscribed, and a screen that is. */
  static async open(t, url, variant) {
    const screen = await Client.subscribed(t, url, variant);
    const till = await Client.connect(t, url, variant);
    return new Desk(till, screen);
  }

  constructor(till, screen) {
    this.till = till;
    this.screen = screen;
    /** The ids of the orders that the hub has said to have. */
    this.accepted = [];
  }

  /** Places an order and waits until both have heard of it. */
  async placed(fields = {}) {
    const sent = order(fields);
    this.till.emit('new_order', sent);
    assert.deepEqual(await this.till.heard('order_sent'), { orderId: sent.id });
    this.accepted.push(sent.id);
    assert.deepEqual(await this.screen.heard('order_created'), sent);
    return sent;
  }

  /** Waits until a later order has come through: whatever came before it has been heard, and must have been asked for. */
  async nothingElse() {
    await this.placed();
    assert.deepEqual(
      this.screen.rest(...ROOM_EVENTS, ...SENDER_EVENTS),
      [],
      'the screen heard something else',
    );
    assert.deepEqual(this.till.rest(...ROOM_EVENTS, ...SENDER_EVENTS), [], 'the till heard something else');
  }

  /** Emits nonsense: the till alone hears an error, and the connection lives on. Answers the error. */
  async refused(event, ...payload) {
    const connection = this.till.socket.id;
    this.till.emit(event, ...payload);
    const error = await this.till.heard('error');
    assert.equal(error.event, event);
    assert.equal(typeof error.detail, 'string');
    assert.notEqual(error.detail, '');
    await this.nothingElse();
    assert.equal(this.till.socket.id, connection, 'the connection survives');
    return error;
  }
}

/** Equal in content and in the order of its keys. */
export function assertAsSent(heard, sent) {
  assert.deepEqual(heard, sent);
  assert.equal(JSON.stringify(heard), JSON.stringify(sent));
}
