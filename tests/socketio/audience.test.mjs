// Every event, sent by everybody. The events come from the hub's own document, so that one without a case fails here.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Client, BOTH } from './client.mjs';
import { Hub } from './hub.mjs';
import { change, order } from './orders.mjs';
import { suiteScope } from './scope.mjs';
import { until } from './wait.mjs';

// No demo, which would let unpaired screens in: here nobody is let in who is nobody.
const outlet = { OUTLET_HUB_OUTLET__NUMBER: '1', OUTLET_HUB_OUTLET__NAME: 'Warung Uji' };
const hub = await Hub.start(suiteScope(), { demo: false, env: outlet, staff: true });
const needs = (await hub.api('/api/schema/'))['x-socketio-events'];

/** What each event is sent with; `outlet` is the outlet that it names. */
const PAYLOADS = {
  subscribe_outlet: (outlet) => outlet,
  new_order: (outlet) => ({ ...order(), outlet_id: outlet }),
  update_status: (outlet) => ({ ...change('none', { status: 'ready' }), outlet_id: outlet }),
  complete_order: (outlet) => ({ ...change('none'), outlet_id: outlet }),
  cancel_order: (outlet) => ({ ...change('none'), outlet_id: outlet }),
};

/** What roles may, as the table of rights says; what is not named here is nobody's. */
const RIGHTS = {
  owner: ['see_orders', 'sell', 'cook', 'void'],
  manager: ['see_orders', 'sell', 'cook', 'void'],
  cashier: ['see_orders', 'sell', 'cook'],
  kitchen: ['see_orders', 'cook'],
};
const DEVICE_RIGHTS = {
  till: ['see_orders'],
  kitchen: ['see_orders', 'cook'],
  board: ['see_orders'],
  kiosk: [],
};

test('every event of the table has a case here', () => {
  assert.deepEqual(Object.keys(needs).sort(), Object.keys(PAYLOADS).sort());
});

/** Sends an event; answers the code of its refusal, or nothing where it was taken or is refused for what it says. */
async function codeOf(client, event, outlet = 1) {
  const answer = await client.asked(event, PAYLOADS[event](outlet));
  return answer.code;
}

/** Codes of those who were let in: the order that is changed is not there. */
const LET_IN = [undefined, 'not_found'];

for (const variant of BOTH) {
  describe(variant.name, () => {
    test('nobody may send anything', async (t) => {
      const client = await Client.connect(t, hub.live, variant);
      for (const event of Object.keys(needs)) assert.equal(await codeOf(client, event), 'not_paired', event);
    });

    for (const [role, rights] of Object.entries(RIGHTS)) {
      test(`a ${role} may send what the table says`, async (t) => {
        const auth = { token: await hub.signIn(role) };
        const client = await Client.connect(t, hub.main, variant, { auth });
        for (const [event, need] of Object.entries(needs)) {
          const code = await codeOf(client, event);
          if (rights.includes(need)) assert.ok(LET_IN.includes(code), `${event}: ${code}`);
          else assert.equal(code, need === 'void' ? 'approval_needed' : 'permission_denied', event);
        }
      });
    }

    for (const [role, rights] of Object.entries(DEVICE_RIGHTS)) {
      test(`a ${role} with nobody signed in may send what the table says`, async (t) => {
        const client = await Client.connect(t, hub.main, variant, {
          auth: { device: (await hub.pair(role)).key },
        });
        for (const [event, need] of Object.entries(needs)) {
          const code = await codeOf(client, event);
          if (rights.includes(need)) assert.ok(LET_IN.includes(code), `${event}: ${code}`);
          else assert.equal(code, 'not_authenticated', event);
        }
      });
    }

    test('what is shown and not taken refuses the connection', async () => {
      for (const [auth, code] of [
        [{ device: 'guessed' }, 'device_not_paired'],
        [{ device: '0f'.repeat(32) }, 'device_not_paired'],
        [{ token: 'x.y.z' }, 'token_not_valid'],
        [{ token: await hub.signIn('owner'), device: 'guessed' }, 'device_not_paired'],
      ]) {
        const client = new Client(hub.main, variant, { auth, reconnection: false });
        client.socket.on('connect_error', (error) => client.refused(error.message));
        const refused = new Promise((resolve) => (client.refused = resolve));
        assert.equal(await refused, code);
        client.close();
      }
    });

    test('another outlet is refused, and so is who is in at another', async (t) => {
      const client = await Client.connect(t, hub.main, variant, {
        auth: { token: await hub.signIn('owner') },
      });
      const seq = await hub.seq();
      for (const event of Object.keys(needs)) {
        const answer = await client.asked(event, PAYLOADS[event](2));
        assert.match(answer.detail, /another outlet/, event);
      }
      assert.equal(await hub.seq(), seq);
      const other = await Hub.start(t, { env: { ...outlet, OUTLET_HUB_OUTLET__NAME: 'Lain' } });
      for (const auth of [
        { token: await other.signIn('owner') },
        { device: (await other.pair('till')).key },
      ]) {
        const stranger = new Client(hub.main, variant, { auth, reconnection: false });
        const refused = new Promise((resolve) => stranger.socket.on('connect_error', resolve));
        assert.match((await refused).message, /token_not_valid|device_not_paired/);
        stranger.close();
      }
    });

    test('a device that is revoked hears why at once, and nothing more', async (t) => {
      const paired = await hub.pair('kitchen');
      const screen = await Client.subscribed(
        t,
        hub.main,
        variant,
        { outletId: 1 },
        {
          auth: { device: paired.key },
          reconnection: false,
        },
      );
      const silent = await Client.connect(t, hub.main, variant, {
        auth: { device: paired.key },
        reconnection: false,
      });
      const revoked = hub.revoke(paired);
      const error = await screen.heard('error');
      assert.deepEqual([error.event, error.code], ['connection', 'device_not_paired']);
      await screen.heard('disconnect');
      await revoked;
      // One that follows nothing is told at its next word.
      assert.equal(await codeOf(silent, 'update_status'), 'device_not_paired');
      const till = await Client.subscribed(t, hub.main, variant, 1, {
        auth: { token: await hub.signIn('owner') },
      });
      till.emit('new_order', order());
      await till.heard('order_created');
      assert.deepEqual(screen.rest('order_created', 'ledger'), []);
    });

    test('a person who is signed out hears why', async (t) => {
      const response = await hub.api('/api/token/', {
        method: 'POST',
        body: { username: 'kitchen', password: 'demo-kitchen' },
        headers: { authorization: 'none yet' },
      });
      const screen = await Client.subscribed(t, hub.main, variant, 1, {
        auth: { token: response.access },
        reconnection: false,
      });
      await hub.api('/api/token/blacklist/', { method: 'POST', body: { refresh: response.refresh } });
      assert.equal((await screen.heard('error')).code, 'token_not_valid');
      await screen.heard('disconnect');
    });

    test('a device with a live connection is shown as connected', async (t) => {
      const paired = await hub.pair('kitchen');
      const client = await Client.connect(t, hub.main, variant, { auth: { device: paired.key } });
      const isConnected = async () => (await hub.api(`/api/devices/${paired.device.id}/`)).is_connected;
      assert.equal(await isConnected(), true);
      client.close();
      await until(async () => !(await isConnected()));
    });
  });
}
