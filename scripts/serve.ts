// Serves dist/page on this machine and opens it. `npx tsx scripts/serve.ts [--port N] [--no-open] [--no-isolation]`.
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError } from 'commander';
import openInBrowser from 'open';
import sirv from 'sirv';
import { dist } from './build/paths.ts';

const DEFAULT_PORT = 8642;
/** Ports tried one after the other where none was asked for. */
const TRIES = 20;

export interface ServeOptions {
  /** 0 takes any free port. */
  port: number;
  /** Sends the headers by which a page may share memory between its threads. */
  isolation: boolean;
  /** Try the next ports where this one is taken. */
  tryNext?: boolean;
  folder?: string;
  /** Lets pages of other origins use the files, as hosts of the Web Audio Module do. */
  foreign?: boolean;
}

export interface Served {
  address: string;
  close(): Promise<void>;
}

/** @throws Error with a sentence, where the page is not built or the port is taken */
export async function serve({
  port,
  isolation,
  tryNext = false,
  folder = join(dist, 'page'),
  foreign = false,
}: ServeOptions): Promise<Served> {
  // Folders of modules have no page of their own.
  if (!existsSync(foreign ? folder : join(folder, 'index.html')))
    throw new Error('The page is not built yet; run "npm run build page" first.');
  const types: Record<string, string> = { wasm: 'application/wasm', mjs: 'text/javascript', timbre: 'application/zip' };
  const files = sirv(folder, {
    // Read from disk at every request: a page built anew is served anew.
    dev: true,
    setHeaders(response, path) {
      const type = types[path.split('.').pop() ?? ''];
      if (type) response.setHeader('Content-Type', type);
      response.setHeader('Cache-Control', 'no-cache');
      response.setHeader('X-Content-Type-Options', 'nosniff');
      if (foreign) {
        response.setHeader('Access-Control-Allow-Origin', '*');
        response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
        return;
      }
      if (!isolation) return;
      response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
      response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
      response.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
    },
  });
  const server = createServer((request, response) =>
    files(request, response, () => {
      response.statusCode = 404;
      response.end('There is nothing here.');
    }),
  );
  for (let wanted = port; ; wanted++) {
    try {
      await listen(server, wanted);
      break;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EADDRINUSE' && tryNext && wanted < port + TRIES) continue;
      if (code === 'EADDRINUSE') throw new Error(`Port ${wanted} is in use; choose another with --port.`);
      if (code === 'EACCES')
        throw new Error(`Port ${wanted} may not be opened by this user; choose one above 1023 with --port.`);
      throw error;
    }
  }
  return {
    address: `http://localhost:${(server.address() as AddressInfo).port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: ReturnType<typeof createServer>, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, 'localhost', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** Whether there is a screen on which a browser could open. */
export function hasDisplay(): boolean {
  if (process.env.CI) return false;
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

export function parsePort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new InvalidArgumentError('A port is a whole number from 0 to 65535.');
  return port;
}

async function main(): Promise<void> {
  const program = new Command('serve')
    .description('Serves the instrument on this machine.')
    .option('--port <number>', 'port to listen on', parsePort)
    .option('--no-open', 'do not open a browser')
    .option('--no-isolation', 'serve without the headers that allow shared memory')
    .parse();
  const options = program.opts<{ port?: number; open: boolean; isolation: boolean }>();
  try {
    const { address } = await serve({
      port: options.port ?? DEFAULT_PORT,
      isolation: options.isolation,
      tryNext: options.port === undefined,
    });
    console.log(`Timbrefold plays at ${address}  (Ctrl+C ends it)`);
    if (options.open && hasDisplay()) await openInBrowser(address);
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exit(1);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
