// Every row of the contract's table, by both clients over every transport and on both ports.

import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { Client, VARIANTS } from './client.mjs';
import { Desk, assertAsSent } from './desk.mjs';
import { Hub } from './hub.mjs';
import { change, freshId, order } from './orders.mjs';
import { suiteScope } from './scope.mjs';

const hub = await Hub.start(suiteScope());

const PORTS = { "the old clients' port": () => hub.live, 'the main port': () => hub.main };
/** An id as an old till counts it, and as a newer one writes it. */
const IDS = { 'a number': () => freshId(), 'a text': () => `till-${freshId()}` };

for (const [port, url] of Object.entries(PORTS)) {
  for (const variant of VARIANTS) {
    describe(`${port}, ${variant.name}`, () => {
      const scope = suiteScope();
      let desk;
      before(async () => {
        desk = await Desk.open(scope, url(), variant);
      });

      for (const outletId of [1, '1']) {
        test(`subscribe_outlet ${JSON.stringify(outletId)} is answered in its type, and heard from then on`, async (t) => {
          const client = await Client.subscribed(t, url(), variant, outletId);
          assert.deepEqual(client.subscription, { outletId });
          const sent = await desk.placed();
          assert.deepEqual(await client.heard('order_created'), sent);
        });
      }

      for (const type of ['pos', 'kitchen']) {
        test(`identify as ${type} is taken without a word`, async () => {
          desk.till.emit('identify', { type, outletId: 1 });
          desk.screen.emit('identify', { type, outletId: '1' });
          await desk.nothingElse();
        });
      }

      for (const [kind, makeId] of Object.entries(IDS)) {
        describe(`${kind} as id`, () => {
          test('new_order is order_created for the room and order_sent for the till, once', async () => {
            const sent = order({ id: makeId(), table: '4', colour: { of: ['the', 'sky'] } });
            desk.till.emit('new_order', sent);
            assert.deepEqual(await desk.till.heard('order_sent'), { orderId: sent.id });
            assertAsSent(await desk.screen.heard('order_created'), sent);
            await desk.nothingElse();
          });

          test('update_status is order_updated for the room and status_updated for the till', async () => {
            const { id } = await desk.placed({ id: makeId() });
            const sent = change(id, { status: 'preparing', by: 'Dewi', extra: [1, { two: 2 }] });
            desk.till.emit('update_status', sent);
            assert.deepEqual(await desk.till.heard('status_updated'), { orderId: id });
            assertAsSent(await desk.screen.heard('order_updated'), sent);
            await desk.nothingElse();
          });

          for (const [event, told] of [
            ['complete_order', 'order_completed'],
            ['cancel_order', 'order_cancelled'],
          ]) {
            test(`${event} is ${told} for the room, and the till hears nothing`, async () => {
              const { id } = await desk.placed({ id: makeId() });
              const sent = change(id, { reason: 'x', at: { table: 4 } });
              desk.till.emit(event, sent);
              assertAsSent(await desk.screen.heard(told), sent);
              await desk.nothingElse();
            });
          }

          test('every acknowledgement has the content of the answer', async () => {
            const sent = order({ id: makeId() });
            const answer = { orderId: sent.id };
            assert.deepEqual(await desk.till.asked('new_order', sent), answer);
            assert.deepEqual(await desk.till.heard('order_sent'), answer);
            await desk.screen.heard('order_created');

            const update = change(sent.id, { status: 'ready' });
            assert.deepEqual(await desk.till.asked('update_status', update), answer);
            assert.deepEqual(await desk.till.heard('status_updated'), answer);
            await desk.screen.heard('order_updated');

            assert.deepEqual(await desk.till.asked('complete_order', change(sent.id)), answer);
            await desk.screen.heard('order_completed');
            const { id } = await desk.placed({ id: makeId() });
            assert.deepEqual(await desk.till.asked('cancel_order', change(id)), { orderId: id });
            await desk.screen.heard('order_cancelled');
            await desk.nothingElse();
          });
        });
      }

      test('subscribe_outlet acknowledges what it answers', async (t) => {
        const client = await Client.connect(t, url(), variant);
        assert.deepEqual(await client.asked('subscribe_outlet', 1), { outletId: 1 });
        assert.deepEqual(await client.heard('subscribed'), { outletId: 1 });
      });

      test('a refusal is acknowledged with the content of its error', async () => {
        const answer = await desk.till.asked('cancel_order', change(freshId()));
        assert.equal(answer.event, 'cancel_order');
        assert.deepEqual(answer, await desk.till.heard('error'));
        await desk.nothingElse();
      });

      test('a till that listens too hears its own orders', async (t) => {
        const till = await Client.connect(t, url(), variant);
        // As the reference till does: the subscription is not waited for.
        till.emit('subscribe_outlet', 1);
        till.emit('identify', { type: 'pos', outletId: 1 });
        const sent = order();
        till.emit('new_order', sent);
        assert.deepEqual(await till.heard('order_created'), sent);
        assert.deepEqual(await till.heard('order_sent'), { orderId: sent.id });
        assert.deepEqual(await desk.screen.heard('order_created'), sent);
      });
    });
  }
}
