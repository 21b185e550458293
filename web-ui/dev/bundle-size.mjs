/** How much a page loads at first, gzipped, against its budget: everything its entry imports at once. */

import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

/** The system being replaced loads this much script for its till. */
const BUDGET_KB = {
  pos: 135,
  kitchen: 135,
  index: 100,
  pair: 110,
  trust: 90,
  'admin/menu': 100,
  'admin/menu/import': 95,
  'admin/categories': 95,
  'admin/modifiers': 95,
  'admin/promotions': 110,
  'admin/customers': 95,
  'admin/devices': 110,
  'admin/staff': 110,
};

let failed = false;
for (const [page, budget] of Object.entries(BUDGET_KB)) {
  const html = readFileSync(new URL(`../build/${page}.html`, import.meta.url), 'utf8');
  const seen = new Set();
  const queue = [...html.matchAll(/"(?:\.{0,2}\/)*(_app\/[^"]+\.js)"/g)].map((match) => match[1]);
  while (queue.length > 0) {
    const path = queue.pop();
    if (seen.has(path)) continue;
    seen.add(path);
    const code = readFileSync(new URL(`../build/${path}`, import.meta.url), 'utf8');
    // Static imports only: what is imported later does not hold up the first paint.
    for (const match of code.matchAll(/(?:import|from)\s*"([^"]+\.js)"/g)) {
      queue.push(new URL(match[1], `file:///${path}`).pathname.slice(1));
    }
  }
  const gzip = (path) =>
    gzipSync(readFileSync(new URL(`../build/${path}`, import.meta.url)), { level: 9 }).length;
  const script = [...seen].reduce((sum, path) => sum + gzip(path), 0);
  const style = [...html.matchAll(/"(?:\.{0,2}\/)*(_app\/[^"]+\.css)"/g)].reduce(
    (sum, match) => sum + gzip(match[1]),
    0,
  );
  const kb = script / 1000;
  failed ||= kb > budget;
  const verdict = kb > budget ? 'OVER' : 'ok';
  console.log(
    `/${page === 'index' ? '' : page}: ${kb.toFixed(1)} kB of script in ${seen.size} files (budget ${budget}, ${verdict}), ${(style / 1000).toFixed(1)} kB of style`,
  );
}
process.exit(failed ? 1 : 0);
