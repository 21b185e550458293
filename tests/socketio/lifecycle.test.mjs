// An order's life as old tills and screens live it: said twice, skipped ahead, in words of their own, over.

import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { BOTH_WAYS } from './client.mjs';
import { Desk, assertAsSent } from './desk.mjs';
import { Hub } from './hub.mjs';
import { change, freshId, order } from './orders.mjs';
import { suiteScope } from './scope.mjs';

const hub = await Hub.start(suiteScope());

for (const variant of BOTH_WAYS) {
  describe(variant.name, () => {
    const scope = suiteScope();
    let desk;
    before(async () => {
      desk = await Desk.open(scope, hub.live, variant);
    });

    /** A change is passed on as sent. */
    async function passed(event, told, sent) {
      desk.till.emit(event, sent);
      if (event === 'update_status')
        assert.deepEqual(await desk.till.heard('status_updated'), { orderId: sent.id });
      assertAsSent(await desk.screen.heard(told), sent);
    }
    const updated = (id, status) => passed('update_status', 'order_updated', change(id, { status }));

    test('a repeated new_order is answered again and shown once', async () => {
      const sent = await desk.placed();
      for (let again = 0; again < 3; again += 1) {
        assert.deepEqual(await desk.till.asked('new_order', sent), { orderId: sent.id });
        assert.deepEqual(await desk.till.heard('order_sent'), { orderId: sent.id });
      }
      await desk.nothingElse();
    });

    test('a repeat in the same breath is answered twice and shown once', async () => {
      const sent = order();
      desk.till.emit('new_order', sent);
      desk.till.emit('new_order', sent);
      assert.deepEqual(await desk.till.heard('order_sent'), { orderId: sent.id });
      assert.deepEqual(await desk.till.heard('order_sent'), { orderId: sent.id });
      assert.deepEqual(await desk.screen.heard('order_created'), sent);
      await desk.nothingElse();
    });

    test('a repeat after the order has moved on is answered and changes nothing', async () => {
      const sent = await desk.placed();
      await passed('complete_order', 'order_completed', change(sent.id));
      assert.deepEqual(await desk.till.asked('new_order', sent), { orderId: sent.id });
      await desk.till.heard('order_sent');
      await desk.nothingElse();
      assert.equal((await hub.orders()).get(sent.id).state, 'closed');
    });

    test('the same id with other content is refused by name and changes nothing', async () => {
      const sent = await desk.placed();
      const error = await desk.refused('new_order', { ...sent, total: 1 });
      assert.equal(error.id, sent.id);
      assert.equal((await hub.orders()).get(sent.id).total, sent.total);
    });

    test('a number and its digits as a text are one order', async () => {
      const id = freshId();
      const sent = await desk.placed({ id });
      const error = await desk.refused('new_order', { ...sent, id: String(id), total: 1 });
      assert.equal(error.id, String(id));
      await updated(String(id), 'ready');
      await passed('complete_order', 'order_completed', change(id));
      await desk.refused('cancel_order', change(String(id)));
      assert.equal((await hub.orders()).get(id).state, 'closed');
    });

    test('every step in turn', async () => {
      const { id } = await desk.placed();
      for (const status of ['preparing', 'ready', 'served']) await updated(id, status);
      await passed('complete_order', 'order_completed', change(id));
      await desk.nothingElse();
    });

    for (const status of ['preparing', 'ready', 'served']) {
      test(`steps are skipped: to ${status}, and completed or cancelled from there`, async () => {
        for (const [event, told] of [
          ['complete_order', 'order_completed'],
          ['cancel_order', 'order_cancelled'],
        ]) {
          const { id } = await desk.placed();
          await updated(id, status);
          await passed(event, told, change(id));
        }
        await desk.nothingElse();
      });
    }

    for (const [status, state] of [
      ['completed', 'closed'],
      ['cancelled', 'cancelled'],
    ]) {
      test(`update_status to ${status} is an order_updated and ends the order`, async () => {
        const { id } = await desk.placed();
        await updated(id, status);
        assert.equal((await hub.orders()).get(id).state, state);
        await desk.refused('update_status', change(id, { status: 'ready' }));
      });
    }

    test('a word that the hub does not know is kept and passed on', async () => {
      const { id } = await desk.placed();
      for (const status of ['menunggu bahan', '🔥', 'PREPARING NOW']) {
        await updated(id, status);
        assert.equal((await hub.orders()).get(id).status, status);
      }
      await updated(id, 'ready');
      assert.equal((await hub.orders()).get(id).status, 'ready');
      await updated(id, 'dibungkus');
      await passed('complete_order', 'order_completed', change(id));
      await desk.nothingElse();
    });

    test('stepping back is refused', async () => {
      const { id } = await desk.placed();
      await updated(id, 'ready');
      for (const status of ['pending', 'preparing']) {
        const error = await desk.refused('update_status', change(id, { status }));
        assert.equal(error.id, id);
      }
      assert.equal((await hub.orders()).get(id).state, 'ready');
    });

    for (const [event, state] of [
      ['complete_order', 'closed'],
      ['cancel_order', 'cancelled'],
    ]) {
      test(`after ${event} nothing changes an order`, async () => {
        const { id } = await desk.placed();
        await passed(event, event === 'complete_order' ? 'order_completed' : 'order_cancelled', change(id));
        await desk.refused('update_status', change(id, { status: 'ready' }));
        await desk.refused('update_status', change(id, { status: 'a word of its own' }));
        await desk.refused('complete_order', change(id));
        await desk.refused('cancel_order', change(id));
        assert.equal((await hub.orders()).get(id).state, state);
      });
    }

    test('a change to an order that nobody placed is refused', async () => {
      for (const event of ['update_status', 'complete_order', 'cancel_order']) {
        for (const id of [freshId(), 'nobody']) {
          const error = await desk.refused(event, change(id, { status: 'ready' }));
          assert.equal(error.id, id);
        }
      }
    });
  });
}
