// The page as an app: everything it needs is kept whole, it opens without its server, and a new build never mixes with the old one.
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { PNG } from 'pngjs';
import { buildServiceWorker } from '../../scripts/build/page.ts';
import { tinyBundle } from '../support/tiny-bundle.ts';
import { PageUnderTest } from './page-under-test.ts';

/** The address lists of every cache, and whether a worker serves. */
const kept = (page: Page): Promise<{ caches: string[]; active: boolean }> =>
  page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    return { caches: await caches.keys(), active: registration?.active?.state === 'activated' };
  });
// In the page, since a predicate of waitForFunction that answers by a promise counts as true at once.
const untilKept = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    const { active } = await navigator.serviceWorker.ready;
    if (active?.state === 'activating')
      await new Promise<void>((resolve) => active.addEventListener('statechange', () => resolve(), { once: true }));
  });
const sounds = (page: Page): Promise<void> => page.getByText('12 sounds').first().waitFor();

describe('the page as an app', () => {
  let under: PageUnderTest;
  beforeAll(async () => {
    under = await PageUnderTest.build(tinyBundle());
  });
  afterAll(() => under?.close());

  test('has a manifest whose icons are what it says', async () => {
    const served = await under.serve();
    const manifest = (await (await fetch(`${served.address}manifest.webmanifest`)).json()) as {
      display: string;
      icons: { src: string; sizes: string; type: string }[];
    };
    expect(manifest.display).toBe('standalone');
    for (const { src, sizes, type } of manifest.icons) {
      const response = await fetch(served.address + src);
      expect(response.headers.get('content-type')).toBe(type);
      if (type !== 'image/png') continue;
      const png = PNG.sync.read(Buffer.from(await response.arrayBuffer()));
      expect(`${png.width}x${png.height}`).toBe(sizes);
    }
  });

  test('opens and loads its sounds without its server, once it was loaded', async () => {
    const served = await under.serve();
    const { page } = await under.open({ offline: true, served });
    await sounds(page);
    await untilKept(page);
    await served.close();
    const again = await page.context().newPage();
    await again.goto(served.address);
    await sounds(again);
    expect(await again.evaluate(() => crossOriginIsolated)).toBe(true);
    await page.context().close();
  });

  test('a new build takes over whole when the page is opened anew, and one whose files do not fit together not at all', async () => {
    const { page } = await under.open({ offline: true });
    await sounds(page);
    await untilKept(page);
    const before = await kept(page);
    expect(before.caches).toHaveLength(1);

    // A server in the middle of an update: the list is new, a file is not what it says.
    const script = join(under.folder, 'page.js');
    const old = readFileSync(script);
    appendFileSync(script, '\nglobalThis.buildOfThisPage = 2;\n');
    await buildServiceWorker(under.folder);
    writeFileSync(script, old);
    await page.evaluate(async () => {
      const registration = await navigator.serviceWorker.getRegistration();
      await registration?.update();
      await new Promise<void>((resolve) => {
        const { installing } = registration ?? {};
        if (!installing) return resolve();
        installing.addEventListener('statechange', () => installing.state === 'redundant' && resolve());
      });
    });
    expect(await kept(page)).toEqual(before);

    appendFileSync(script, '\nglobalThis.buildOfThisPage = 2;\n');
    await page.evaluate(async () => {
      const registration = await navigator.serviceWorker.getRegistration();
      await registration?.update();
    });
    await page.getByText('A new version of Timbrefold is ready').waitFor();
    expect(await page.evaluate(() => 'buildOfThisPage' in globalThis)).toBe(false);
    await page.reload();
    await page.waitForFunction(() => 'buildOfThisPage' in globalThis);
    await sounds(page);
    await page.evaluate(async () => {
      while ((await caches.keys()).length !== 1) await new Promise((resolve) => setTimeout(resolve, 50));
    });
    expect((await kept(page)).caches).not.toEqual(before.caches);
    await page.context().close();
  });
});
