/** The live line to the hub: Socket.IO on the same origin. */

import { io, type Socket } from 'socket.io-client';
import type { Cursor, Heartbeat, LedgerMessage, SocketError, Subscribed } from './types';

interface FromHub {
  subscribed: (answer: Subscribed) => void;
  ledger: (message: LedgerMessage) => void;
  heartbeat: (beat: Heartbeat) => void;
  error: (error: SocketError) => void;
}

interface ToHub {
  identify: (who: { type: 'pos' | 'kitchen'; outletId: number }) => void;
  subscribe_outlet: (outlet: { outletId: number; since?: Cursor }) => void;
}

export type Line = Socket<FromHub, ToHub>;

/** Opens the line. It comes back by itself, quickly: a kitchen cannot wait for a long backoff. */
export function openLine(): Line {
  return io({
    path: '/socket.io/',
    transports: ['websocket', 'polling'],
    tryAllTransports: true,
    reconnectionDelay: 300,
    reconnectionDelayMax: 3_000,
    randomizationFactor: 0.5,
    timeout: 5_000,
  });
}
