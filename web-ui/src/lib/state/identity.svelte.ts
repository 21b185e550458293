/**
 * Who sits here and which device this is, the same in every tab: both are kept in `localStorage`, and what one tab
 * changes the others hear. A refresh token is good once, so that only one tab at a time renews, and looks first
 * whether another has done so already.
 */

import { provideCredentials, type Credentials, type Shown } from '$lib/api/credentials';
import * as api from '$lib/api/identity';
import type { Asked } from '$lib/api/identity';
import {
  canManage,
  readPaired,
  readSession,
  renewAtMs,
  sessionOf,
  type Paired,
  type Session,
} from '$lib/domain/identity';
import { webLock, type Lock } from '$lib/sync/lock';
import { dropPref, keepPref, keptPref, prefsAreKept } from './prefs.svelte';

const DEVICE = 'outlet.device';
const SESSION = 'outlet.session';
/** Another tab renews: how often to look whether it has, and how often at most. */
const LOOK_AGAIN_MS = 150;
const LOOKS_MAX = 80;
/** After a renewal that nobody answered. */
const RENEW_AGAIN_MS = 10_000;
/** Timers of browsers run over past this. */
const TIMER_MAX_MS = 2 ** 30;

type Renewal = 'changed' | 'same' | 'away';
export type SignIn = Extract<Asked<unknown>, { did: 'refused' | 'away' }> | { did: 'fine' };

class Identity implements Credentials {
  device = $state.raw<Paired | null>(readPaired(keptPref(DEVICE)));
  session = $state.raw<Session | null>(readSession(keptPref(SESSION)));
  /** The hub ended what was held here; the page says so until somebody comes in again. */
  ended = $state<'session' | 'device' | null>(null);
  private renewing: Promise<Renewal> | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private notBeforeMs = 0;
  private users = 0;
  /** Where nothing is kept, what is held here is all there is. */
  private readonly isKept = prefsAreKept();
  private readonly listeners = new Set<() => void>();
  private readonly heard = (event: StorageEvent) => {
    if (event.key === DEVICE || event.key === SESSION || event.key === null) this.reread();
  };
  private readonly shown = () => {
    if (document.visibilityState === 'visible') this.plan();
  };

  get user(): Session['user'] | null {
    return this.session?.user ?? null;
  }

  get isManager(): boolean {
    return canManage(this.user?.role);
  }

  /** Keeps the session fresh while a page is open. Answers how to stop. */
  open(): () => void {
    this.users += 1;
    if (this.users === 1) {
      addEventListener('storage', this.heard);
      document.addEventListener('visibilitychange', this.shown);
    }
    this.reread();
    void this.lookAtDevice();
    return () => {
      this.users -= 1;
      if (this.users > 0) return;
      clearTimeout(this.timer);
      removeEventListener('storage', this.heard);
      document.removeEventListener('visibilitychange', this.shown);
    };
  }

  now(): Shown {
    return { device: this.device?.key ?? null, token: this.session?.access ?? null };
  }

  async refused(code: string, shown: Shown): Promise<Renewal> {
    // Another tab may have seen to it meanwhile.
    this.reread();
    const isNew = this.now().device !== shown.device || this.now().token !== shown.token;
    if (code === 'device_not_paired' && shown.device !== null) {
      if (this.device?.key === shown.device) this.forget();
      return 'changed';
    }
    if (code !== 'token_not_valid' || shown.token === null) return isNew ? 'changed' : 'same';
    return this.renew(shown.token);
  }

  async pair(code: string): Promise<Asked<Paired>> {
    const answer = await api.pair(code);
    if (answer.did !== 'fine') return answer;
    const device = readPaired({ ...answer.body.device, key: answer.body.key });
    if (!device) return { did: 'away' };
    this.setDevice(device);
    this.ended = null;
    return { did: 'fine', body: device };
  }

  /** The name, role and station that a manager gave this device since. Best effort. */
  private async lookAtDevice(): Promise<void> {
    const { device } = this;
    if (!device) return;
    const answer = await api.thisDevice();
    if (answer.did !== 'fine' || this.device?.key !== device.key) return;
    const now = readPaired({ ...answer.body, key: device.key });
    if (now) this.setDevice(now);
  }

  async signInByPin(user: string, pin: string): Promise<SignIn> {
    return this.take(await api.signInByPin(user, pin));
  }

