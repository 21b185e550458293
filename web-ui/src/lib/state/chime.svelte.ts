/** The sound of an arriving order: two struck notes, made here, so that there is no file to load. */

import { keepPref, keptPref } from './prefs.svelte';

const KEY = 'outlet.sound';
/** A burst of orders rings once. */
const APART_MS = 1_200;

export class Chime {
  /** Wanted by the people here. */
  isOn = $state(keptPref(KEY) !== 'off');
  /** The browser lets it be heard: it wants one touch first. */
  isAwake = $state(false);
  private audio: AudioContext | null = null;
  private last_ms = 0;
  private readonly wake = () => void this.allow();

  open(): void {
    // Any touch or key on the page is the touch that browsers ask for.
    addEventListener('pointerdown', this.wake);
    addEventListener('keydown', this.wake);
  }

  close(): void {
    removeEventListener('pointerdown', this.wake);
    removeEventListener('keydown', this.wake);
    void this.audio?.close();
  }

  async toggle(): Promise<void> {
    // The first touch of a sound that is on but asleep wakes it, rather than turning it off.
    if (this.isOn && !this.isAwake) {
      await this.allow();
      this.ring(true);
      return;
    }
    this.isOn = !this.isOn;
    keepPref(KEY, this.isOn ? 'on' : 'off');
    if (this.isOn) {
      await this.allow();
      this.ring(true);
    }
  }

  ring(always = false): void {
    const { audio } = this;
    if (!this.isOn || !audio || audio.state !== 'running') return;
    if (!always && Date.now() - this.last_ms < APART_MS) return;
    this.last_ms = Date.now();
    strike(audio, 880, 0);
    strike(audio, 1174.7, 0.16);
  }

  private async allow(): Promise<void> {
    if (this.isAwake) return;
    try {
      this.audio ??= new AudioContext();
      await this.audio.resume();
      this.isAwake = this.audio.state === 'running';
    } catch {
      // No sound on this device: the screen itself shows what arrives.
    }
  }
}

function strike(audio: AudioContext, frequency: number, afterS: number): void {
  const at = audio.currentTime + afterS;
  const loudness = audio.createGain();
  loudness.gain.setValueAtTime(0, at);
  loudness.gain.linearRampToValueAtTime(0.5, at + 0.01);
  loudness.gain.exponentialRampToValueAtTime(0.001, at + 0.9);
  loudness.connect(audio.destination);
  for (const [overtone, share] of [
    [1, 1],
    [2.01, 0.35],
  ] as const) {
    const note = audio.createOscillator();
    const gain = audio.createGain();
    note.frequency.value = frequency * overtone;
    gain.gain.value = share;
    note.connect(gain).connect(loudness);
    note.start(at);
    note.stop(at + 1);
  }
}
