/** A file that becomes the menu: looked at first, then applied row by row. */

import * as api from '$lib/api/menu';
import type { Asked } from '$lib/api/identity';
import { decodeCsv } from '$lib/domain/csv';
import { toDo, type Outcome, type ToDo } from '$lib/domain/import-result';
import { planOf, type Plan, type PlanRow } from '$lib/domain/menu-csv';
import { uuidv7 } from '$lib/domain/uuid';

/** Five thousand rows with long descriptions fit well; a picture or a film does not. */
const BYTES_MAX = 20_000_000;
/** The hub says how long to wait; where it does not. */
const BUSY_MS = 1_000;

export type Fault = Exclude<Plan, { fault: null }> | { fault: 'too_large' } | { fault: 'away' };

const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

export class MenuImport {
  fileName = $state('');
  phase = $state<'choosing' | 'reading' | 'preview' | 'applying' | 'paused' | 'done'>('choosing');
  /** Why it does not go on by itself. */
  pausedBy = $state<'away' | 'person' | 'forbidden'>('away');
  fault = $state.raw<Fault | null>(null);
  rows = $state.raw<readonly PlanRow[]>([]);
  ignored = $state.raw<readonly string[]>([]);
  exponent = $state(0);
  outcomes = $state.raw<ReadonlyMap<number, Outcome>>(new Map());
  private wantsStop = false;

  readonly todo = $derived(toDo(this.rows));
  readonly left = $derived(this.todo.length - this.outcomes.size);

  of<K extends PlanRow['kind']>(kind: K): Extract<PlanRow, { kind: K }>[] {
    return this.rows.filter((row): row is Extract<PlanRow, { kind: K }> => row.kind === kind);
  }

  /** Rows that the hub took. */
  countDone(kind: ToDo['kind']): number {
    return this.todo.filter((row) => row.kind === kind && this.outcomes.get(row.line)?.did === 'done').length;
  }

  async read(file: File): Promise<void> {
    this.fileName = file.name;
    this.fault = null;
    this.outcomes = new Map();
    this.rows = [];
    if (file.size > BYTES_MAX) return this.refuse({ fault: 'too_large' });
    this.phase = 'reading';
    let plan: Plan;
    try {
      const [bytes, products, categories, outlet] = await Promise.all([
        file.arrayBuffer(),
        api.allProducts(),
        api.categories(),
        api.outlet(),
      ]);
      if (!outlet) return this.refuse({ fault: 'away' });
      this.exponent = outlet.currency_exponent;
      const known = { products, categories, exponent: this.exponent, newId: uuidv7 };
      plan = planOf(decodeCsv(new Uint8Array(bytes)), known);
    } catch {
      return this.refuse({ fault: 'away' });
    }
    if (plan.fault !== null) return this.refuse(plan);
    this.rows = plan.rows;
    this.ignored = plan.ignored;
    this.phase = 'preview';
  }

  /** Goes on with what has no answer yet: the same ids and the same values, so that nothing is done twice. */
  async apply(): Promise<void> {
    this.phase = 'applying';
    this.wantsStop = false;
    for (const row of this.todo) {
      if (this.outcomes.has(row.line)) continue;
      if (this.wantsStop) return this.pause('person');
      const answer = await this.send(row);
      if (answer.did === 'away') return this.pause('away');
      if (answer.did === 'refused' && (answer.status === 401 || answer.status === 403)) {
        return this.pause('forbidden');
      }
      const outcome: Outcome =
        answer.did === 'fine' ? { did: 'done' } : { did: 'refused', words: saidOf(answer) };
      this.outcomes = new Map(this.outcomes).set(row.line, outcome);
    }
    this.phase = 'done';
  }

  stop(): void {
    this.wantsStop = true;
  }

  again(): void {
    this.phase = 'choosing';
    this.rows = [];
    this.fault = null;
    this.outcomes = new Map();
  }

  private async send(row: ToDo): Promise<Asked<unknown>> {
    for (;;) {
      const answer =
        row.kind === 'add' ? await api.addProduct(row.body) : await api.changeProduct(row.id, row.body);
      const isBusy = answer.did === 'refused' && (answer.status === 429 || answer.status === 503);
      if (!isBusy || this.wantsStop) return isBusy ? { did: 'away' } : answer;
      await wait(answer.waitMs ?? BUSY_MS);
    }
  }

  private pause(by: 'away' | 'person' | 'forbidden'): void {
    this.pausedBy = by;
    this.phase = 'paused';
  }

  private refuse(fault: Fault): void {
    this.fault = fault;
    this.phase = 'choosing';
  }
}

/** The hub's own words, with the fields that they are about. */
function saidOf(answer: Extract<Asked<unknown>, { did: 'refused' }>): string {
  const fields = Object.entries(answer.fields)
    .filter(([field]) => field !== 'detail')
    .map(([field, words]) => `${field}: ${words}`);
  return [answer.detail, ...fields].filter((words) => words !== '').join(' ') || String(answer.status);
}
