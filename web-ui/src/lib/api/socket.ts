/** The live line to the hub: Socket.IO on the same origin. */

import { io, type Socket } from 'socket.io-client';
import { credentials, type Shown } from './credentials';
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

/** After a refusal that nothing new can be shown for, or one that comes so soon after the last. */
const REFUSED_AGAIN_MS = 3_000;
const SOON_MS = 5_000;

/** Opens the line. It comes back by itself, quickly: a kitchen cannot wait for a long backoff. */
export function openLine(end: AbortSignal): Line {
  let shown: Shown = { device: null, token: null };
  const line: Line = io({
    path: '/socket.io/',
    transports: ['websocket', 'polling'],
    tryAllTransports: true,
    reconnectionDelay: 300,
    reconnectionDelayMax: 3_000,
    randomizationFactor: 0.5,
    timeout: 5_000,
    // Asked at each attempt: the newest of them counts.
    auth: (give) => {
      shown = credentials().now();
      give(present(shown));
    },
  });
  let refusal = '';
  let refused_ms = 0;
  /** The hub itself closed the line, which then does not come back by itself. */
  const again = async () => {
    const isSoon = Date.now() - refused_ms < SOON_MS;
    refused_ms = Date.now();
    const next = await credentials().refused(refusal, shown);
    refusal = '';
    // A hub that never takes what it has just given must not be asked without end.
    if (next !== 'changed' || isSoon) await new Promise((resolve) => setTimeout(resolve, REFUSED_AGAIN_MS));
    if (!end.aborted) line.connect();
  };
  line.on('error', (error) => {
    if (error.event !== 'connection') return;
    refusal = error.code ?? '';
    // What follows from it follows at once: the line itself is closed a moment later.
    void credentials().refused(refusal, shown);
  });
  line.on('connect_error', (error) => {
    if (line.active) return;
    refusal = error.message;
    void again();
  });
  line.on('disconnect', (reason) => {
    if (reason === 'io server disconnect') void again();
  });
  // The line is the person's too: it has to end with the session, and that is known of those who began it.
  credentials().onPerson(() => line.disconnect().connect(), end);
  end.addEventListener('abort', () => line.close());
  return line;
}

function present({ device, token }: Shown): Record<string, string> {
  return { ...(device === null ? {} : { device }), ...(token === null ? {} : { token }) };
}
