/** Picking modifiers: what may be picked, and when a product may go into the cart. Pure. */

import type { Choice } from './catalogue';

/** Ids of what is picked, by group. */
export type Picks = Readonly<Record<string, readonly string[]>>;

/** Where a question has one answer that must be given and only one that can be, it is given already. */
export function firstPicks(choices: readonly Choice[]): Picks {
  const picks: Record<string, string[]> = {};
  for (const choice of choices) {
    const open = choice.options.filter((option) => option.is_available);
    const only = open[0];
    if (choice.min_select > 0 && open.length === 1 && only) picks[choice.id] = [only.id];
  }
  return picks;
}

/** A tap on an answer. In a question with one answer it replaces the one before; in others it is refused when full. */
export function togglePick(picks: Picks, choice: Choice, option: string): Picks {
  const now = picks[choice.id] ?? [];
  if (now.includes(option)) {
    // A question that must have exactly one answer keeps it: a tap changes it, never empties it.
    if (choice.max_select === 1 && choice.min_select === 1) return picks;
    return { ...picks, [choice.id]: now.filter((id) => id !== option) };
  }
  if (!choice.options.some((known) => known.id === option && known.is_available)) return picks;
  if (choice.max_select === 1) return { ...picks, [choice.id]: [option] };
  if (isFull(picks, choice)) return picks;
  return { ...picks, [choice.id]: [...now, option] };
}

/** Whether no further answer may be picked. A maximum of 0 is none. */
export function isFull(picks: Picks, choice: Choice): boolean {
  return choice.max_select > 0 && (picks[choice.id]?.length ?? 0) >= choice.max_select;
}

/** How many answers a question still needs. */
export function missing(picks: Picks, choice: Choice): number {
  return Math.max(0, choice.min_select - (picks[choice.id]?.length ?? 0));
}

/** The first question that still needs an answer. */
export function firstMissing(picks: Picks, choices: readonly Choice[]): Choice | undefined {
  return choices.find((choice) => missing(picks, choice) > 0);
}

/** What was picked, in the order of the questions and their answers: the same picks always read the same. */
export function picked(picks: Picks, choices: readonly Choice[]): Choice['options'] {
  return choices.flatMap((choice) =>
    choice.options.filter((option) => picks[choice.id]?.includes(option.id)),
  );
}
