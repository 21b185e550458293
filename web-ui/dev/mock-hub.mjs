/** `npm run dev:hub`: a hub in memory on port 8080 (or PORT), with an evening's orders and the built pages. */

import { startMockHub } from './mock/hub.mjs';
import { seed } from './mock/seed.mjs';

const hub = await startMockHub({
  port: Number(process.env.PORT ?? 8080),
  menu: process.env.MENU ?? 'usual',
  access: {
    crowd: process.env.CROWD === 'yes',
    needsSecure: process.env.NEEDS_SECURE === 'yes',
    httpsPort: 8443,
  },
});
if (process.env.SEED !== 'no') seed(hub);
const { code } = hub.access.newCode({ name: 'Kasir depan', role: 'till' });
console.log(
  `mock hub on ${hub.url}; PINs: owner 1111, manager 2222, cashier 3333, kitchen 4444; passwords: demo-<role>`,
);
console.log(`a till to be paired: ${hub.url}/pair#${code}`);
