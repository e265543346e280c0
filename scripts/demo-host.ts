// `npm run demo-host`: a host of Web Audio Modules that plays ours beside modules by others, each fetched by its address from another port.
// `[--port N] [--no-open] [--own-only] [--isolated]`.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import openInBrowser from 'open';
import { dist } from './build/paths.ts';
import { buildWam } from './build/wam.ts';
import { buildDemoHost, type ModuleEntry } from './demo-host/build.ts';
import { communityModules } from './demo-host/community.ts';
import { hasDisplay, parsePort, type Served, serve } from './serve.ts';

const DEFAULT_PORT = 8650;
/** A musician's first look at the list: instruments, what plays them, what follows them. */
const OTHERS = [
  'Synth-101',
  'Spectrum: Modal',
  'Piano Roll',
  'Simple Delay',
  'Microverb',
  'Oscilloscope',
  'Spectroscope',
];

export interface DemoHostOptions {
  port: number;
  tryNext: boolean;
  isolated: boolean;
  /** Folder of other modules with their `plugins.json`, or null. */
  community: string | null;
  /** Folder of our module. */
  module?: string;
}

/** Serves host page, our module and the others' from a port each. */
export async function serveDemoHost({
  port,
  tryNext,
  isolated,
  community,
  module = join(dist, 'wam'),
}: DemoHostOptions): Promise<Served> {
  const served: Served[] = [await serve({ port: 0, isolation: false, folder: module, foreign: true })];
  const modules: ModuleEntry[] = [{ name: 'Timbrefold', url: `${served[0].address}index.js` }];
  if (community) {
    const others = await serve({ port: 0, isolation: false, folder: community, foreign: true });
    served.push(others);
    const list = JSON.parse(readFileSync(join(community, 'plugins.json'), 'utf8')) as { name: string; path: string }[];
    for (const name of OTHERS) {
      const found = list.find((entry) => entry.name === name);
      if (found) modules.push({ name, url: `${others.address}plugins/${found.path}` });
    }
  }
  const folder = await buildDemoHost(modules);
  const page = await serve({ port, tryNext, isolation: isolated, folder });
  return {
    address: page.address,
    close: async () => {
      for (const each of [page, ...served]) await each.close();
    },
  };
}

async function main(): Promise<void> {
  const options = new Command('demo-host')
    .description('Opens the Web Audio Module in a host page of this repository.')
    .option('--port <number>', 'port of the host page', parsePort)
    .option('--no-open', 'do not open a browser')
    .option('--own-only', 'do without modules by others (npm package wam-community, 71 MB, fetched once)')
    .option('--isolated', 'serve the host page with the headers that allow shared memory')
    .parse()
    .opts<{ port?: number; open: boolean; ownOnly?: boolean; isolated?: boolean }>();
  try {
    if (!existsSync(join(dist, 'wam', 'index.js'))) await buildWam();
    const { address } = await serveDemoHost({
      port: options.port ?? DEFAULT_PORT,
      tryNext: options.port === undefined,
      isolated: options.isolated ?? false,
      community: options.ownOnly ? null : await communityModules(),
    });
    console.log(`The host plays at ${address}  (Ctrl+C ends it)`);
    if (options.open && hasDisplay()) await openInBrowser(address);
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exit(1);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
