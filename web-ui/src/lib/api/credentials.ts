/** Who asks: what every request and the live line carry, and who is told when the hub does not take it. */

/** What was sent of them. */
export interface Shown {
  device: string | null;
  token: string | null;
}

export interface Credentials {
  /** What to show now. */
  now(): Shown;
  /**
   * The hub refused what was shown, with this code. `changed`: there is something else to show, so ask again.
   * `same`: there is not. `away`: the hub could not be asked for something else.
   */
  refused(code: string, shown: Shown): Promise<'changed' | 'same' | 'away'>;
  /** Tells, until `end`, when somebody else signs in, or nobody is any more; not when a token is renewed. */
  onPerson(listener: () => void, end: AbortSignal): void;
}

const NOBODY: Credentials = {
  now: () => ({ device: null, token: null }),
  refused: () => Promise.resolve('same'),
  onPerson: () => undefined,
};

let source = NOBODY;

/** Says where they come from. Until then requests are anonymous. */
export function provideCredentials(credentials: Credentials): void {
  source = credentials;
}

export function credentials(): Credentials {
  return source;
}
