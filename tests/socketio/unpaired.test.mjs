// Without the one line of the configuration that lets them in, devices that were never paired hear only that.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Client, VARIANTS } from './client.mjs';
import { Hub } from './hub.mjs';
import { change, order } from './orders.mjs';
import { suiteScope } from './scope.mjs';

const outlet = { OUTLET_HUB_OUTLET__NUMBER: '1', OUTLET_HUB_OUTLET__NAME: 'X' };
const closed = await Hub.start(suiteScope(), { demo: false, env: outlet });
const open = await Hub.start(suiteScope(), {
  demo: false,
  env: { ...outlet, OUTLET_HUB_SOCKETIO__ALLOW_UNPAIRED: 'true' },
});

const EVENTS = {
  subscribe_outlet: 1,
  new_order: order(),
  update_status: change(1, { status: 'ready' }),
  complete_order: change(1),
  cancel_order: change(1),
};

for (const variant of VARIANTS) {
  describe(variant.name, () => {
    for (const [port, url] of [
      ["the old clients' port", closed.live],
      ['the main port', closed.main],
    ]) {
      test(`an unpaired device is told so at every event on ${port}, and nothing happens`, async (t) => {
        const client = await Client.connect(t, url, variant);
        const seq = await closed.seq();
        client.emit('identify', { type: 'pos', outletId: 1 });
        for (const [event, payload] of Object.entries(EVENTS)) {
          client.emit(event, payload);
          const error = await client.heard('error');
          assert.equal(error.event, event);
          assert.equal(error.code, 'not_paired');
          assert.equal(typeof error.detail, 'string');
        }
        client.emit('subscribe_outlet', { outletId: 1, since: { epoch: 1, seq: 0 } });
        assert.equal((await client.heard('error')).code, 'not_paired');
        assert.deepEqual(client.rest('subscribed', 'ledger', 'order_sent', 'error'), []);
        assert.equal(await closed.seq(), seq);
      });
    }

    test('the line lets it in', async (t) => {
      const client = await Client.subscribed(t, open.live, variant);
      const sent = order();
      client.emit('new_order', sent);
      assert.deepEqual(await client.heard('order_sent'), { orderId: sent.id });
      assert.deepEqual(await client.heard('order_created'), sent);
    });
  });
}
