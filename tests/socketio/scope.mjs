// What a suite's hooks opened, closed when the suite ends. A test's own context does the same for a test; inside a
// `before` hook the runner takes no further hooks.

import { after } from 'node:test';

/** Call it where the suite is described; hand it over wherever a test's context is asked for. */
export function suiteScope() {
  const endings = [];
  after(async () => {
    for (const end of endings.reverse()) await end();
  });
  return { after: (end) => endings.push(end) };
}
