/** `npm run dev:hub`: a hub in memory on port 8080 (or PORT), with an evening's orders and the built pages. */

import { startMockHub } from './mock/hub.mjs';
import { seed } from './mock/seed.mjs';

const hub = await startMockHub({ port: Number(process.env.PORT ?? 8080), menu: process.env.MENU ?? 'usual' });
if (process.env.SEED !== 'no') seed(hub);
console.log(`mock hub on ${hub.url}`);
