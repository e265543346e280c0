// Keeps the page for offline use: every file of one build in one cache, whole or not at all, so that a page never runs on files of two builds.
//
// A new build is fetched completely and checked by its hashes while the old one serves on; it takes over when a page is opened and no other one is open.

/** Put in by the build: a hash of all files, and the SHA-256 of each by its path. */
declare const BUILD_VERSION: string;
declare const BUILD_FILES: Record<string, string>;

interface WorkerScope {
  registration: { scope: string; waiting: { postMessage(message: string): void } | null };
  clients: { matchAll(): Promise<unknown[]> };
  location: { origin: string };
  skipWaiting(): Promise<void>;
  addEventListener(
    type: 'install' | 'activate',
    listener: (event: { waitUntil(work: Promise<unknown>): void }) => void,
  ): void;
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void;
  addEventListener(
    type: 'fetch',
    listener: (event: { request: Request; respondWith(answer: Promise<Response>): void }) => void,
  ): void;
}

const scope = self as unknown as WorkerScope;
const PREFIX = 'timbrefold-';
const CACHE = `${PREFIX}${BUILD_VERSION}`;
const TAKE_OVER = 'take-over';

const addressOf = (path: string): string => new URL(path, scope.registration.scope).href;
const pathOf = (url: string): string => {
  const { origin, pathname } = new URL(url);
  const base = new URL(scope.registration.scope).pathname;
  if (origin !== scope.location.origin || !pathname.startsWith(base)) return '';
  return pathname.slice(base.length) || 'index.html';
};

const hex = (bytes: ArrayBuffer): string =>
  [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** One after the other, so that what the page itself fetches meanwhile is not slowed. */
async function install(): Promise<void> {
  const cache = await caches.open(CACHE);
  try {
    for (const [path, sha256] of Object.entries(BUILD_FILES)) {
      const response = await fetch(addressOf(path), { cache: 'no-cache' });
      const bytes = await response.clone().arrayBuffer();
      const found = hex(await crypto.subtle.digest('SHA-256', bytes));
      // A server in the middle of an update gives files of two builds: better to keep the old one and try again later.
      if (!response.ok || found !== sha256) throw new Error(`${path} is not of this build.`);
      await cache.put(addressOf(path), response);
    }
  } catch (error) {
    await caches.delete(CACHE);
    throw error;
  }
}

async function activate(): Promise<void> {
  for (const name of await caches.keys()) {
    if (name.startsWith(PREFIX) && name !== CACHE) await caches.delete(name);
  }
}

async function answer(request: Request): Promise<Response> {
  const { waiting } = scope.registration;
  if (request.mode === 'navigate' && waiting && (await scope.clients.matchAll()).length < 2) {
    waiting.postMessage(TAKE_OVER);
    return new Response('', { headers: { Refresh: '0' } });
  }
  const cache = await caches.open(CACHE);
  return (await cache.match(addressOf(pathOf(request.url)))) ?? fetch(request);
}

scope.addEventListener('install', (event) => event.waitUntil(install()));
scope.addEventListener('activate', (event) => event.waitUntil(activate()));
scope.addEventListener('message', ({ data }) => {
  if (data === TAKE_OVER) void scope.skipWaiting();
});
scope.addEventListener('fetch', (event) => {
  if (event.request.method === 'GET' && pathOf(event.request.url) in BUILD_FILES) {
    event.respondWith(answer(event.request));
  }
});
