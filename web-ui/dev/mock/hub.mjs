/**
 * A hub that lives in memory: for working on the pages, and for their screenshots. It speaks the same words as
 * the real one and keeps none of its promises.
 */

import { createServer } from 'node:http';
import { extname } from 'node:path';
import { Server } from 'socket.io';
import { makeAccess } from './access.mjs';
import { makeCatalogue, page } from './catalogue.mjs';
import { makeCustomers } from './customers.mjs';
import { sendFile } from './files.mjs';
import { makeMenu, OUTLET, picture } from './menu.mjs';
import { makePromotions } from './promotions.mjs';
import { newOrder, pay, priceItem, Refusal, reprice, setStatus, stamp, statusOfItems } from './orders.mjs';
import { uuidAt } from './seed.mjs';

export async function startMockHub({
  port = 8080,
  menu: menuKind = 'usual',
  outlet: outletChange = {},
  access: accessOptions = {},
} = {}) {
  const access = makeAccess(accessOptions);
  const outlet = { ...OUTLET, ...outletChange };
  const menu = makeMenu(menuKind);
  const orders = new Map();
  const answers = new Map();
  const history = [];
  const epoch = 1;
  let seq = 0;
  let number = 0;
  let receipt = 0;
  /** What every write answers while it is set: `{status, body, retryAfter}`. */
  let fault = null;

  const server = createServer((request, response) => {
    handle(request, response).catch((error) => {
      const status = error instanceof Refusal ? error.status : 500;
      const body = error instanceof Refusal ? error.body : { detail: String(error), code: 'internal' };
      reply(response, status, body, error.headers);
    });
  });
  const io = new Server(server, { path: '/socket.io/' });

  io.use((socket, next) => {
    const { device, token } = socket.handshake.auth;
    try {
      const authorization = token ? `Bearer ${token}` : undefined;
      access.whoAsks({ headers: { 'x-device-key': device, authorization } });
      next();
    } catch (refusal) {
      next(new Error(refusal.body.code));
    }
  });
  io.on('connection', (socket) => {
    socket.on('subscribe_outlet', (wanted) => {
      const since = wanted?.since;
      if (since && since.epoch !== epoch) {
        socket.emit('error', { event: 'subscribe_outlet', code: 'resync', detail: 'another epoch' });
        return;
      }
      socket.join('outlet');
      socket.emit('subscribed', { outletId: wanted.outletId, epoch, seq });
      if (since) for (const message of history) if (message.seq > since.seq) socket.emit('ledger', message);
    });
  });
  const beat = setInterval(
    () => io.to('outlet').emit('heartbeat', { epoch, seq, at: stamp(Date.now()) }),
    1_000,
  );

  function tell(name, data) {
    const prev = seq;
    seq += 1;
    const message = { epoch, seq, prev, event: { name, data: structuredClone(data) } };
    history.push(message);
    io.to('outlet').emit('ledger', message);
    io.to('outlet').emit(name, data);
  }

  function change(order, detail, status, name = 'order_updated') {
    order.updated_at = stamp(Date.now());
    tell(name, {
      id: order.id,
      outlet_id: outlet.id,
      order_number: order.order_number,
      ...(status ? { status } : {}),
      change: detail,
      updated_at: order.updated_at,
    });
  }

  function place(body, at) {
    number += 1;
    const order = newOrder(body, number, menu, outlet, at);
    if (body.expected_total !== undefined && body.expected_total !== order.total) {
      number -= 1;
      throw new Refusal(400, {
        expected_total: [`The hub's total is ${order.total}, not ${body.expected_total}.`],
        hub_bill: {
          subtotal: order.subtotal,
          discount: order.discount,
          service: order.service_charge,
          tax: order.tax,
          tax_included: false,
          total: order.total,
        },
      });
    }
    orders.set(String(order.id), order);
    tell('order_created', order);
    return order;
  }

  const catalogue = makeCatalogue(menu, tell, uuidAt);
  const others = [makePromotions(menu, menuKind, uuidAt), makeCustomers(menuKind, orders, uuidAt)];
  const isMenu = (path) => /^\/api\/(products|categories|modifiers|modifier-groups|promotions)\//.test(path);

  function find(id) {
    const order = orders.get(id);
    if (!order) throw new Refusal(404, { detail: 'Pesanan tidak ditemukan.', code: 'not_found' });
    return order;
  }

  function findItem(id) {
    for (const order of orders.values()) {
      const item = order.items.find((known) => known.id === id);
      if (item) return { order, item };
    }
    throw new Refusal(404, { detail: 'Baris tidak ditemukan.', code: 'not_found' });
  }

  function read(url) {
    const { pathname } = url;
    if (pathname === '/api/outlets/') return page(url, [outlet]);
    for (const part of [catalogue, ...others]) {
      const told = part.read(url);
      if (told) return told;
    }
    if (pathname === '/api/orders/') {
      const wanted = url.searchParams.get('status')?.split(',');
      const rows = [...orders.values()].filter((order) => !wanted || wanted.includes(order.state));
      return page(url, url.searchParams.get('ordering') === '-created_at' ? rows.reverse() : rows);
    }
    const one = /^\/api\/orders\/([^/]+)\/$/.exec(pathname);
    if (one) return find(decodeURIComponent(one[1]));
    throw new Refusal(404, { detail: 'Tidak ada.', code: 'not_found' });
  }

  function write(method, pathname, body) {
    for (const part of [catalogue, ...others]) {
      const changed = part.write(method, pathname, body);
      if (changed) return changed;
    }
    const [, , kind, id, action] = pathname.split('/').map(decodeURIComponent);
    if (kind === 'orders' && !id) return [201, place(body)];
    if (kind === 'orders' && action === 'items') {
      const order = find(id);
      const items = body.items.map((item) => priceItem(menu, item, Date.now()));
      order.items.push(...items);
      reprice(order, outlet);
      change(order, { kind: 'items_added', items, total: order.total }, statusOfItems(order));
      return [200, order];
    }
    if (kind === 'orders' && action === 'cancel') {
      const order = find(id);
      setStatus(order, 'cancelled');
      order.cancel_reason = body.reason;
      change(order, { kind: 'status', reason: body.reason }, 'cancelled', 'order_cancelled');
      return [200, order];
    }
    if (kind === 'orders' && method === 'PATCH') {
      const order = find(id);
      setStatus(order, body.status);
      const name = body.status === 'closed' ? 'order_completed' : 'order_updated';
      change(order, { kind: 'status', reason: '' }, body.status, name);
      return [200, order];
    }
    if (kind === 'order-items') {
      const { order, item } = findItem(id);
      item.status = action === 'void' ? 'voided' : body.status;
      if (action === 'void') {
        reprice(order, outlet);
        const { reason } = body;
        const { name, quantity } = item;
        change(order, { kind: 'item_voided', item: id, name, quantity, reason, total: order.total });
      } else {
        change(order, { kind: 'item_status', item: id, item_status: item.status }, statusOfItems(order));
      }
      return [200, { order: order.id, ...item }];
    }
    if (kind === 'payments') {
      const order = find(String(body.order));
      if (order.receipt_number === null) receipt += 1;
      const payment = pay(order, body, outlet, receipt);
      change(order, { kind: 'paid', payment });
      return [201, payment];
    }
    throw new Refusal(404, { detail: 'Tidak ada.', code: 'not_found' });
  }

  async function handle(request, response) {
    const url = new URL(request.url, 'http://mock');
    if (url.pathname.startsWith('/media/menu/')) {
      response.writeHead(200, { 'content-type': 'image/svg+xml', 'cache-control': 'max-age=3600' });
      response.end(picture(Number(/\d+/.exec(url.pathname)?.[0] ?? 0)));
      return;
    }
    const kept = catalogue.pictures.get(url.pathname);
    if (kept) {
      response.writeHead(200, { 'content-type': kept.type });
      response.end(kept.bytes);
      return;
    }
    if (url.pathname.startsWith('/trust/')) return certificate(url.pathname, response);
    if (!url.pathname.startsWith('/api/'))
      return (
        sendFile(url.pathname, response) ||
        reply(response, 404, { detail: 'Bangun dulu: npm run build', code: 'not_found' })
      );
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const isPicture = url.pathname.endsWith('/image/');
    const text = isPicture ? '' : Buffer.concat(chunks).toString();
    const told = access.answer(request, url.pathname, JSON.parse(text || '{}'), outlet);
    if (told) return reply(response, ...told);
    const { device, person } = access.whoAsks(request);
    if (!device && !person) throw nobody();
    if (request.method === 'GET') return reply(response, 200, read(url));
    if (fault) return reply(response, fault.status, fault.body, fault.headers);
    if (!person && !(device?.role === 'kitchen' && request.method === 'PATCH')) throw nobody();
    if (isMenu(url.pathname) && !['owner', 'manager'].includes(person?.role)) throw forbidden();
    if (isPicture) {
      const type = request.headers['content-type'];
      const bytes = Buffer.concat(chunks);
      return reply(response, ...catalogue.picture(request.method, url.pathname, type, bytes));
    }
    if (/\/(void|cancel)\/$/.test(url.pathname)) access.approve(request, person);
    const key = request.headers['idempotency-key'] ?? '';
    const known = answers.get(key);
    if (known) {
      const same = known.text === text;
      return same
        ? reply(response, known.status, known.body)
        : reply(response, 409, { detail: 'Kunci yang sama dengan isi lain.', code: 'conflict' });
    }
    const [status, body] = write(request.method, url.pathname, JSON.parse(text || '{}'));
    if (key) answers.set(key, { text, status, body: structuredClone(body) });
    reply(response, status, body);
  }

  function reply(response, status, body, headers = {}) {
    response.writeHead(status, {
      'content-type': 'application/json',
      'x-ledger-epoch': epoch,
      'x-ledger-seq': seq,
      ...headers,
    });
    response.end(status === 204 ? undefined : JSON.stringify(body));
  }

  function forbidden() {
    return new Refusal(403, { detail: 'Hanya manajer.', code: 'permission_denied' });
  }

  function nobody() {
    return new Refusal(401, { detail: 'Masuk dulu.', code: 'not_authenticated' });
  }

  function certificate(pathname, response) {
    response.writeHead(200, {
      'content-type': 'application/x-x509-ca-cert',
      'content-disposition': `attachment; filename="outlet-hub-ca${extname(pathname)}"`,
    });
    response.end('not a certificate');
  }

  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${port}`,
    menu,
    orders,
    access,
    place,
    tell,
    write,
    setFault: (next) => (fault = next),
    setAvailable(index, is_available) {
      menu.products[index].is_available = is_available;
      tell('catalogue_changed', { kind: 'product', value: menu.products[index] });
    },
    /** Every live line loses its rights, with this code. */
    kick(code) {
      io.emit('error', { event: 'connection', code, detail: 'No longer.' });
      io.disconnectSockets(true);
    },
    /** The plug is pulled: sockets and all. */
    async close() {
      clearInterval(beat);
      await io.close();
      server.closeAllConnections();
    },
  };
}
