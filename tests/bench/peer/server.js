// The kitchen sync server that the hub replaces, as its document gives it (local-sync-server/server.js): express and
// Socket.IO 4.6.1, rooms per outlet, nothing kept. It is here to be measured beside the hub.
//
// What is added: the port and address come from outside (PORT or the first argument, HOST), a ready line is printed once
// it listens, and the line per connection goes to stderr, where a driver may leave it.

const express = require('express');
const http = require('http');
const socketIo = require('socket.io');

const app = express();
const httpServer = http.createServer(app);
const io = socketIo(httpServer, {
  cors: {
    origin: '*',
    methods: ['GET', 'POST'],
  },
  transports: ['websocket', 'polling'],
});

// Connected clients and the outlets' rooms, as the document keeps them: never cleared.
const clients = new Map();
const outletRooms = new Map();

io.on('connection', (socket) => {
  console.error('New connection:', socket.id);

  // A till or a screen joins its outlet's room.
  socket.on('subscribe_outlet', (outletId) => {
    socket.join(`outlet_${outletId}`);
    if (!outletRooms.has(outletId)) {
      outletRooms.set(outletId, new Set());
    }
    outletRooms.get(outletId).add(socket.id);
    socket.emit('subscribed', { outletId });
  });

  // It says what it is.
  socket.on('identify', (data) => {
    clients.set(socket.id, {
      type: data.type,
      outletId: data.outletId,
    });
  });

  socket.on('new_order', (order) => {
    io.to(`outlet_${order.outlet_id}`).emit('order_created', order);
    socket.emit('order_sent', { orderId: order.id });
  });

  socket.on('update_status', (update) => {
    io.to(`outlet_${update.outlet_id}`).emit('order_updated', update);
    socket.emit('status_updated', { orderId: update.id });
  });

  socket.on('complete_order', (data) => {
    io.to(`outlet_${data.outlet_id}`).emit('order_completed', data);
  });

  socket.on('cancel_order', (data) => {
    io.to(`outlet_${data.outlet_id}`).emit('order_cancelled', data);
  });
});

const port = Number(process.env.PORT ?? process.argv[2] ?? 3002);
httpServer.listen(port, process.env.HOST ?? '0.0.0.0', () => {
  console.log(`ready on port ${httpServer.address().port}`);
});
