// `ledger`: every message with its place, and a cursor that brings a screen back with no gap and no repeat.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { BOTH, Client, VARIANTS } from './client.mjs';
import { Follower } from './follower.mjs';
import { Hub } from './hub.mjs';
import { assertHeardOnce, change, freshId, order, placeMany } from './orders.mjs';
import { suiteScope } from './scope.mjs';
import { within } from './wait.mjs';

const hub = await Hub.start(suiteScope());
const LONG_MS = 20_000;
/** Orders of a till in a flood: with every other order of this file, fewer than the hub sends again to one that comes back. */
const FLOOD_MAX = 2_000;

/** Where the ledger is now, by REST: as a screen knows it that has just loaded the open orders. */
const here = async () => ({ epoch: 1, seq: await hub.seq() });

const post = (path, body) => hub.api(path, { method: 'POST', body });

for (const variant of VARIANTS) {
  describe(variant.name, () => {
    test('every broadcast travels as ledger too, in a chain', async (t) => {
      const bare = await Client.subscribed(t, hub.live, variant, 1);
      const full = await Client.subscribed(t, hub.live, variant, { outletId: '1' });
      assert.equal(full.subscription.outletId, '1');
      const till = await Client.connect(t, hub.live, variant);
      const before = await here();
      const [id, other] = [freshId(), freshId()];
      const sent = [
        ['new_order', 'order_created', order({ id, photo: Buffer.from([1, 2, 3]), x: { y: 0.1 } })],
        ['update_status', 'order_updated', change(id, { status: 'ready', slip: Buffer.from([0, 255]) })],
        ['complete_order', 'order_completed', change(id, { z: null })],
        ['new_order', 'order_created', order({ id: other })],
        ['cancel_order', 'order_cancelled', change(other, { reason: 'habis' })],
      ];
      let prev = null;
      for (const [event, name, data] of sent) {
        till.emit(event, data);
        for (const screen of [bare, full]) {
          assert.deepEqual(await screen.heard(name), data);
          const message = await screen.heard('ledger');
          assert.deepEqual(Object.keys(message), ['epoch', 'seq', 'prev', 'event']);
          assert.deepEqual(message.event, { name, data });
          assert.equal(message.epoch, before.epoch);
          assert.ok(message.seq > before.seq);
          if (screen === full) {
            if (prev !== null) assert.equal(message.prev, prev, 'prev is the message before');
            prev = message.seq;
          }
        }
      }
    });

    test('one that comes back hears what it missed, in order, then the live stream', async (t) => {
      const till = await Client.connect(t, hub.live, variant);
      const since = await here();
      const missed = order({ photo: Buffer.from('missed') });
      const update = change(missed.id, { status: 'ready', slip: Buffer.from('too') });
      await till.asked('new_order', missed);
      await till.asked('update_status', update);
      await till.asked('complete_order', change(missed.id));
      const category = await post('/api/categories/', { name: `Rasa ${freshId()}` });
      const screen = Follower.start(t, hub.live, variant, since);
      await screen.client.heard('subscribed');
      const live = order();
      await till.asked('new_order', live);
      await screen.untilCreated(live.id);
      assert.deepEqual(
        screen.messages.map(({ event }) => event.name),
        ['order_created', 'order_updated', 'order_completed', 'catalogue_changed', 'order_created'],
      );
      const [created, updated, , changed, last] = screen.messages.map(({ event }) => event.data);
      assert.deepEqual(created, missed);
      assert.deepEqual(updated, update);
      assert.equal(changed.value.id, category.id);
      assert.deepEqual(last, live);
      screen.assertWhole();
    });

    test('one that missed nothing hears nothing twice', async (t) => {
      const till = await Client.connect(t, hub.live, variant);
      await till.asked('new_order', order());
      const screen = Follower.start(t, hub.live, variant, await here());
      await screen.client.heard('subscribed');
      const live = order();
      await till.asked('new_order', live);
      await screen.untilCreated(live.id);
      assert.deepEqual(screen.created(), [live.id]);
      screen.assertWhole();
    });

    for (const [what, move] of [
      ['a number that the ledger has not reached', ({ epoch, seq }) => ({ epoch, seq: seq + 1_000 })],
      ['a number beyond all numbers', ({ epoch }) => ({ epoch, seq: Number.MAX_SAFE_INTEGER })],
      ['an epoch to come', ({ epoch, seq }) => ({ epoch: epoch + 1, seq })],
      ['an epoch that never was', ({ seq }) => ({ epoch: 0, seq })],
    ]) {
      test(`${what} is answered with resync`, async (t) => {
        const client = await Client.connect(t, hub.live, variant);
        client.emit('subscribe_outlet', { outletId: 1, since: move(await here()) });
        const error = await client.heard('error');
        assert.equal(error.event, 'subscribe_outlet');
        assert.equal(error.code, 'resync');
        assert.equal(typeof error.detail, 'string');
        assert.deepEqual(client.rest('subscribed', 'ledger', 'order_created'), []);
        // It loads the open orders and goes on from there.
        client.emit('subscribe_outlet', { outletId: 1, since: await here() });
        await client.heard('subscribed');
      });
    }
  });
}

