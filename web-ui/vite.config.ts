import { sveltekit } from '@sveltejs/kit/vite';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vitest/config';

/** Where the hub listens while the pages are being worked on. */
const hub = process.env.HUB_URL ?? 'http://127.0.0.1:8080';

/** Modules that the start page, the till and the kitchen have in common. */
const SHARED = new RegExp(
  `/src/lib/(?:${[
    'components/ui/(?:Badge|Button|Icon|IconButton|Notices|Segmented|Sheet|icons|link|sheets)',
    'components/settings/LanguageTheme',
    'api/(?:credentials|http|identity|lists)\\.',
    'domain/(?:address|format|identity|uuid)\\.',
    'i18n/(?:id|en|index|words|access|parts/access)',
    'state/(?:clock|hub|identity|notices|prefs|updates)\\.',
    'sync/lock',
  ].join('|')})`,
);

export default defineConfig({
  plugins: [tailwindcss(), sveltekit()],
  // Files, never `data:` addresses: the pages' content security policy allows nothing inline.
  build: {
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        // What every page loads, in one file: a dozen small ones compress worse, and each is a request.
        codeSplitting: { groups: [{ name: 'shared', test: SHARED }] },
      },
    },
  },
  server: {
    proxy: {
      '/api': hub,
      '/media': hub,
      '/trust/ca': hub,
      '/socket.io': { target: hub, ws: true },
    },
  },
  test: {
    include: ['src/**/*.test.ts'],
    environment: 'node',
    restoreMocks: true,
  },
});
