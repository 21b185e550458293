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

const POLL_MS = 20;

/** Waits until `isSo` answers true. */
export async function until(isSo, ms = PATIENCE_MS) {
  const end = Date.now() + ms;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`not within ${ms} ms: ${isSo}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
