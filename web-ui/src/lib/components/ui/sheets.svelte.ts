import { untrack } from 'svelte';

/** Which sheets are open, the last on top: notices are shown in that one, where they can be touched. */
class Sheets {
  private stack = $state.raw<readonly string[]>([]);

  get top(): string | null {
    return this.stack.at(-1) ?? null;
  }

  // Sheets open and close in effects, which must not follow the list that they change.
  open(id: string): void {
    this.stack = [...this.without(id), id];
  }

  close(id: string): void {
    this.stack = this.without(id);
  }

  private without(id: string): readonly string[] {
    return untrack(() => this.stack).filter((known) => known !== id);
  }
}

export const sheets = new Sheets();
