/** English: how a device comes to trust the hub. */

import type { TrustWords } from './trust.id';

export const trustEn: TrustWords = {
  title: 'Trust this hub',
  why: 'The hub stands in the outlet, not on the internet; with this certificate your device knows that it talks to the right hub, and nobody else can read your password.',
  download: 'Download the certificate',
  downloadProfile: 'Download the iPhone / iPad profile',
  fingerprint: 'SHA-256 fingerprint',
  fingerprintText: 'Compare it with what the device shows before you agree.',
  fingerprintAway: 'The fingerprint shows once the hub answers.',
  none: 'This hub does not use HTTPS, so there is no certificate to install.',
  qr: 'Scan from another device',
  qrAlt: (address) => `QR code to ${address}`,
  steps: 'Steps',
  systems: {
    android: 'Android',
    ios: 'iPhone / iPad',
    windows: 'Windows',
    macos: 'macOS',
    linux: 'Linux',
  },
  yours: 'this device',
  check: 'Check that it worked',
  checkText: 'Open the secure address. No warning means that it worked.',
  open: 'Open the secure address',
  isSecure: 'You are on the secure address',
  isSecureText: 'This browser trusts the hub. All done.',
  done: 'To the start page',
  print: 'Print this page',
  how: {
    android: [
      'Download the certificate on this device.',
      'Open Settings → Security → Encryption & credentials → Install a certificate → CA certificate.',
      'Tap “Install anyway”, then choose the file outlet-hub-ca.crt.',
      'Close the browser completely, then open the secure address.',
    ],
    ios: [
      'In Safari, download the profile and tap “Allow”.',
      'Open Settings → Profile Downloaded → Install.',
      'Open Settings → General → About → Certificate Trust Settings.',
      'Turn on “Outlet Hub”, then open the secure address.',
    ],
    windows: [
      'Download the certificate, then open the file.',
      'Click “Install Certificate…” and choose “Local Machine”.',
      'Choose “Place all certificates in the following store” → “Trusted Root Certification Authorities”.',
      'Finish, close the browser, then open the secure address.',
    ],
    macos: [
      'Download the certificate, then open the file: Keychain Access opens.',
      'Add it to the “System” keychain.',
      'Double-click the certificate, open “Trust”, choose “Always Trust”.',
      'Close the browser, then open the secure address.',
    ],
    linux: [
      'Download the certificate.',
      'Chrome and Chromium: open chrome://certificate-manager → Local certificates → Import under “Trusted”.',
      'Firefox: Settings → Privacy & Security → View Certificates → Authorities → Import, tick “websites”.',
      'Open the secure address.',
    ],
  },
};
