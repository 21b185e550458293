// The hub goes and comes back, with a word or without: nothing that was acknowledged is gone, nobody is left behind,
// and those with a cursor miss nothing.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { BOTH, Client, VARIANTS } from './client.mjs';
import { Follower } from './follower.mjs';
import { Hub } from './hub.mjs';
import { assertHeardOnce, change, order, placeMany } from './orders.mjs';
import { suiteScope } from './scope.mjs';
import { within } from './wait.mjs';

const hub = await Hub.start(suiteScope());
const LONG_MS = 20_000;
/** Clients that do not let go: they are back at the door while the hub is still closing it. */
const EAGER = { reconnectionDelay: 30, reconnectionDelayMax: 100 };

/** A screen as the reference has it: it subscribes whenever it connects. */
async function screen(t, url, variant, options) {
  const client = new Client(url, variant, options);
  t.after(() => client.close());
  client.refusals = [];
  client.socket.on('connect', () => client.emit('subscribe_outlet', 1));
  client.socket.on('connect_error', (error) => client.refusals.push(error.message));
  await client.heard('subscribed');
  await client.heard('connect');
  return client;
}

describe('every old client comes back by itself and works', () => {
  for (const signal of ['SIGTERM', 'SIGKILL']) {
    test(`after ${signal}`, async (t) => {
      const clients = [];
      for (const variant of VARIANTS) {
        clients.push(await screen(t, hub.live, variant, EAGER), await screen(t, hub.main, variant, EAGER));
      }
      await hub.kill(signal);
      await hub.start();
      for (const client of clients) {
        await client.heard('disconnect', LONG_MS);
        await client.heard('connect', LONG_MS);
        await client.heard('subscribed', LONG_MS);
      }
      for (const client of clients) {
        const sent = order();
        client.emit('new_order', sent);
        assert.deepEqual(await client.heard('order_sent'), { orderId: sent.id });
        for (const each of clients) assert.deepEqual(await each.heard('order_created'), sent);
        // Told so, a client gives up for good.
        assert.deepEqual(
          client.refusals.filter((refusal) => /namespace/i.test(refusal)),
          [],
        );
      }
    });
  }

  for (const variant of BOTH) {
    test(`after a kill -9, with the library's own patience: ${variant.name}`, async (t) => {
      const client = await screen(t, hub.live, variant, {});
      await hub.crash();
      await client.heard('disconnect', LONG_MS);
      await client.heard('subscribed', LONG_MS);
      const sent = order();
      client.emit('new_order', sent);
      assert.deepEqual(await client.heard('order_created'), sent);
      assert.deepEqual(await client.heard('order_sent'), { orderId: sent.id });
    });
  }
});

for (const variant of VARIANTS) {
  describe(variant.name, () => {
    test('an order placed while the hub is away is taken when it is back', async (t) => {
      const till = await Client.connect(t, hub.live, variant, EAGER);
      await hub.kill('SIGKILL');
      await till.heard('disconnect', LONG_MS);
      const sent = order();
      till.emit('new_order', sent);
      await hub.start();
      assert.deepEqual(await till.heard('order_sent', LONG_MS), { orderId: sent.id });
      assert.ok((await hub.orders()).has(sent.id));
    });

    test('orders, their changes and their repeats outlive a kill -9', async (t) => {
      const till = await Client.connect(t, hub.live, variant, EAGER);
      const sent = order({ photo: Buffer.from('slip') });
      const done = order();
      await till.asked('new_order', sent);
      await till.asked('update_status', change(sent.id, { status: 'dibungkus' }));
      await till.asked('new_order', done);
      await till.asked('complete_order', change(done.id));
      await hub.crash();
      await till.heard('disconnect', LONG_MS);
      const kept = await hub.orders();
      assert.equal(kept.get(sent.id).status, 'dibungkus');
      assert.equal(kept.get(done.id).state, 'closed');
      const seq = await hub.seq();
      assert.deepEqual(await till.asked('new_order', sent), { orderId: sent.id });
      assert.deepEqual(await till.asked('new_order', done), { orderId: done.id });
      const other = await till.asked('new_order', { ...sent, total: 1 });
      assert.equal(other.id, sent.id);
      assert.equal(await hub.seq(), seq, 'nothing was written');
    });
  });
}

for (const variant of BOTH) {
  describe(`with a cursor, ${variant.name}`, () => {
    test('a kill -9 in the middle of a flood: what was acknowledged is heard once, in order, and no more', async (t) => {
      const till = await Client.connect(t, hub.live, variant, EAGER);
      till.ignore('order_sent');
      const follower = Follower.start(t, hub.live, variant, null, EAGER);
      await follower.client.heard('subscribed');
      const first = placeMany(till, Infinity);
      await follower.until('the flood runs', () => follower.messages.length > 300);
      await hub.crash();
      const placed = await within(LONG_MS, 'the flood ends', first);
      assert.ok(placed.length > 0);
      await follower.client.heard('subscribed', LONG_MS);
      await till.back(LONG_MS);
      const more = await placeMany(till, 200);
      await follower.untilCreated(more.at(-1), LONG_MS);
      follower.assertWhole();
      const heard = follower.created();
      // Some may have been written whose acknowledgement was lost on the way: each once, and in the hub.
      const kept = await hub.orders();
      assert.equal(new Set(heard).size, heard.length, 'once');
      assert.deepEqual(
        heard.filter((id) => !kept.has(id)),
        [],
      );
      const acknowledged = new Set([...placed, ...more]);
      assertHeardOnce(
        heard.filter((id) => acknowledged.has(id)),
        [...placed, ...more],
        'the follower',
      );
    });

    test('one that was away during a kill -9 hears what came before and after it', async (t) => {
      const till = await Client.connect(t, hub.live, variant, EAGER);
      const since = { epoch: 1, seq: await hub.seq() };
      const before = await placeMany(till, 150);
      await hub.crash();
      await till.heard('disconnect', LONG_MS);
      await till.back(LONG_MS);
      const after = await placeMany(till, 150);
      const follower = Follower.start(t, hub.live, variant, since);
      await follower.untilCreated(after.at(-1), LONG_MS);
      assertHeardOnce(follower.created(), [...before, ...after], 'the follower');
      follower.assertWhole();
    });

    for (const [what, look] of [
      ['the heartbeat', async (screen) => (await screen.heard('heartbeat')).seq],
      ['prev', async (screen) => (screen.emit('new_order', order()), (await screen.heard('ledger')).prev)],
    ]) {
      test(`${what} names the message before, also when the hub has just started`, async (t) => {
        const till = await Client.connect(t, hub.live, variant, EAGER);
        await till.asked('new_order', order());
        const seq = await hub.seq();
        await hub.crash();
        const screen = await Client.subscribed(t, hub.live, variant, {
          outletId: 1,
          since: { epoch: 1, seq },
        });
        assert.equal(await look(screen), seq);
      });
    }
  });
}
