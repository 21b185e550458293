/**
 * UUIDv7: the time in milliseconds, then a counter, then chance. Made by the till, they name a sale for good and
 * are its idempotency key. Within one tab they only grow, so that rows sort in the order in which they were made.
 */

/** Where time and chance come from; a test holds them. */
export interface UuidSource {
  nowMs(): number;
  random(bytes: Uint8Array<ArrayBuffer>): void;
}

// `crypto.randomUUID` is closed to pages served over plain HTTP; `getRandomValues` is not.
const browser: UuidSource = {
  nowMs: () => Date.now(),
  random: (bytes) => void crypto.getRandomValues(bytes),
};

/** The counter has twelve bits; its first bit starts at zero, so that it has room to grow. */
const COUNTER_MAX = 0xfff;

/** A maker of UUIDv7s. */
export function uuidMaker(source: UuidSource = browser): () => string {
  let lastMs = 0;
  let counter = 0;
  return () => {
    const bytes = new Uint8Array(16);
    source.random(bytes);
    const now = source.nowMs();
    if (now > lastMs) {
      lastMs = now;
      counter = (((bytes[6] ?? 0) & 0x07) << 8) | (bytes[7] ?? 0);
    } else if (counter < COUNTER_MAX) {
      counter += 1;
    } else {
      // Out of numbers within this millisecond, or the clock stepped back: borrow the next one.
      lastMs += 1;
      counter = 0;
    }
    for (let index = 0; index < 6; index += 1) {
      bytes[index] = Math.floor(lastMs / 2 ** (8 * (5 - index))) & 0xff;
    }
    bytes[6] = 0x70 | (counter >> 8);
    bytes[7] = counter & 0xff;
    bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  };
}

/** Makes a UUIDv7. */
export const uuidv7 = uuidMaker();

const V7 = /^([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/** The time in a UUIDv7, or nothing where it is not one. */
export function uuidTimeMs(id: unknown): number | null {
  const match = typeof id === 'string' ? V7.exec(id) : null;
  return match ? parseInt(`${match[1]}${match[2]}`, 16) : null;
}
