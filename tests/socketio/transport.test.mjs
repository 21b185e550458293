// What lies below the events: transports and the upgrade between them, cross-origin headers, the client that old pages
// load from here, and connections whose other end has gone.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import vm from 'node:vm';
import { WebSocket } from 'ws';
import { BOTH, Client, VARIANTS, VERSIONS } from './client.mjs';
import { Hub } from './hub.mjs';
import { order } from './orders.mjs';
import { suiteScope } from './scope.mjs';
import { PATIENCE_MS, within } from './wait.mjs';

const hub = await Hub.start(suiteScope());
const PORTS = { "the old clients' port": hub.live, 'the main port': hub.main };
const POLLING = '/socket.io/?EIO=4&transport=polling';
/** A page of another server, as every old till is. */
const ORIGIN = 'http://till-3.lan:5173';

describe('transports', () => {
  for (const version of Object.keys(VERSIONS)) {
    for (const [port, url] of Object.entries(PORTS)) {
      test(`${version} on ${port}: what is said during the upgrade arrives, once and in order`, async (t) => {
        const screen = await Client.subscribed(t, url, { version, transport: 'websocket' });
        const client = new Client(url, { version, transport: 'polling, then upgraded' }, {});
        t.after(() => client.close());
        const { engine } = client.socket.io;
        assert.equal(engine.transport.name, 'polling');
        let isUpgraded = false;
        engine.once('upgrade', () => (isUpgraded = true));
        client.emit('subscribe_outlet', 1);
        const sent = [];
        while (!isUpgraded || sent.length < 20) {
          const each = order();
          sent.push(each);
          assert.deepEqual(await client.asked('new_order', each), { orderId: each.id });
        }
        assert.equal(engine.transport.name, 'websocket');
        for (const each of sent) {
          assert.deepEqual(await screen.heard('order_created'), each);
          assert.deepEqual(await client.heard('order_created'), each);
          assert.deepEqual(await client.heard('order_sent'), { orderId: each.id });
        }
      });
    }

    for (const [transport, name] of [
      ['websocket', 'websocket'],
      ['polling', 'polling'],
      ["the reference client's", 'websocket'],
    ]) {
      test(`${version}: ${transport} is ${name}`, async (t) => {
        const client = await Client.connect(t, hub.live, { version, transport });
        assert.equal(client.socket.io.engine.transport.name, name);
      });
    }
  }
});

