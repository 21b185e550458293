// Orders and changes as the replaced system's tills send them.

import assert from 'node:assert/strict';

let last = 1_000;

/** An id that no test has used. */
export function freshId() {
  last += 1;
  return last;
}

/** An order of the reference's own shape. */
export function order(fields = {}) {
  const id = fields.id ?? freshId();
  return {
    id,
    order_number: `ORD-${id}`,
    outlet_id: 1,
    items: [{ product_id: 7, name: 'Es teh', quantity: 2, price: 25_000, modifiers: [] }],
    total: 50_000,
    ...fields,
  };
}

/** A change of an order. */
export function change(id, fields = {}) {
  return { id, outlet_id: 1, ...fields };
}

/** How many orders a busy till leaves unanswered: fewer than the hub lets wait. */
const IN_FLIGHT_MAX = 200;

/**
 * Places `count` orders as fast as the hub answers; answers their ids in the order in which they were sent. Ends early,
 * with those that were answered, when `until` says so or the connection is lost.
 */
export function placeMany(till, count, { fields = {}, until = () => false } = {}) {
  const placed = [];
  let sent = 0;
  let open = 0;
  return new Promise((resolve, reject) => {
    const isDone = () => sent === count || until() || !till.socket.connected;
    const end = () => (till.socket.off('disconnect', end), resolve(placed));
    const next = () => {
      while (open < IN_FLIGHT_MAX && !isDone()) {
        const each = order(fields);
        sent += 1;
        open += 1;
        till.emit('new_order', each, (answer) => {
          open -= 1;
          if (answer.orderId !== each.id) return reject(new Error(`refused: ${JSON.stringify(answer)}`));
          placed.push(each.id);
          if (isDone() && open === 0) end();
          else next();
        });
      }
    };
    till.socket.on('disconnect', end);
    next();
  });
}

/** Each of `ids` was heard once and in order, and nothing else. */
export function assertHeardOnce(heard, ids, what) {
  const counts = new Map();
  for (const id of heard) counts.set(id, (counts.get(id) ?? 0) + 1);
  const missing = ids.filter((id) => !counts.has(id));
  const repeated = [...counts].filter(([, count]) => count > 1).map(([id]) => id);
  assert.deepEqual(missing.slice(0, 5), [], `${what}: ${missing.length} of ${ids.length} missing`);
  assert.deepEqual(repeated.slice(0, 5), [], `${what}: ${repeated.length} heard more than once`);
  assert.deepEqual(heard, ids, `${what}: in order`);
}
