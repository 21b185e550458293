/** A bump bar is a keyboard with few keys: what each of them does. Pure. */

export type KeyAction =
  { do: 'select'; index: number } | { do: 'bump'; index: number } | { do: 'recall' } | { do: 'all_day' };

/** The selected ticket is at `at`, or -1; `count` are on the screen. */
export function keyAction(key: string, at: number, count: number): KeyAction | null {
  if (/^[1-9]$/.test(key)) {
    const index = Number(key) - 1;
    if (index >= count) return null;
    return index === at ? { do: 'bump', index } : { do: 'select', index };
  }
  switch (key) {
    case 'ArrowRight':
    case 'ArrowDown':
      return count > 0 ? { do: 'select', index: Math.min(count - 1, at + 1) } : null;
    case 'ArrowLeft':
    case 'ArrowUp':
      return count > 0 ? { do: 'select', index: at < 0 ? 0 : Math.max(0, at - 1) } : null;
    case 'Enter':
      return at >= 0 && at < count ? { do: 'bump', index: at } : null;
    case 'r':
    case 'R':
      return { do: 'recall' };
    case 'a':
    case 'A':
      return { do: 'all_day' };
    default:
      return null;
  }
}
