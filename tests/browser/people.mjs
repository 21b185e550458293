// What people do before they can work: pair the device, say who they are.

/** Pairs the page's device by the address that the QR code holds, and waits until it says so. */
export async function pair(page, hub, { name = 'Uji', role = 'till', station = '' } = {}) {
  const { code } = await hub.api('/api/pairing-codes/', {
    method: 'POST',
    body: { name, role, station },
  });
  await page.goto(`${hub.main}/pair#${code}`);
  await page.getByText('Tersambung').first().waitFor();
}

/** Types a PIN, as on a keyboard, and enters it. */
export async function typePin(page, pin) {
  await page.keyboard.type(pin);
  await page.keyboard.press('Enter');
}

/** Signs one of the demo's people in on a till that shows who works here. */
export async function signIn(page, name, pin) {
  await page.getByRole('heading', { name: 'Siapa yang bertugas?' }).waitFor();
  await page.getByRole('button', { name: new RegExp(`^${name}`) }).click();
  await typePin(page, pin);
  await page.getByLabel('Cari menu').waitFor();
}

/** A till that is paired and on which the cashier is signed in. */
export async function openTill(page, hub, name = 'Kasir uji') {
  await pair(page, hub, { name, role: 'till' });
  await page.goto(`${hub.main}/pos`);
  await signIn(page, 'Sari', '3333');
}

/** A kitchen screen that is paired. */
export async function openKitchen(page, hub) {
  await pair(page, hub, { name: 'Dapur uji', role: 'kitchen' });
  await page.goto(`${hub.main}/kitchen`);
}

/** The manager's page, signed in. */
export async function openAdmin(page, hub, path = 'devices') {
  await page.goto(`${hub.main}/admin/${path}`);
  await page.getByLabel('Nama pengguna').fill('manager');
  await page.getByLabel('Sandi', { exact: true }).fill('demo-manager');
  await page.keyboard.press('Enter');
}
