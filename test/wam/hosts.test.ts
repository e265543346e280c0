// Whole host pages load the module by its address: the example host of the WAM SDK, as its authors publish it, and ours.
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { root } from '../../scripts/build/paths.ts';
import { serveDemoHost } from '../../scripts/demo-host.ts';
import { serve } from '../../scripts/serve.ts';
import { record } from '../browser/recorder.ts';
import { centroidHz, noteHz, peakNear, rmsDb, spectrumOf } from '../browser/spectrum.ts';
import { ModuleUnderTest } from './module-under-test.ts';

const sdk = join(root, 'node_modules/@webaudiomodules/sdk');

describe('a host page', () => {
  let under: ModuleUnderTest;
  const folder = mkdtempSync(join(tmpdir(), 'timbrefold-sdk-'));
  beforeAll(async () => {
    under = await ModuleUnderTest.build();
  });
  afterAll(async () => {
    await under?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const inTune = async (page: Page, key: number): Promise<void> => {
    const heard = await record(page, 0.8);
    expect(rmsDb(heard)).toBeGreaterThan(-75);
    const { hz } = peakNear(spectrumOf(heard), noteHz(key));
    expect(Math.abs(1200 * Math.log2(hz / noteHz(key)))).toBeLessThan(4);
  };

  test('of the SDK itself loads the module from another origin, shows its face and is played by it', async () => {
    // The host as published imports "../index.js" as the plug-in: that file is the one line that names ours.
    cpSync(join(sdk, 'host'), join(folder, 'host'), { recursive: true });
    cpSync(join(sdk, 'src'), join(folder, 'src'), { recursive: true });
    writeFileSync(join(folder, 'index.js'), `export { default } from ${JSON.stringify(under.url)};\n`);
    writeFileSync(join(folder, 'index.html'), '');
    const served = await serve({ port: 0, isolation: false, folder });
    const { page } = await under.openPage(served);
    await page.goto(`${served.address}host/index.html`);
    await page.getByRole('slider', { name: 'Brightness' }).waitFor();
    await page.getByText('12 sounds').waitFor();
    await page.keyboard.down('g');
    await inTune(page, 67);
    await page.keyboard.up('g');
    await page.context().close();
  });

  test('of ours plays it by its own keyboard, automates a macro, saves and restores', async () => {
    const served = await serveDemoHost({
      port: 0,
      tryNext: false,
      isolated: false,
      community: null,
      module: under.folder,
    });
    const { page, complaints } = await under.openPage(served);
    await page.goto(served.address);
    await page.getByRole('button', { name: 'Add' }).click();
    await page.getByRole('slider', { name: 'Brightness' }).first().waitFor();
    await page.getByText('12 sounds').first().waitFor();

    const key = page.getByRole('button', { name: 'E 4', exact: true });
    await key.scrollIntoViewIfNeeded();
    const box = await key.boundingBox();
    if (!box) throw new Error('The keyboard is not to be seen.');
    await page.mouse.move(box.x + box.width / 2, box.y + box.height * 0.9);
    await page.mouse.down();
    await page.waitForTimeout(300);
    await inTune(page, 64);
    const plain = centroidHz(spectrumOf(await record(page, 0.8)));

    // By keyboard: the mouse holds the note.
    await page.getByLabel('Parameter to automate').selectOption('macro1');
    await page.getByRole('button', { name: 'Save session' }).press('Enter');
    await page.getByText('The session is saved.').waitFor();
    // The curve begins at 0 and is highest in the middle of its loop of 4 s.
    await page.getByRole('button', { name: 'Run' }).press('Enter');
    await page.waitForFunction(() => Number(document.querySelector('#lane-value')?.textContent) > 0.95);
    const brightness = page.getByRole('slider', { name: 'Brightness' }).first();
    const bright = centroidHz(spectrumOf(await record(page, 0.4), 16_384));
    expect(bright).toBeGreaterThan(plain * 1.1);
    await page.getByRole('button', { name: 'Run' }).press('Enter');
    await page.waitForTimeout(400);
    expect(await brightness.getAttribute('aria-valuetext')).not.toBe('50 %');

    await page.getByRole('button', { name: 'Restore session' }).press('Enter');
    await page.getByText('The session is restored.').waitFor();
    await page.waitForFunction(
      () =>
        document.querySelector('[role="slider"][aria-label="Brightness"]')?.getAttribute('aria-valuetext') === '50 %',
    );
    await page.mouse.up();

    await page.getByRole('button', { name: 'Add' }).click();
    await page.locator('#rack > li').nth(1).waitFor();
    await page.getByRole('button', { name: 'Remove' }).first().click();
    await page.getByText('12 sounds').first().waitFor();
    expect(await page.locator('#rack > li').count()).toBe(1);
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});
