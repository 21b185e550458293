/** The service worker: it keeps the pages on this device, and says when a newer version is there. */

class Updates {
  isReady = $state(false);

  /** Only where the page is secure: elsewhere browsers have no service worker, and the hub must be there to load. */
  register(): void {
    const workers = 'serviceWorker' in navigator ? navigator.serviceWorker : null;
    if (!workers || import.meta.env.DEV) return;
    let had = workers.controller !== null;
    workers.addEventListener('controllerchange', () => {
      // The first one is only the installation.
      if (had) this.isReady = true;
      had = true;
    });
    workers
      .register('/service-worker.js', { updateViaCache: 'none' })
      .catch((error: unknown) => console.warn('service_worker.register_failed', error));
  }

  reload(): void {
    location.reload();
  }
}

export const updates = new Updates();