describe('cross-origin', () => {
  for (const [port, url] of Object.entries(PORTS)) {
    const allowed = (response) => {
      assert.equal(response.headers.get('access-control-allow-origin'), ORIGIN);
      // There are no cookies to send along, and clients do not by default.
      assert.equal(response.headers.get('access-control-allow-credentials'), null);
      assert.match(response.headers.get('vary') ?? '', /origin/i);
    };

    test(`polling on ${port} lets a page of the same network in`, async () => {
      const opened = await fetch(url + POLLING, { headers: { origin: ORIGIN } });
      assert.equal(opened.status, 200);
      allowed(opened);
      const { sid, upgrades } = JSON.parse((await opened.text()).slice(1));
      assert.deepEqual(upgrades, ['websocket']);
      const body = '40';
      const said = await fetch(`${url}${POLLING}&sid=${sid}`, {
        method: 'POST',
        headers: { origin: ORIGIN },
        body,
      });
      assert.equal(said.status, 200);
      assert.equal(await said.text(), 'ok');
      allowed(said);
      const heard = await fetch(`${url}${POLLING}&sid=${sid}`, { headers: { origin: ORIGIN } });
      assert.match(await heard.text(), /40\{"sid":/);
      allowed(heard);
    });

    test(`a refusal on ${port} can be read by the page as well`, async () => {
      const refused = await fetch(`${url}${POLLING}&sid=nobody`, { headers: { origin: ORIGIN } });
      assert.equal(refused.status, 400);
      allowed(refused);
    });

    test(`the preflight on ${port} is answered`, async () => {
      const headers = {
        origin: ORIGIN,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type,x-till',
      };
      const response = await fetch(url + POLLING, { method: 'OPTIONS', headers });
      assert.ok(response.ok, `${response.status}`);
      allowed(response);
      assert.match(response.headers.get('access-control-allow-methods'), /POST/);
      assert.match(response.headers.get('access-control-allow-headers'), /content-type.*x-till/i);
    });
  }
});

describe('a page of the internet', () => {
  const FOREIGN = 'https://evil.example';
  const upgrade = (url, origin) =>
    new WebSocket(`${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`, { origin });

  for (const [port, url] of Object.entries(PORTS)) {
    test(`on ${port} cannot read what it polls, and says nothing`, async () => {
      const opened = await fetch(url + POLLING, { headers: { origin: FOREIGN } });
      assert.equal(opened.headers.get('access-control-allow-origin'), null);
      const { sid } = JSON.parse((await opened.text()).slice(1));
      const headers = { origin: FOREIGN };
      const said = await fetch(`${url}${POLLING}&sid=${sid}`, { method: 'POST', headers, body: '40' });
      assert.equal(said.status, 403);
      assert.equal((await said.json()).code, 'origin_not_allowed');
    });

    test(`on ${port} opens no WebSocket`, async (t) => {
      const refused = upgrade(url, FOREIGN);
      const [, response] = await within(PATIENCE_MS, 'it is refused', once(refused, 'unexpected-response'));
      assert.equal(response.statusCode, 403);
      response.resume();
      const allowed = upgrade(url, ORIGIN);
      t.after(() => allowed.terminate());
      await within(PATIENCE_MS, 'a till of the same network is let in', once(allowed, 'open'));
    });
  }
});

describe('the client for old pages', () => {
  for (const [port, url] of Object.entries(PORTS)) {
    for (const file of ['socket.io.js', 'socket.io.min.js']) {
      test(`${file} on ${port} is the real one, and works`, async (t) => {
        const response = await fetch(`${url}/socket.io/${file}`);
        assert.equal(response.status, 200);
        assert.match(response.headers.get('content-type'), /javascript/);
        const source = await response.text();
        assert.match(source, /Socket\.IO v4\.\d+\.\d+/);
        const page = vm.createContext({ WebSocket, setTimeout, clearTimeout, console, URL });
        page.self = page;
        page.window = page;
        vm.runInContext(source, page);
        for (const name of ['Manager', 'Socket', 'connect']) assert.equal(typeof page.io[name], 'function');
        const socket = page.io(url, { transports: ['websocket'], reconnection: false });
        t.after(() => socket.disconnect());
        const subscribed = new Promise((resolve, reject) => {
          socket.on('connect', () => socket.emit('subscribe_outlet', 1));
          socket.on('subscribed', resolve);
          socket.on('connect_error', reject);
        });
        assert.equal((await within(PATIENCE_MS, 'it is subscribed', subscribed)).outletId, 1);
      });
    }
  }
});

describe('a silent other end', () => {
  const impatient = Hub.start(suiteScope(), {
    env: { OUTLET_HUB_SOCKETIO__PING_INTERVAL_MS: '300', OUTLET_HUB_SOCKETIO__PING_TIMEOUT_MS: '300' },
  });

  test('a WebSocket that never answers a ping is closed, and so is a poller that never polls', async (t) => {
    const { live } = await impatient;
    const opened = await fetch(live + POLLING);
    const { sid, pingInterval, pingTimeout } = JSON.parse((await opened.text()).slice(1));
    assert.deepEqual([pingInterval, pingTimeout], [300, 300]);
    const socket = new WebSocket(`${live.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
    t.after(() => socket.terminate());
    let pings = 0;
    socket.on('message', (data) => (pings += String(data) === '2' ? 1 : 0));
    await once(socket, 'open');
    socket.send('40');
    await within(PATIENCE_MS, 'the hub closes it', once(socket, 'close'));
    assert.ok(pings >= 1, 'it was asked first');
    // The poller came first, so its time is over too.
    const late = await fetch(`${live}${POLLING}&sid=${sid}`);
    await late.text();
    assert.equal(late.status, 400);
  });

  for (const variant of VARIANTS) {
    test(`a client that answers stays: ${variant.name}`, async (t) => {
      const { live } = await impatient;
      const client = await Client.subscribed(t, live, variant);
      let pings = 0;
      const enough = new Promise((resolve) =>
        client.socket.io.on('ping', () => (pings += 1) === 4 && resolve()),
      );
      await within(PATIENCE_MS, 'four pings', enough);
      assert.deepEqual(client.rest('disconnect'), []);
      const sent = order();
      client.emit('new_order', sent);
      assert.deepEqual(await client.heard('order_created'), sent);
    });
  }

  for (const variant of BOTH) {
    test(`a screen that stops answering notices, and comes back by itself: ${variant.name}`, async (t) => {
      const { live } = await impatient;
      const client = await Client.subscribed(t, live, variant, 1, { reconnectionDelay: 50 });
      client.socket.on('connect', () => client.emit('subscribe_outlet', 1));
      client.pause();
      await client.heard('disconnect');
      await client.heard('connect');
      await client.heard('subscribed');
      const sent = order();
      client.emit('new_order', sent);
      assert.deepEqual(await client.heard('order_created'), sent);
    });
  }
});
