/** Short notices at the edge of the page: what just happened, and a few seconds to undo it. */

export type Tone = 'plain' | 'ok' | 'attention' | 'late' | 'offline';

export interface Notice {
  id: number;
  tone: Tone;
  title: string;
  text: string;
  /** Shown large: the number that is called out. */
  number: string;
  /** A figure that somebody waits for, such as the change. */
  figure: { label: string; value: string } | null;
  action: { label: string; run: () => void } | null;
  /** Stays until it is dismissed. */
  sticky: boolean;
  lasts_ms: number;
}

/** Long enough to read, and to undo. */
export const NOTICE_MS = 5_000;
/** More at once would cover the page. */
const NOTICES_MAX = 3;

class Notices {
  list = $state<Notice[]>([]);
  private last = 0;
  private timers = new Map<number, ReturnType<typeof setTimeout>>();

  show(notice: Partial<Omit<Notice, 'id'>> & { title: string }): number {
    this.last += 1;
    const full: Notice = {
      id: this.last,
      tone: 'plain',
      text: '',
      number: '',
      figure: null,
      action: null,
      sticky: false,
      lasts_ms: NOTICE_MS,
      ...notice,
    };
    this.list = [...this.list, full].slice(-NOTICES_MAX);
    if (!full.sticky) {
      this.timers.set(
        full.id,
        setTimeout(() => this.dismiss(full.id), full.lasts_ms),
      );
    }
    return full.id;
  }

  act(notice: Notice): void {
    this.dismiss(notice.id);
    notice.action?.run();
  }

  dismiss(id: number): void {
    clearTimeout(this.timers.get(id));
    this.timers.delete(id);
    this.list = this.list.filter((notice) => notice.id !== id);
  }
}

export const notices = new Notices();