  async signInByPassword(username: string, password: string): Promise<SignIn> {
    return this.take(await api.signInByPassword(username, password));
  }

  /** At once here; the hub is told as soon as it hears. */
  async signOut(): Promise<void> {
    const { session } = this;
    this.ended = null;
    this.setSession(null);
    if (session) await api.signOut(session.refresh);
  }

  private take(answer: Asked<unknown>): SignIn {
    if (answer.did !== 'fine') return answer;
    const session = sessionOf(answer.body, Date.now());
    if (!session) return { did: 'away' };
    this.ended = null;
    this.setSession(session);
    return { did: 'fine' };
  }

  /** One renewal at a time, in this tab and in all of them. */
  private renew(stale: string): Promise<Renewal> {
    this.renewing ??= this.renewAlone(stale).finally(() => (this.renewing = null));
    return this.renewing;
  }

  private async renewAlone(stale: string): Promise<Renewal> {
    let result: Renewal = 'away';
    for (let look = 0; look < LOOKS_MAX; look += 1) {
      const lock = await renewalLock();
      if (!lock) break;
      const isMine = await lock(async () => {
        this.reread();
        result = this.session?.access === stale ? await this.askAnew(this.session) : 'changed';
      });
      if (isMine) return result;
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
      this.reread();
      if (this.session?.access !== stale) return 'changed';
    }
    this.notBeforeMs = Date.now() + RENEW_AGAIN_MS;
    return 'away';
  }

  private async askAnew(session: Session): Promise<Renewal> {
    const answer = await api.renew(session.refresh);
    // The device was taken off the list, or somebody signed out, while the hub was asked.
    if (this.session?.refresh !== session.refresh) return 'changed';
    if (answer.did === 'refused' && answer.status === 401) {
      this.ended = 'session';
      this.setSession(null);
      return 'changed';
    }
    const next = answer.did === 'fine' ? sessionOf(answer.body, Date.now()) : null;
    // Busy, or not the hub: the session may still be good.
    if (!next) {
      this.notBeforeMs = Date.now() + RENEW_AGAIN_MS;
      return 'away';
    }
    this.setSession(next);
    return 'changed';
  }

  /** The hub has taken this device off its list. Nothing unsent is touched. */
  private forget(): void {
    this.ended = 'device';
    this.setSession(null);
    this.device = null;
    dropPref(DEVICE);
  }

  private setDevice(device: Paired): void {
    this.device = device;
    keepPref(DEVICE, JSON.stringify(device));
  }

  onPerson(listener: () => void, end: AbortSignal): void {
    this.listeners.add(listener);
    end.addEventListener('abort', () => this.listeners.delete(listener));
  }

  private setSession(session: Session | null): void {
    if (session) keepPref(SESSION, JSON.stringify(session));
    else dropPref(SESSION);
    this.seat(session);
    this.plan();
  }

  private seat(session: Session | null): void {
    const before = this.session?.user.id;
    this.session = session;
    if (before !== session?.user.id) for (const listener of this.listeners) listener();
  }

  private reread(): void {
    if (!this.isKept) return;
    const device = readPaired(keptPref(DEVICE));
    if (device?.key !== this.device?.key) this.device = device;
    const session = readSession(keptPref(SESSION));
    if (session?.access !== this.session?.access) this.seat(session);
    this.plan();
  }

  /** Renews a little before the end; at once where that has passed, as after a night's sleep. */
  private plan(): void {
    clearTimeout(this.timer);
    const { session } = this;
    if (!session || this.users === 0) return;
    const dueMs = Math.max(renewAtMs(session), this.notBeforeMs) - Date.now();
    this.timer = setTimeout(
      () => {
        if (dueMs > TIMER_MAX_MS) return this.plan();
        this.renew(session.access).then(
          () => this.plan(),
          (error: unknown) => console.error('session.renew_failed', error),
        );
      },
      Math.min(TIMER_MAX_MS, Math.max(0, dueMs)),
    );
  }
}

/** The store is loaded only where the browser has no locks of its own. */
async function renewalLock(): Promise<Lock | null> {
  if (navigator.locks) return webLock('outlet-hub.session', navigator.locks);
  try {
    const { sessionLock } = await import('./device');
    return sessionLock;
  } catch {
    return null;
  }
}

export const identity = new Identity();
provideCredentials(identity);
