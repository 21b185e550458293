/**
 * Keeps the pages on the device, so that a till comes up while the hub is away.
 *
 * The pages and their code come from the cache of one version, never a mixture; the pictures of the menu are shown
 * from the cache and fetched anew behind it. The API is never touched, nor is the hub's certificate: what is
 * true of a sale lies in the page's own store, not here.
 */

/// <reference types="@sveltejs/kit" />
/// <reference no-default-lib="true"/>
/// <reference lib="esnext" />
/// <reference lib="webworker" />

import { build, files, prerendered, version } from '$service-worker';

const worker = self as unknown as ServiceWorkerGlobalScope;

const SHELL = `shell-${version}`;
const PICTURES = 'pictures';
/** More pictures than this is more than a menu. */
const PICTURES_MAX = 600;

const shellFiles = new Set([...build, ...files]);
const pages = new Set(prerendered);

worker.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(SHELL)
      .then((cache) =>
        cache.addAll([...shellFiles, ...pages].map((path) => new Request(path, { cache: 'reload' }))),
      )
      .then(() => worker.skipWaiting()),
  );
});

worker.addEventListener('activate', (event) => {
  event.waitUntil(
    (async () => {
      const names = (await caches.keys()).filter((name) => name.startsWith('shell-') && name !== SHELL);
      // A page that is still open may ask for a part of the version before: the last one stays.
      await Promise.all(names.slice(0, -1).map((name) => caches.delete(name)));
      await worker.clients.claim();
    })(),
  );
});

async function fromShell(request: Request, path: string): Promise<Response> {
  const shell = await caches.open(SHELL);
  const kept = (await shell.match(path)) ?? (await caches.match(path));
  return kept ?? fetch(request);
}

async function picture(event: FetchEvent): Promise<Response> {
  const cache = await caches.open(PICTURES);
  const kept = await cache.match(event.request);
  const fresh = fetch(event.request).then(async (response) => {
    if (response.ok) {
      await cache.put(event.request, response.clone());
      const keys = await cache.keys();
      await Promise.all(keys.slice(0, -PICTURES_MAX).map((key) => cache.delete(key)));
    }
    return response;
  });
  if (!kept) return fresh;
  event.waitUntil(fresh.catch(() => undefined));
  return kept;
}

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== worker.location.origin) return;
  if (url.pathname.startsWith('/media/')) {
    event.respondWith(picture(event));
    return;
  }
  const path = request.mode === 'navigate' ? url.pathname.replace(/(.)\/$/, '$1') : url.pathname;
  if (request.mode === 'navigate' ? pages.has(path) : shellFiles.has(path)) {
    event.respondWith(fromShell(request, path));
  }
});
