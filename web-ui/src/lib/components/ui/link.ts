/** A link that looks and feels like a button. */

const base = 'press inline-flex items-center justify-center gap-2 rounded-md text-center';

export const LINKS = {
  primary: `${base} min-h-14 bg-primary px-5 text-base font-semibold text-on-primary hover:bg-primary-press`,
  plain: `${base} min-h-11 border border-line bg-raised px-4 text-sm font-medium text-ink hover:border-line-strong`,
  quiet: `${base} min-h-11 px-3 text-sm font-semibold text-primary-ink underline-offset-4 hover:underline`,
};
