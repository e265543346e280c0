// The page as built, copied into a folder of its own and served from there, opened in a browser with a recorder.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { copyBuilt } from '../../scripts/build/fresh.ts';
import { buildServiceWorker } from '../../scripts/build/page.ts';
import { openBrowser } from '../../scripts/open-browser.ts';
import { type Served, serve } from '../../scripts/serve.ts';
import { openWatchedPage, type WatchedPage } from './watched-page.ts';

export interface OpenOptions {
  /** Whether the page may share memory between its threads. */
  isolation?: boolean;
  width?: number;
  height?: number;
  /** Whether the page may keep itself for offline use; most tests do without, since it fetches everything once more. */
  offline?: boolean;
  /** Where it is served; a server of its own if absent. */
  served?: Served;
  /** Behind the address. */
  fragment?: string;
  /** What is done to the page before it is opened. */
  before?(page: Page): Promise<unknown>;
}

export class PageUnderTest {
  private readonly served: Served[] = [];

  private constructor(
    /** Where the page was built; a test may add files. */
    readonly folder: string,
    readonly browser: Browser,
  ) {}

  /** `model`: bytes that stand where the page looks for its model; the shipped one if absent. */
  static async build(model?: Uint8Array): Promise<PageUnderTest> {
    const folder = mkdtempSync(join(tmpdir(), 'timbrefold-page-'));
    await copyBuilt('page', folder);
    if (model) {
      writeFileSync(join(folder, 'models/atlas.timbre'), model);
      await buildServiceWorker(folder);
    }
    return new PageUnderTest(folder, await openBrowser());
  }

  /** Opens the page in a new context. */
  async open({
    isolation = true,
    width = 1280,
    height = 800,
    offline = false,
    served,
    fragment = '',
    before = async () => {},
  }: OpenOptions = {}): Promise<WatchedPage> {
    const from = served ?? (await this.serve(isolation));
    const { page, complaints } = await openWatchedPage(this.browser, { width, height }, offline ? 'allow' : 'block');
    await before(page);
    await page.goto(from.address + fragment);
    return { page, complaints };
  }

  async serve(isolation = true): Promise<Served> {
    const served = await serve({ port: 0, isolation, folder: this.folder });
    this.served.push(served);
    return served;
  }

  async close(): Promise<void> {
    await this.browser.close();
    for (const served of this.served) await served.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Until the model is there, audio runs and every key of the sound is prepared. */
export async function untilReady(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const load = document.querySelector<HTMLElement>('[data-testid="load"]');
    return (
      load?.dataset.waiting === '0' &&
      /\d/.test(load.textContent ?? '') &&
      document.querySelector('.map-progress') === null
    );
  });
  // One more look after a while: the requests of a new sound begin a moment after its model.
  await page.waitForTimeout(800);
  await page.waitForFunction(
    () => document.querySelector<HTMLElement>('[data-testid="load"]')?.dataset.waiting === '0',
  );
}

export const voices = async (page: Page): Promise<number> => Number(await page.getByTestId('voices').textContent());
