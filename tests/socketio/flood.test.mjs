// Many events at once: they keep their order, and none is lost without a word, however slowly a screen reads.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { BOTH, Client, VARIANTS } from './client.mjs';
import { Follower } from './follower.mjs';
import { Hub } from './hub.mjs';
import { assertHeardOnce, change, order, placeMany } from './orders.mjs';
import { suiteScope } from './scope.mjs';
import { within } from './wait.mjs';

const hub = await Hub.start(suiteScope());

/** Large enough that a paused reader's share does not fit into the sockets' own buffers. */
const BULKY = { notes: 'x'.repeat(1_000), blob: 'y'.repeat(500) };
/** Orders that make more messages, at two each, than the hub keeps for one screen. */
const MORE_THAN_KEPT = 8_000;
/** Many to catch up on, and no round number, so that whoever sends them in blocks has some left over. */
const FAR_BEHIND = 2_108;
const FLOOD_MS = 30_000;
/** What a screen needs to read it all, and be told where it cannot. */
const READ_MS = 10_000;

/** Keeps what a screen hears under some names, in order. */
function record(client, ...names) {
  const heard = [];
  client.ignore(...names, 'ledger');
  for (const name of names) client.socket.on(name, (data) => heard.push({ name, data }));
  return heard;
}

/** A till, quiet: its answers are asked for by callback. */
async function till(t, url, variant) {
  const client = await Client.connect(t, url, variant);
  client.ignore('order_sent', 'order_created', 'ledger');
  return client;
}

describe('flat out', () => {
  for (const variant of VARIANTS) {
    test(`500 events of one client arrive in order: ${variant.name}`, async (t) => {
      const screen = await Client.subscribed(t, hub.live, variant);
      const heard = record(screen, 'order_created', 'order_updated', 'order_completed');
      const sender = await till(t, hub.live, variant);
      const sent = [];
      const emit = (event, name, data) => {
        sent.push({ name, data });
        sender.emit(event, data);
      };
      for (let at = 0; at < 125; at += 1) {
        const each = order();
        emit('new_order', 'order_created', each);
        emit('update_status', 'order_updated', change(each.id, { status: 'ready', at }));
        emit('update_status', 'order_updated', change(each.id, { status: 'dibungkus', at }));
        emit('complete_order', 'order_completed', change(each.id, { at }));
      }
      const end = order();
      assert.deepEqual(await sender.asked('new_order', end), { orderId: end.id });
      // The end comes to the screen after everything else: an event of its own that nothing ignores.
      assert.deepEqual(await sender.asked('cancel_order', change(end.id)), { orderId: end.id });
      await screen.heard('order_cancelled');
      assert.deepEqual(heard, [...sent, { name: 'order_created', data: end }]);
      assert.deepEqual(sender.rest('error'), []);
    });
  }
});

for (const variant of BOTH) {
  describe(`a screen that stops reading, ${variant.name}`, () => {
    test('3,000 orders flat out: each is answered, and those taken are heard once, in order', async (t) => {
      const screen = await Client.subscribed(t, hub.live, variant);
      const heard = record(screen, 'order_created');
      const sender = await till(t, hub.live, variant);
      screen.pause();
      const answers = await within(
        FLOOD_MS,
        'every order is answered',
        Promise.all(
          Array.from({ length: 3_000 }, () => {
            const each = order(BULKY);
            return new Promise((resolve) =>
              sender.emit('new_order', each, (answer) => resolve([each.id, answer])),
            );
          }),
        ),
      );
      const taken = answers.filter(([, answer]) => answer.orderId !== undefined).map(([id]) => id);
      const busy = answers.filter(([, answer]) => answer.code === 'busy');
      assert.equal(taken.length + busy.length, 3_000, 'each is taken, or refused because too many wait');
      t.diagnostic(`${taken.length} taken, ${busy.length} refused as busy`);
      screen.resume();
      const last = taken.at(-1);
      await sender.asked('cancel_order', change(last));
      await screen.heard('order_cancelled', FLOOD_MS);
      assertHeardOnce(
        heard.map(({ data }) => data.id),
        taken,
        'the screen',
      );
    });

    test(`${MORE_THAN_KEPT} orders: an old screen hears all, or is cut off and comes back by itself`, async (t) => {
      const screen = await Client.subscribed(t, hub.live, variant, 1, { reconnectionDelay: 50 });
      const heard = record(screen, 'order_created');
      screen.socket.on('connect', () => screen.emit('subscribe_outlet', 1));
      const sender = await till(t, hub.live, variant);
      screen.pause();
      const placed = await within(
        FLOOD_MS,
        'the orders are placed',
        placeMany(sender, MORE_THAN_KEPT, { fields: BULKY }),
      );
      screen.resume();
      const outcome = Promise.race([
        screen.heard('order_cancelled', READ_MS).then(() => 'it heard the end'),
        screen.heard('disconnect', READ_MS),
      ]);
      await sender.asked('cancel_order', change(placed.at(-1)));
      const how = await outcome.catch(() => 'it was neither told the end nor cut off');
      if (screen.socket.connected) {
        assertHeardOnce(
          heard.map(({ data }) => data.id),
          placed,
          how,
        );
      } else {
        await screen
          .back(READ_MS)
          .catch((error) => assert.fail(`cut off with "${how}", and ${error.message}`));
        await screen.heard('subscribed');
      }
    });

    test(`${MORE_THAN_KEPT} orders: a screen with a cursor hears all, once, in order`, async (t) => {
      const screen = Follower.start(t, hub.live, variant, null, { reconnectionDelay: 50 });
      await screen.client.heard('subscribed');
      const sender = await till(t, hub.live, variant);
      screen.client.pause();
      const placed = await within(
        FLOOD_MS,
        'the orders are placed',
        placeMany(sender, MORE_THAN_KEPT, { fields: BULKY }),
      );
      screen.client.resume();
      await screen.untilCreated(placed.at(-1), READ_MS);
      assertHeardOnce(screen.created(), placed, 'the follower');
      assert.deepEqual(screen.breaks, []);
    });

    test('a weak screen that comes back from far behind hears all, once, in order', async (t) => {
      const clock = await Client.subscribed(t, hub.live, variant, { outletId: 1 });
      const since = { epoch: clock.subscription.epoch, seq: clock.subscription.seq };
      clock.close();
      const sender = await till(t, hub.live, variant);
      const missed = await placeMany(sender, FAR_BEHIND, { fields: BULKY });
      const screen = Follower.start(t, hub.live, variant, since, { reconnectionDelay: 50 });
      screen.client.socket.on('ledger', () => {
        // The work that a weak tablet has with each message.
        for (const end = performance.now() + 0.3; performance.now() < end;);
      });
      await screen.client.heard('connect');
      await screen.untilCreated(missed.at(-1), 2 * READ_MS);
      const [last] = await placeMany(sender, 1);
      await screen.untilCreated(last, READ_MS);
      assert.deepEqual(screen.breaks, []);
      assertHeardOnce(screen.created(), [...missed, last], 'the follower');
    });
  });
}
