/** When a ticket on this screen calls for attention, and when it is late. Set on the screen, in minutes. */

import type { Thresholds } from '$lib/domain/board';
import { keepPref, keptNumber } from './prefs.svelte';

export const MINUTES_MIN = 1;
export const MINUTES_MAX = 90;

class ThresholdState {
  attention_min = $state(keptNumber('outlet.attention_min', 8, MINUTES_MIN, MINUTES_MAX));
  late_min = $state(keptNumber('outlet.late_min', 15, MINUTES_MIN + 1, MINUTES_MAX));

  get value(): Thresholds {
    return { attention_ms: this.attention_min * 60_000, late_ms: this.late_min * 60_000 };
  }

  setAttention(minutes: number): void {
    this.attention_min = Math.min(MINUTES_MAX - 1, Math.max(MINUTES_MIN, minutes));
    if (this.late_min <= this.attention_min) this.setLate(this.attention_min + 1);
    keepPref('outlet.attention_min', String(this.attention_min));
  }

  setLate(minutes: number): void {
    this.late_min = Math.min(MINUTES_MAX, Math.max(MINUTES_MIN + 1, minutes));
    if (this.attention_min >= this.late_min) this.setAttention(this.late_min - 1);
    keepPref('outlet.late_min', String(this.late_min));
  }
}

export const thresholds = new ThresholdState();
