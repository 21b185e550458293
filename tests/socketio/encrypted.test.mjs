// The same over TLS, for clients that trust the hub's authority and nothing else. There each screen is sent to by the library:
// no message can be written into an encrypted connection from beside it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client, VARIANTS } from './client.mjs';
import { Hub } from './hub.mjs';
import { order } from './orders.mjs';
import { suiteScope } from './scope.mjs';

const ORDERS = 50;

const hub = await Hub.start(suiteScope());
const ca = await (await fetch(`${hub.main}/trust/ca.pem`)).text();

for (const variant of VARIANTS) {
  test(`${variant.name}: every order, once and in its order`, async (t) => {
    const screen = await Client.subscribed(t, hub.secure, variant, 1, { ca });
    const plain = await Client.subscribed(t, hub.live, variant);
    const till = await Client.connect(t, hub.secure, variant, { ca });
    const sent = Array.from({ length: ORDERS }, () => order());
    for (const each of sent) till.emit('new_order', each);
    for (const each of sent) {
      assert.deepEqual(await screen.heard('order_created'), each);
      assert.deepEqual(await plain.heard('order_created'), each);
    }
  });

  test(`${variant.name}: who does not trust the authority is not connected`, async (t) => {
    const client = new Client(hub.secure, variant, { reconnection: false });
    t.after(() => client.close());
    const error = await new Promise((resolve) => client.socket.once('connect_error', resolve));
    assert.match(error.message, /websocket error|xhr poll error/);
    assert.equal(client.socket.connected, false);
  });
}
