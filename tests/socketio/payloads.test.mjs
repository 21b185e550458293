// What a till sends is what the screens hear: every field, in its type and its order, whatever its size.

import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { VARIANTS } from './client.mjs';
import { Desk, assertAsSent } from './desk.mjs';
import { Hub } from './hub.mjs';
import { change, order } from './orders.mjs';
import { suiteScope } from './scope.mjs';

const hub = await Hub.start(suiteScope());

/** Fields beyond the contract's, each of which one careless parser or another has spoiled. */
const FIELDS = {
  'keys in an order that no sorting makes': { zebra: 1, alpha: 2, _: 3, Alpha: 4, 'a b': 5, ключ: 6 },
  'fractions to their last digit': {
    rates: [0.1, 0.2, 0.1 + 0.2, 1 / 3, 2 / 3, 5e-324, 1.7976931348623157e308, 123456.789012345, -0.5, 1e-7],
  },
  'a thousand fractions': {
    rates: Array.from({ length: 1_000 }, (_, at) => Math.sin(at + 1) * 10 ** (at % 40)),
  },
  'large whole numbers': {
    numbers: [2 ** 31, 2 ** 32, 2 ** 53 - 1, -(2 ** 53 - 1), 2 ** 63, -(2 ** 63), 2 ** 64, 1e21, 1e300, 0],
  },
  'text of every plane': {
    text: 'Nasi goréng – 炒飯 – أرز – 🍛👨‍👩‍👧‍👦🇮🇩 – \u0000\u0007\u001f"\\\b\f\n\r\t – \u2028\u2029 – \ufeff\uffff',
    long: 'é'.repeat(70_000),
  },
  'texts that look like something else': {
    'outlet_id ': '1',
    __proto: null,
    constructor: 'x',
    length: 0,
    text: ['null', 'true', '1e5', '{"a":1}', '', ' ', '42["new_order",{}]'],
  },
  'nothing in many forms': { a: null, b: [], c: {}, d: '', e: false, f: [null, [], {}], g: [[], [[]]] },
  'nesting a hundred deep': { deep: JSON.parse('['.repeat(100) + '1' + ']'.repeat(100)) },
  'more fields than anyone counts': Object.fromEntries(
    Array.from({ length: 5_000 }, (_, at) => [`f${at}`, at]),
  ),
};

/** What a Buffer of any kind holds, to be compared. */
const bytes = (length) => Buffer.from(Array.from({ length }, (_, at) => (at * 31) % 256));

for (const variant of VARIANTS) {
  describe(variant.name, () => {
    const scope = suiteScope();
    let desk;
    before(async () => {
      desk = await Desk.open(scope, hub.live, variant);
    });

    for (const [what, fields] of Object.entries(FIELDS)) {
      test(`${what} arrive as sent, with an order and with a change`, async () => {
        const sent = order(fields);
        desk.till.emit('new_order', sent);
        assert.deepEqual(await desk.till.heard('order_sent'), { orderId: sent.id });
        assertAsSent(await desk.screen.heard('order_created'), sent);
        const update = change(sent.id, { ...fields, status: 'ready' });
        desk.till.emit('update_status', update);
        await desk.till.heard('status_updated');
        assertAsSent(await desk.screen.heard('order_updated'), update);
      });
    }

    test('what is no JSON at all arrives as JSON says', async () => {
      const id = order().id;
      const sent = {
        ...order({ id }),
        nan: NaN,
        never: undefined,
        when: new Date(0),
        negative: -0,
        list: [undefined],
      };
      desk.till.emit('new_order', sent);
      await desk.till.heard('order_sent');
      assertAsSent(await desk.screen.heard('order_created'), JSON.parse(JSON.stringify(sent)));
    });

    test('binary attachments arrive as such, wherever they are nested', async () => {
      const sent = order({
        slip: bytes(3),
        items: [{ name: 'x', price: 1, photo: { of: [bytes(300), 'it'] } }],
      });
      sent.last = bytes(70_000);
      const answer = await desk.till.asked('new_order', sent);
      assert.deepEqual(answer, { orderId: sent.id });
      await desk.till.heard('order_sent');
      assert.deepEqual(await desk.screen.heard('order_created'), sent);
      const update = change(sent.id, { status: 'ready', signature: bytes(1_000) });
      desk.till.emit('update_status', update);
      await desk.till.heard('status_updated');
      assert.deepEqual(await desk.screen.heard('order_updated'), update);
    });

    test('a text that pretends to be an attachment harms nobody', async () => {
      const connection = desk.till.socket.id;
      const sent = order({ photo: { _placeholder: true, num: 7 } });
      desk.till.emit('new_order', sent);
      assert.deepEqual(await desk.till.heard('order_sent'), { orderId: sent.id });
      // Clients refuse to rebuild what is none; what matters is that it travels as it came.
      assert.deepEqual(await desk.screen.heard('order_created'), sent);
      await desk.nothingElse();
      assert.equal(desk.till.socket.id, connection);
    });

    test('990 kB arrive whole', async () => {
      const sent = order({ blob: 'x'.repeat(990_000 - 300) });
      assert.ok(JSON.stringify(sent).length <= 990_000);
      desk.till.emit('new_order', sent);
      assert.deepEqual(await desk.till.heard('order_sent'), { orderId: sent.id });
      assertAsSent(await desk.screen.heard('order_created'), sent);
      await desk.nothingElse();
    });

    test('990 kB of binary arrive whole', async () => {
      const sent = order({ photo: bytes(990_000 - 300) });
      desk.till.emit('new_order', sent);
      assert.deepEqual(await desk.till.heard('order_sent'), { orderId: sent.id });
      assert.deepEqual(await desk.screen.heard('order_created'), sent);
      await desk.nothingElse();
    });
  });
}
