/**
 * The outbox, done: takes rows from the store, sends them, and writes down what came of each.
 *
 * What may be cancelled: waiting. A request that is under way is finished, and its answer is written down before
 * anything else. A tab that dies in between leaves the row where it was; the next one sends it again under the
 * same id, and the hub answers what it answered before.
 */

import type { Store } from '$lib/db/database';
import type { Order, OrderItemRow, Payment } from '$lib/api/types';
import {
  backoffMs,
  outcomeOf,
  readyRows,
  requestOf,
  type Answer,
  type HubRequest,
  type NewRow,
  type OutboxRow,
  type Refusal,
  type Trouble,
} from '$lib/domain/outbox';
import { isOrder, withPayment, type Sale } from '$lib/domain/sale';
import type { Lock } from './lock';

export interface OutboxPorts {
  send(request: HubRequest): Promise<Answer>;
  nowMs(): number;
  /** A number from 0 to 1. */
  chance(): number;
  lock: Lock;
  /** Called when the whole outbox waits, or no longer does. */
  onTrouble?(trouble: Trouble | null): void;
  /** Called once the hub has a row, or has refused it. */
  onSettled?(row: OutboxRow, refusal: Refusal | null): void;
}

export class Outbox {
  private running: Promise<void> | null = null;
  private again = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private pausedUntilMs = 0;
  private failures = 0;
  private closed = false;

  constructor(
    private readonly store: Store,
    private readonly ports: OutboxPorts,
  ) {}

  /** A sale and what is to be sent of it, in one transaction: both are kept, or neither. */
  async place(sale: Sale, rows: readonly NewRow[]): Promise<void> {
    await this.store.transaction('rw', this.store.sales, this.store.outbox, async () => {
      await this.store.sales.add(sale);
      await this.store.outbox.bulkAdd([...rows]);
    });
    void this.drain();
  }

  /** Something further of an order that is there already. */
  async add(row: NewRow): Promise<void> {
    await this.store.outbox.add(row);
    void this.drain();
  }

  /** Changes a row; one that is just being sent stays after its acknowledgement and goes again. */
  async revise(seq: number, change: (row: OutboxRow) => Partial<OutboxRow>): Promise<void> {
    await this.store.transaction('rw', this.store.outbox, async () => {
      const row = await this.store.outbox.get(seq);
      if (!row) return;
      const fresh = { refusal: null, trouble: null, attempts: 0, next_ms: 0, rev: row.rev + 1 };
      await this.store.outbox.put({ ...row, ...fresh, ...change(row) });
    });
    void this.drain();
  }

  /** The hub took a row that was sent beside this outbox, with a manager's word. */
  async settle(row: OutboxRow, body: Record<string, unknown>): Promise<void> {
    await this.forget(row, body);
    this.ports.onSettled?.(row, null);
  }

  /** The connection is back, or a person asks: what waited for it goes now. */
  wake(): void {
    this.pausedUntilMs = 0;
    void this.drain();
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
  }

  /** Sends all that may go. Calls while it runs are one further run. */
  drain(): Promise<void> {
    if (this.closed) return Promise.resolve();
    if (this.running) {
      this.again = true;
      return this.running;
    }
    this.running = this.run().finally(() => {
      this.running = null;
      if (this.again && !this.closed) {
        this.again = false;
        void this.drain();
      }
    });
    return this.running;
  }

  private async run(): Promise<void> {
    clearTimeout(this.timer);
    const wait = this.pausedUntilMs - this.ports.nowMs();
    if (wait > 0) return this.later(wait);
    let againMs: number | null = null;
    try {
      const held = await this.ports.lock(async () => {
        againMs = await this.pass();
      });
      // Another tab sends for us. Should it die, we take over.
      if (!held) againMs = 2_000;
    } catch (error) {
      if (this.closed) return;
      console.error('outbox.drain_failed', error);
      againMs = 2_000;
    }
    if (againMs !== null) this.later(againMs);
  }

  /** Rows that may go, until none is left. Answers how long to wait for the next, or nothing. */
  private async pass(): Promise<number | null> {
    for (;;) {
      const now = this.ports.nowMs();
      const { ready, againAtMs } = readyRows(await this.store.outbox.orderBy('seq').toArray(), now);
      if (ready.length === 0) {
        if (againAtMs === null) this.calm();
        return againAtMs === null ? null : Math.max(50, againAtMs - now);
      }
      for (const row of ready) {
        if (this.closed) return null;
        const pauseMs = await this.sendRow(row);
        if (pauseMs !== null) {
          this.pausedUntilMs = this.ports.nowMs() + pauseMs;
          return pauseMs;
        }
      }
    }
  }

  /** Sends one row. Answers how long everything must wait, where it must. */
  private async sendRow(row: OutboxRow): Promise<number | null> {
    const answer = await this.ports.send(requestOf(row));
    const outcome = outcomeOf(row, answer, this.ports.nowMs());
    switch (outcome.do) {
      case 'forget':
        this.calm();
        await this.forget(row, outcome.body);
        this.ports.onSettled?.(row, null);
        return null;
      case 'set_aside':
        this.calm();
        await this.patch(row, { refusal: outcome.refusal, trouble: null });
        this.ports.onSettled?.(row, outcome.refusal);
        return null;
      case 'retry': {
        const { scope, trouble, afterMs } = outcome;
        const tries = scope === 'all' ? this.failures : row.attempts;
        const waitMs = backoffMs(tries, afterMs, this.ports.chance());
        const next_ms = scope === 'row' ? this.ports.nowMs() + waitMs : row.next_ms;
        await this.patch(row, { attempts: row.attempts + 1, trouble, next_ms });
        if (scope === 'row') return null;
        this.failures += 1;
        this.ports.onTrouble?.(trouble);
        return waitMs;
      }
    }
  }

  /** The hub has it. The row goes only if it is still the one that was sent. */
  private async forget(sent: OutboxRow, body: Record<string, unknown>): Promise<void> {
    await this.store.transaction('rw', this.store.sales, this.store.outbox, async () => {
      const sale = await this.store.sales.get(sent.order);
      if (sale) await this.store.sales.put({ ...sale, server: answered(sale.server, sent, body) });
      const now = await this.store.outbox.get(sent.seq);
      if (now?.rev === sent.rev) await this.store.outbox.delete(sent.seq);
    });
  }

  /** Writes down what came of a row, unless it was changed meanwhile. */
  private async patch(sent: OutboxRow, change: Partial<OutboxRow>): Promise<void> {
    await this.store.transaction('rw', this.store.outbox, async () => {
      const now = await this.store.outbox.get(sent.seq);
      if (now?.rev === sent.rev) await this.store.outbox.put({ ...now, ...change });
    });
  }

  private calm(): void {
    if (this.failures > 0) this.ports.onTrouble?.(null);
    this.failures = 0;
  }

  private later(waitMs: number): void {
    clearTimeout(this.timer);
    if (!this.closed) this.timer = setTimeout(() => void this.drain(), waitMs);
  }
}

/** The hub's last word on an order, after its answer to a row. */
function answered(server: Order | null, row: OutboxRow, body: Record<string, unknown>): Order | null {
  if (isOrder(body)) return body as unknown as Order;
  if (!server) return null;
  if (row.task.kind === 'payment') return withPayment(server, body as unknown as Payment);
  if (row.task.kind === 'void' || row.task.kind === 'item_status') {
    const item = body as unknown as OrderItemRow;
    return {
      ...server,
      items: server.items.map((line) => (line.id === item.id ? { ...line, status: item.status } : line)),
    };
  }
  return server;
}
