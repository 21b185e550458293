// Nonsense is answered in words to its sender alone; nothing of it is stored or passed on, and the connection lives on.

import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { Client, VARIANTS } from './client.mjs';
import { Desk, ROOM_EVENTS } from './desk.mjs';
import { Hub } from './hub.mjs';
import { change, freshId, order } from './orders.mjs';
import { suiteScope } from './scope.mjs';

const hub = await Hub.start(suiteScope());

/** The mark of an order that must never be found in the hub. */
const MARK = 'NONSENSE';

/** An order with one field set, or left out where the value is `undefined`. */
const with_ = (fields) => [order({ order_number: MARK, ...fields })];
const without = (field) => {
  const sent = order({ order_number: MARK });
  delete sent[field];
  return [sent];
};

const NOT_OBJECTS = {
  'no payload at all': [],
  null: [null],
  'a number': [17],
  'a text': ['order'],
  'a list': [[order({ order_number: MARK })]],
  'a truth': [true],
  bytes: [Buffer.from('order')],
};

const BAD_IDS = {
  'no id': without('id'),
  'a null id': with_({ id: null }),
  'an empty id': with_({ id: '' }),
  'an object as id': with_({ id: { of: 1 } }),
  'half a number as id': with_({ id: 1.5 }),
  'an id as long as a page': with_({ id: 'i'.repeat(5_000) }),
};

const OTHER_OUTLETS = {
  "another outlet's number": with_({ outlet_id: 2 }),
  "another outlet's number as text": with_({ outlet_id: '2' }),
  'no outlet': without('outlet_id'),
};

const ORDERS = {
  ...NOT_OBJECTS,
  ...BAD_IDS,
  ...OTHER_OUTLETS,
  'no items': without('items'),
  'null items': with_({ items: null }),
  'empty items': with_({ items: [] }),
  'an object as items': with_({ items: { 0: {} } }),
  'more items than a banquet has': with_({
    items: Array.from({ length: 501 }, () => ({ name: 'x', price: 1 })),
  }),
  'a negative total': with_({ total: -1 }),
  'a negative total as text': with_({ total: '-1' }),
  'a total that is no number': with_({ total: 'many' }),
  'a total beyond all money': with_({ total: 1e300 }),
  'a negative price': with_({ items: [{ name: 'x', quantity: 1, price: -5 }] }),
  'a negative quantity': with_({ items: [{ name: 'x', quantity: -1, price: 5 }] }),
  'a quantity of nothing': with_({ items: [{ name: 'x', quantity: 0, price: 5 }] }),
  'half a portion': with_({ items: [{ name: 'x', quantity: 0.5, price: 5 }] }),
  'nesting that no reader takes': with_({ deep: JSON.parse('['.repeat(2_000) + ']'.repeat(2_000)) }),
  'a payload just over the size limit': with_({ blob: 'x'.repeat(1_000_001) }),
  'a payload well over the size limit': with_({ blob: 'x'.repeat(1_400_000) }),
};

describe('new_order', () => {
  for (const variant of VARIANTS) {
    describe(variant.name, () => refuses(variant, 'new_order', ORDERS));
  }
});

for (const event of ['update_status', 'complete_order', 'cancel_order']) {
  describe(event, () => {
    for (const variant of VARIANTS) {
      const nonsense = { ...NOT_OBJECTS, ...BAD_IDS, ...OTHER_OUTLETS };
      nonsense['an order that nobody placed'] = [change(freshId(), { status: 'ready' })];
      nonsense['a payload over the size limit'] = [
        change(freshId(), { status: 'ready', blob: 'x'.repeat(1_200_000) }),
      ];
      if (event === 'update_status') nonsense['no status'] = [change(freshId())];
      describe(variant.name, () => refuses(variant, event, nonsense));
    }
  });
}

function refuses(variant, event, nonsense) {
  const scope = suiteScope();
  let desk;
  before(async () => {
    desk = await Desk.open(scope, hub.live, variant);
  });
  for (const [what, payload] of Object.entries(nonsense)) {
    test(what, async () => {
      await desk.refused(event, ...payload);
    });
  }
  test('each of them is acknowledged with its error', async () => {
    for (const [what, payload] of Object.entries(nonsense)) {
      const answer = await desk.till.asked(event, ...payload).catch((error) => error);
      assert.ok(!(answer instanceof Error), `${what}: ${answer.message}`);
      assert.equal(answer.event, event, what);
      assert.deepEqual(await desk.till.heard('error'), answer, what);
    }
    await desk.nothingElse();
  });
}

describe('subscribe_outlet', () => {
  const nonsense = {
    "another outlet's number": [2],
    "another outlet's number as text": ['2'],
    "another outlet's number in an object": [{ outletId: 2 }],
    'no payload at all': [],
    null: [null],
    'an empty object': [{}],
    'a list': [[1]],
    'half a cursor': [{ outletId: 1, since: { epoch: 1 } }],
    'a cursor that is no number': [{ outletId: 1, since: { epoch: 'one', seq: 'two' } }],
    'a cursor before the beginning': [{ outletId: 1, since: { epoch: 1, seq: -1 } }],
  };
  for (const variant of VARIANTS) {
    describe(variant.name, () => {
      for (const [what, payload] of Object.entries(nonsense)) {
        test(`${what} is refused, and nothing is heard`, async (t) => {
          const stranger = await Client.connect(t, hub.live, variant);
          stranger.emit('subscribe_outlet', ...payload);
          const error = await stranger.heard('error');
          assert.equal(error.event, 'subscribe_outlet');
          assert.equal(typeof error.detail, 'string');
          const desk = await Desk.open(t, hub.live, variant);
          const { id } = await desk.placed();
          // The stranger's own answer comes after whatever it was told of the room.
          await stranger.asked('update_status', change(id, { status: 'ready' }));
          assert.deepEqual(stranger.rest(...ROOM_EVENTS, 'ledger', 'subscribed'), []);
        });
      }
    });
  }
});

test('nothing of it is stored: not before a kill -9, and not after', async (t) => {
  const till = await Client.connect(t, hub.live, VARIANTS[0]);
  const stored = [...(await hub.orders()).keys()];
  const seq = await hub.seq();
  for (const payload of Object.values(ORDERS).filter(({ length }) => length > 0)) {
    assert.equal((await till.asked('new_order', ...payload)).event, 'new_order');
  }
  for (const when of ['before', 'after']) {
    assert.equal(await hub.seq(), seq, `${when}: no record`);
    const orders = await hub.orders();
    assert.deepEqual([...orders.keys()], stored, `${when}: no order`);
    assert.deepEqual(
      [...orders.values()].filter(({ order_number }) => order_number === MARK),
      [],
    );
    if (when === 'before') await hub.crash();
  }
});
