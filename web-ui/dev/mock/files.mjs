/** The built pages, as the hub hands them out. */

import { createReadStream, existsSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const BUILD = fileURLToPath(new URL('../../build', import.meta.url));
const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
};

/** Says whether there is such a file. */
export function sendFile(pathname, response) {
  const wanted = [pathname, `${pathname}.html`, pathname === '/' ? '/index.html' : '', '/200.html']
    .filter((name) => name !== '' && name !== '/' && !name.includes('..'))
    .map((name) => join(BUILD, name))
    .find((name) => extname(name) !== '' && existsSync(name));
  if (!wanted) return false;
  response.writeHead(200, { 'content-type': TYPES[extname(wanted)] ?? 'application/octet-stream' });
  createReadStream(wanted).pipe(response);
  return true;
}
