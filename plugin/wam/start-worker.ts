// Starts a module Worker whose file may lie on another origin, as the files of a Web Audio Module do. Main thread.

/** `url` must be absolute; a foreign origin has to allow CORS, as it has to for the module itself. */
export function startWorker(url: string, name: string): Worker {
  if (new URL(url).origin === location.origin) return new Worker(url, { type: 'module', name });
  // Browsers start Workers of the page's own origin alone: this one is, and imports the foreign file.
  const source = URL.createObjectURL(new Blob([`import ${JSON.stringify(url)};`], { type: 'text/javascript' }));
  const worker = new Worker(source, { type: 'module', name });
  const revoke = (): void => URL.revokeObjectURL(source);
  worker.addEventListener('message', revoke, { once: true });
  worker.addEventListener('error', revoke, { once: true });
  return worker;
}
