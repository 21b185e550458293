/** Tells the cashier what became of a sale: saved here at once, sent with its number as soon as the hub has it. */

import type { OutboxRow, Refusal } from '$lib/domain/outbox';
import { i18n } from '$lib/i18n/index.svelte';
import { notices } from './notices.svelte';
import { shop } from './shop.svelte';

/** An answer within this time needs no word about saving. */
const PATIENCE_MS = 700;
/** Sales that were sent this much later are told by the counter alone: fifty notices would help nobody. */
const RECENT_MS = 60_000;

interface Waiting {
  paid: boolean;
  change: number;
  at_ms: number;
  saved: number | null;
  timer: ReturnType<typeof setTimeout>;
}

export class Announcer {
  private readonly waiting = new Map<string, Waiting>();
  /** Notices of refused orders, which lose their meaning once a person has seen to the order. */
  private readonly refused = new Map<string, number>();

  constructor(
    private readonly numberOf: (order: string) => Promise<string | null>,
    private readonly onLook: () => void,
  ) {}

  /** A sale was saved. `change` is told at once: the guest waits for it. */
  placed(order: string, paid: boolean, change: number): void {
    const waiting: Waiting = {
      paid,
      change,
      at_ms: Date.now(),
      saved: null,
      timer: setTimeout(() => this.saved(order), PATIENCE_MS),
    };
    this.waiting.set(order, waiting);
  }

  /** The hub is known to be away: no need to wait for its answer. */
  away(): void {
    for (const order of this.waiting.keys()) this.saved(order);
  }

  private saved(order: string): void {
    const waiting = this.waiting.get(order);
    if (!waiting || waiting.saved !== null) return;
    clearTimeout(waiting.timer);
    const { t } = i18n;
    waiting.saved = notices.show({
      tone: 'offline',
      title: t.sent.saved,
      text: t.sent.savedText,
      figure: changeFigure(waiting.change),
      lasts_ms: waiting.change > 0 ? 15_000 : 6_000,
    });
  }

  async settled(row: OutboxRow, refusal: Refusal | null): Promise<void> {
    const { t } = i18n;
    const { kind } = row.task;
    if (kind === 'status' || kind === 'item_status') return;
    const known = await this.numberOf(row.order);
    if (refusal) {
      this.drop(row.order);
      const what = [t.attention.kinds[kind], known].filter(Boolean).join(' ');
      const shown = notices.show({
        tone: 'late',
        title: t.sent.refused(what),
        text: refusal.code === 'total_differs' ? t.attention.totalsDiffer : (refusal.reasons[0] ?? ''),
        action: { label: t.sent.look, run: this.onLook },
        lasts_ms: 10_000,
      });
      if (kind === 'order') this.refused.set(row.order, shown);
      return;
    }
    const number = known ?? t.orders.unnumbered;
    if (kind === 'order') this.sent(row.order, number);
    if (Date.now() - row.created_ms > RECENT_MS) return;
    if (kind === 'items') notices.show({ tone: 'ok', title: t.sent.round(number) });
    // A payment that came with its order is told in the same breath.
    if (row.task.kind === 'payment' && !row.task.with_order) {
      const { change } = row.task;
      notices.show({
        tone: 'ok',
        title: t.sent.payment(number),
        figure: changeFigure(change),
        lasts_ms: change > 0 ? 15_000 : 5_000,
      });
    }
  }

  private sent(order: string, number: string): void {
    const shown = this.refused.get(order);
    if (shown !== undefined) {
      this.refused.delete(order);
      notices.dismiss(shown);
      notices.show({ tone: 'ok', number: i18n.t.sent.number(number), title: i18n.t.sent.toKitchen });
    }
    const waiting = this.drop(order);
    if (!waiting || Date.now() - waiting.at_ms > RECENT_MS) return;
    const { t } = i18n;
    notices.show({
      tone: 'ok',
      number: t.sent.number(number),
      title: waiting.paid ? t.sent.paid : t.sent.toKitchen,
      figure: changeFigure(waiting.change),
      lasts_ms: waiting.change > 0 ? 15_000 : 6_000,
    });
  }

  private drop(order: string): Waiting | undefined {
    const waiting = this.waiting.get(order);
    if (!waiting) return undefined;
    clearTimeout(waiting.timer);
    if (waiting.saved !== null) notices.dismiss(waiting.saved);
    this.waiting.delete(order);
    return waiting;
  }
}

/** What goes back to the guest, large; nothing where nothing does. */
function changeFigure(change: number): { label: string; value: string } | null {
  return change > 0 ? { label: i18n.t.sent.change, value: shop.money(change) } : null;
}
