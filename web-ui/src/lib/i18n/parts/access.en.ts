/** English: people, devices and a manager's yes. */

import type { AccessWords } from './access.id';

const plural = (n: number, one: string, many = `${one}s`) => `${n} ${n === 1 ? one : many}`;

export const accessEn: AccessWords = {
  roles: { owner: 'Owner', manager: 'Manager', cashier: 'Cashier', kitchen: 'Kitchen' },
  deviceRoles: { till: 'Till', kitchen: 'Kitchen screen', board: 'Order board', kiosk: 'Guest kiosk' },
  person: {
    button: (name) => `On duty: ${name}`,
    title: 'On duty',
    unsent: (n) => `${n} not sent yet. They stay here and are sent once somebody has signed in.`,
    cart: (n) => `${plural(n, 'item')} in the cart stay for whoever is next.`,
    pageAway: 'The sign-in page has not loaded',
    pageAwayText: 'The hub does not answer. Sales and the cart are kept here.',
    change: 'Change cashier',
    signOut: 'Sign out',
    admin: 'Open the manager’s page',
  },
  approve: {
    title: 'Ask a manager',
    other: 'Someone else',
    who: 'Who agrees?',
    what: { void: 'Calling off an item', cancel: 'Calling off an order', discount: 'Giving a discount' },
    reason: (reason) => `Reason: ${reason}`,
    ok: 'Agree',
    wrong: 'Wrong PIN. Nothing was changed.',
    locked: (wait) => `Locked. Try again in ${wait}.`,
    offline: 'A manager can agree only while the hub is connected. Nothing was changed.',
    offlineTitle: 'A manager is needed, and the hub is away',
    nobody: 'No manager has a PIN yet',
    nobodyText: 'Managers set their PIN in Manager → Staff.',
    done: 'Agreed',
    dropped: 'Not done',
    ask: 'Ask a manager',
    refused: 'The hub refused.',
  },
  device: {
    title: 'This device',
    none: 'Not paired yet',
    station: (station) => `Station ${station}`,
    noStation: 'All stations',
    toAdmin: 'A manager changes it in Manager → Devices.',
  },
  start: {
    manager: 'Manager',
    managerText: 'Devices, staff and security.',
    secureTo: 'by the secure address',
    trust: 'Trust this hub',
    demo: 'Demo',
    pair: 'Pair this device',
  },
};
