// Waiting with an end to it: what does not come in time fails by name.

/** Most tests wait for milliseconds; only something that will never come takes this long. */
export const PATIENCE_MS = 3_000;

/** `promise`, or an error that says what did not happen. */
export async function within(ms, what, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not within ${ms} ms: ${what}`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
