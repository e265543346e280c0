// The module as built for hosts, served from a port of its own with CORS, and a host page on another port: two origins, as in life.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Browser } from 'playwright-core';
import { copyBuilt } from '../../scripts/build/fresh.ts';
import { root } from '../../scripts/build/paths.ts';
import { openBrowser } from '../../scripts/open-browser.ts';
import { type Served, serve } from '../../scripts/serve.ts';
import { openWatchedPage, type WatchedPage } from '../browser/watched-page.ts';
import { tinyBundle } from '../support/tiny-bundle.ts';

/** What a host sees of a module, as far as the tests use it. */
export interface Wam {
  instanceId: string;
  descriptor: { name: string };
  audioNode: AudioNode & {
    getParameterInfo(...ids: string[]): Promise<Record<string, { label: string; denormalize(x: number): number }>>;
    getParameterValues(normalized: boolean, ...ids: string[]): Promise<Record<string, { value: number }>>;
    setParameterValues(values: object): Promise<void>;
    scheduleEvents(...events: object[]): void;
    clearEvents(): Promise<void>;
    connectEvents(toId: string): void;
    getState(): Promise<unknown>;
    setState(state: unknown): Promise<void>;
    destroy(): void;
  };
  createGui(): Promise<HTMLElement>;
  destroyGui(gui: Element): void;
  instrument: { subscribe(listener: (message: { type: string }) => void): () => void };
}

declare global {
  interface Window {
    host?: {
      context: BaseAudioContext;
      /** Another instance of the served module, once its sound is there. */
      add(state?: unknown, context?: BaseAudioContext): Promise<Wam>;
      wams: Wam[];
    };
  }
}

/** A host as small as the specification allows. The address of the module stands behind the "#". */
const HOST = `
import { initializeWamHost } from '@webaudiomodules/sdk';
const context = new AudioContext();
const groups = new Map();
const groupOf = (context) => {
  if (!groups.has(context)) groups.set(context, initializeWamHost(context).then(([group]) => group));
  return groups.get(context);
};
const { default: Module } = await import(location.hash.slice(1));
const wams = [];
const output = new GainNode(context);
output.connect(context.destination);
async function add(state, into = context) {
  const wam = await Module.createInstance(await groupOf(into), into, state);
  wam.audioNode.connect(into === context ? output : into.destination);
  await new Promise((resolve) => {
    const stop = wam.instrument.subscribe((message) => {
      if (message.type !== 'sound') return;
      stop();
      resolve();
    });
  });
  wams.push(wam);
  return wam;
}
await add();
window.host = { context, add, wams };
`;

export class ModuleUnderTest {
  private readonly served: Served[] = [];

  private constructor(
    readonly browser: Browser,
    /** Of the module's index.js. */
    readonly url: string,
    private readonly folders: string[],
    served: Served,
  ) {
    this.served.push(served);
  }

  /** Where the module was built. */
  get folder(): string {
    return this.folders[0];
  }

  /** Builds the module with a small model in place of the shipped one. */
  static async build(): Promise<ModuleUnderTest> {
    const module = mkdtempSync(join(tmpdir(), 'timbrefold-wam-'));
    const host = mkdtempSync(join(tmpdir(), 'timbrefold-host-'));
    await copyBuilt('wam', module);
    writeFileSync(join(module, 'models/atlas.timbre'), tinyBundle());
    const { outputFiles } = await build({
      stdin: { contents: HOST, resolveDir: root },
      bundle: true,
      format: 'esm',
      target: 'es2022',
      write: false,
    });
    writeFileSync(join(host, 'host.js'), outputFiles[0].contents);
    writeFileSync(
      join(host, 'index.html'),
      '<!doctype html><link rel="icon" href="data:,"><script type="module" src="host.js"></script>',
    );
    const served = await serve({ port: 0, isolation: false, folder: module, foreign: true });
    return new ModuleUnderTest(await openBrowser(), `${served.address}index.js`, [module, host], served);
  }

  /** Opens the small host on an origin of its own. */
  async open({ isolation = false }: { isolation?: boolean } = {}): Promise<WatchedPage> {
    const host = await serve({ port: 0, isolation, folder: this.folders[1] });
    const page = await this.openPage(host);
    await page.page.goto(`${host.address}#${this.url}`);
    await page.page.waitForFunction(() => window.host !== undefined);
    return page;
  }

  /** A page of a new context; `served` is closed with the rest. */
  async openPage(served: Served): Promise<WatchedPage> {
    this.served.push(served);
    return openWatchedPage(this.browser, { width: 1440, height: 1000 });
  }

  async close(): Promise<void> {
    await this.browser.close();
    for (const served of this.served) await served.close();
    for (const folder of this.folders) rmSync(folder, { recursive: true, force: true });
  }
}
