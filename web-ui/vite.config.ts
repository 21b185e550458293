import { sveltekit } from '@sveltejs/kit/vite';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vitest/config';

/** Where the hub listens while the pages are being worked on. */
const hub = process.env.HUB_URL ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [tailwindcss(), sveltekit()],
  // Files, never `data:` addresses: the pages' content security policy allows nothing inline.
  build: { assetsInlineLimit: 0 },
  server: {
    proxy: {
      '/api': hub,
      '/media': hub,
      '/socket.io': { target: hub, ws: true },
    },
  },
  test: {
    include: ['src/**/*.test.ts'],
    environment: 'node',
    restoreMocks: true,
  },
});
