// Lets the browser keep the page for offline use, and says when a newer build is ready. Main thread.

/** `onUpdate` is called when a newer build has been fetched completely beside the one that runs. Failing is no loss: the page then needs its server. */
export async function keepForOffline(onUpdate: () => void): Promise<void> {
  if (!('serviceWorker' in navigator) || !isSecureContext) return;
  try {
    const registration = await navigator.serviceWorker.register('service-worker.js');
    registration.addEventListener('updatefound', () => {
      const { installing } = registration;
      installing?.addEventListener('statechange', () => {
        // Without one that is active this is the first build that is kept, the very one that runs.
        if (installing.state === 'installed' && registration.active) onUpdate();
      });
    });
    // A page that stays open for days looks again whenever somebody comes back to it.
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') registration.update().catch(() => {});
    });
  } catch {
    // Private windows and switched-off storage refuse; nothing else depends on it.
  }
}
