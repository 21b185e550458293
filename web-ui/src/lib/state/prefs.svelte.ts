/** What this device was set to by hand. Kept in `localStorage`, so that `boot.js` can read it before the first paint. */

export type Theme = 'auto' | 'light' | 'dark';

function keep(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // It holds until the next reload.
  }
}

function kept(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function drop(key: string): void {
  try {
    localStorage.removeItem(key);
  } catch {
    // There was nothing.
  }
}

/** Whether this browser keeps anything for us. */
export function prefsAreKept(): boolean {
  keep('outlet.probe', '1');
  const isKept = kept('outlet.probe') === '1';
  drop('outlet.probe');
  return isKept;
}

/** A number kept under a name, within bounds. */
export function keptNumber(key: string, fallback: number, least: number, most: number): number {
  const value = Number(kept(key) ?? NaN);
  return Number.isFinite(value) ? Math.min(most, Math.max(least, value)) : fallback;
}

export { drop as dropPref, keep as keepPref, kept as keptPref };

class Prefs {
  theme = $state<Theme>('auto');
  /** What the page is, where nobody chose: a kitchen is dark. */
  private darkByDefault = $state(false);
  private deviceDark = $state(false);

  constructor() {
    const theme = kept('outlet.theme');
    if (theme === 'light' || theme === 'dark') this.theme = theme;
    if (typeof matchMedia === 'undefined') return;
    const query = matchMedia('(prefers-color-scheme: dark)');
    this.deviceDark = query.matches;
    query.addEventListener('change', (event) => {
      this.deviceDark = event.matches;
      this.paint();
    });
  }

  get isDark(): boolean {
    if (this.theme !== 'auto') return this.theme === 'dark';
    return this.darkByDefault || this.deviceDark;
  }

  choose(theme: Theme): void {
    this.theme = theme;
    keep('outlet.theme', theme);
    this.paint();
  }

  /** Says what kind of page is shown. */
  forPage(page: 'kitchen' | 'other'): void {
    this.darkByDefault = page === 'kitchen';
    this.paint();
  }

  private paint(): void {
    document.documentElement.dataset.theme = this.isDark ? 'dark' : 'light';
    document
      .querySelector('meta[name="theme-color"]')
      ?.setAttribute('content', this.isDark ? '#14110f' : '#efece7');
  }
}

export const prefs = new Prefs();