for (const variant of BOTH) {
  describe(`at length, ${variant.name}`, () => {
    test('from the very beginning', async (t) => {
      const till = await Client.connect(t, hub.live, variant);
      const last = order();
      await till.asked('new_order', last);
      const screen = Follower.start(t, hub.live, variant, { epoch: 1, seq: 0 });
      await screen.untilCreated(last.id, LONG_MS);
      assert.deepEqual(new Set(screen.created()), new Set((await hub.orders()).keys()));
      assert.equal(screen.messages[0].event.name, 'catalogue_changed');
      screen.assertWhole();
    });

    test('1,000 missed', async (t) => {
      const till = await Client.connect(t, hub.live, variant);
      const since = await here();
      const placed = await placeMany(till, 1_000);
      const screen = Follower.start(t, hub.live, variant, since);
      let heardBefore;
      screen.client.socket.on('subscribed', () => (heardBefore = screen.messages.length));
      await screen.client.heard('subscribed', LONG_MS);
      await screen.untilCreated(placed.at(-1), LONG_MS);
      assertHeardOnce(screen.created(), placed, 'the follower');
      assert.equal(heardBefore, placed.length, 'it is told that it is subscribed behind what it missed');
      screen.assertWhole();
    });

    test('1,000 missed, while others order at full speed', async (t) => {
      const tills = [await Client.connect(t, hub.live, variant), await Client.connect(t, hub.main, variant)];
      const since = await here();
      const missed = await placeMany(tills[0], 1_000);
      let isEnough = false;
      const floods = tills.map((till) => placeMany(till, FLOOD_MAX, { until: () => isEnough }));
      const screens = [];
      for (let at = 0; at < 5; at += 1) {
        screens.push(Follower.start(t, hub.live, variant, since));
        await within(LONG_MS, 'it is subscribed', screens[at].client.heard('subscribed', LONG_MS));
      }
      isEnough = true;
      const placed = [...missed, ...(await Promise.all(floods)).flat()];
      const last = order();
      await tills[0].asked('new_order', last);
      placed.push(last.id);
      for (const screen of screens) {
        await screen.untilCreated(last.id, LONG_MS);
        screen.assertWhole();
        const heard = screen.created();
        assert.equal(heard.length, placed.length);
        assert.deepEqual(new Set(heard), new Set(placed));
        assert.deepEqual(heard, screens[0].created(), 'every screen hears the same order of things');
      }
    });

    test('the heartbeat comes every second to those who follow, and to nobody else', async (t) => {
      const bare = await Client.subscribed(t, hub.live, variant, 1);
      const full = await Client.subscribed(t, hub.live, variant, { outletId: 1 });
      const till = await Client.connect(t, hub.live, variant);
      await till.asked('new_order', order());
      const { epoch, seq } = await full.heard('ledger');
      await full.heard('heartbeat');
      const began = performance.now();
      for (let beat = 0; beat < 3; beat += 1) {
        // Later hubs may say more in it.
        const heard = await full.heard('heartbeat');
        assert.deepEqual([heard.epoch, heard.seq], [epoch, seq]);
      }
      const took = performance.now() - began;
      assert.ok(took > 2_000 && took < 5_000, `three beats took ${took} ms`);
      assert.deepEqual(bare.rest('heartbeat'), []);
    });
  });
}
