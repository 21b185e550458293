import { describe, expect, it } from 'vitest';
import {
  ageShare,
  allDay,
  cardOf,
  doneCards,
  forgettable,
  nextStep,
  openCards,
  recallStep,
  urgencyOf,
  withTaps,
} from './board';
import type { Ticket, TicketItem } from './tickets';

const item = (id: string, station: string, more: Partial<TicketItem> = {}): TicketItem => ({
  id,
  name: `Menu ${id}`,
  quantity: 2,
  modifiers: [],
  notes: '',
  station,
  status: 'sent',
  round: 0,
  ...more,
});

const ticket = (key: string, more: Partial<Ticket> = {}): Ticket => ({
  key,
  number: key,
  type: 'dine_in',
  table: '',
  customer: '',
  notes: '',
  status: 'sent',
  word: '',
  reason: '',
  items: [item(`${key}-a`, 'dapur'), item(`${key}-b`, 'bar')],
  rounds_ms: [1_000],
  updated_ms: 1_000,
  seq: 1,
  seen: false,
  ...more,
});

const keys = (cards: { ticket: Ticket }[]) => cards.map((card) => card.ticket.key);

describe('the board', () => {
  it('shows the oldest first, and each station its own part', () => {
    const tickets = [
      ticket('late', { rounds_ms: [5_000] }),
      ticket('early'),
      ticket('drinks', { items: [item('d', 'bar')], rounds_ms: [3_000] }),
    ];
    expect(keys(openCards(tickets, null))).toEqual(['early', 'drinks', 'late']);
    expect(keys(openCards(tickets, 'dapur'))).toEqual(['early', 'late']);
    expect(cardOf(tickets[1] as Ticket, 'bar')).toMatchObject({ elsewhere: 1, items: [{ station: 'bar' }] });
  });

  it('lets a station finish its part while another still cooks', () => {
    const half = ticket('x', {
      status: 'preparing',
      items: [item('a', 'dapur', { status: 'preparing' }), item('b', 'bar', { status: 'served' })],
    });
    expect(openCards([half], 'bar')).toEqual([]);
    expect(openCards([half], 'dapur')).toHaveLength(1);
    expect(keys(doneCards([half], 'bar'))).toEqual(['x']);
  });

  it('keeps a cancelled ticket until someone has seen it', () => {
    const off = ticket('x', { status: 'cancelled' });
    expect(keys(openCards([off], null))).toEqual(['x']);
    expect(openCards([{ ...off, seen: true }], null)).toEqual([]);
    expect(keys(doneCards([{ ...off, seen: true }], null))).toEqual(['x']);
  });

  it('takes the age of the round that waits', () => {
    const added = ticket('x', {
      status: 'preparing',
      rounds_ms: [1_000, 9_000],
      items: [item('a', 'dapur', { status: 'served' }), item('b', 'dapur', { round: 1 })],
    });
    expect(cardOf(added, null)?.since_ms).toBe(9_000);
  });

  it('shows a tap as done before the hub has said so', () => {
    const before = ticket('x');
    const whole = withTaps(before, [{ kind: 'ticket', key: 'x', status: 'ready' }]);
    expect(whole).toMatchObject({ status: 'ready', items: [{ status: 'ready' }, { status: 'ready' }] });
    const one = withTaps(before, [{ kind: 'item', key: 'x', item: 'x-a', status: 'ready' }]);
    expect(one.status).toBe('preparing');
    expect(withTaps(before, [{ kind: 'ticket', key: 'y', status: 'ready' }])).toBe(before);
  });

  it('counts what is still to be cooked', () => {
    const cards = openCards(
      [
        ticket('a', {
          items: [item('1', 'dapur', { name: 'Sate' }), item('2', 'dapur', { name: 'Soto', quantity: 5 })],
        }),
        ticket('b', {
          items: [
            item('3', 'dapur', { name: 'Sate', status: 'preparing' }),
            item('4', 'dapur', { name: 'Sate', status: 'voided' }),
            item('5', 'dapur', { name: 'Sate', status: 'ready' }),
          ],
        }),
        ticket('c', { status: 'cancelled', items: [item('6', 'dapur', { name: 'Sate' })] }),
      ],
      null,
    );
    expect(allDay(cards)).toEqual([
      { name: 'Soto', quantity: 5 },
      { name: 'Sate', quantity: 4 },
    ]);
  });

  it('steps on and back', () => {
    expect(
      ['sent', 'preparing', 'ready', 'served', 'closed'].map((status) => nextStep(status as 'sent')),
    ).toEqual(['preparing', 'ready', 'served', null, null]);
    expect([recallStep('served'), recallStep('ready'), recallStep('closed')]).toEqual([
      'ready',
      'preparing',
      null,
    ]);
  });

  it('grows in urgency', () => {
    const limits = { attention_ms: 100, late_ms: 200 };
    expect([0, 99, 100, 199, 200].map((age) => urgencyOf(age, limits))).toEqual([
      'calm',
      'calm',
      'attention',
      'attention',
      'late',
    ]);
    expect([-5, 0, 50, 500].map((age) => ageShare(age, limits))).toEqual([0, 0, 0.25, 1]);
  });

  it('forgets what left long ago', () => {
    const done = Array.from({ length: 100 }, (_, at) =>
      ticket(`t${at}`, { status: 'served', updated_ms: at }),
    );
    expect(forgettable([...done, ticket('open')])).toHaveLength(20);
    expect(forgettable(done)).toContain('t0');
  });
});
