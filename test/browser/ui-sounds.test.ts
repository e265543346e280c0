// Keeping, finding and comparing sounds on the page, and what the map does beside being played; each by what is heard or kept.
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { boxOf, button, cents, drop, named, pixelOf, place, tinyModel, untilVoices } from './hands.ts';
import { pageForTests } from './page-for-tests.ts';
import { untilReady } from './page-under-test.ts';
import { record } from './recorder.ts';
import { centroidHz, noteHz, peakNear, rmsDb, spectrumOf } from './spectrum.ts';

const PATIENCE = 180_000;

describe('sounds on the page', () => {
  const { bundle, points } = tinyModel();
  const tested = pageForTests(bundle);

  const open = async (): Promise<Page> => {
    const { page } = await tested.open();
    return page;
  };
  const name = (page: Page) => page.getByTestId('preset-name');

  /** Level of what is heard beside the instrument, no key being held. */
  async function heardAfter(page: Page, act: () => Promise<unknown>): Promise<number> {
    await act();
    let loudest = -200;
    for (let i = 0; i < 60 && loudest < -60; i++) loudest = Math.max(loudest, rmsDb(await record(page, 0.3)));
    return loudest;
  }

  test(
    'a preset is saved with tags, found again after a reload, exported, removed and brought back',
    async () => {
      const page = await open();
      const brightness = page.getByRole('slider', { name: 'Brightness' });
      await brightness.focus();
      await page.keyboard.press('End');
      await button(page, 'Save').click();
      await page.getByLabel('Name', { exact: true }).fill('Kept by a test');
      await page.getByLabel('Author').fill('Ada');
      await page.getByLabel(/^Tags/).fill('bright, test');
      await page.keyboard.press('Enter');
      await named(page, 'Kept by a test');

      await page.reload();
      await untilReady(page);
      expect(await brightness.getAttribute('aria-valuenow')).not.toBe('1');
      await page.locator('.preset-name').click();
      await button(page, /^Yours/).click();
      const row = page.locator('.row-main', { hasText: 'Kept by a test' });
      expect(await row.textContent()).toContain('bright · test');
      await row.click();
      await named(page, 'Kept by a test');
      expect(await brightness.getAttribute('aria-valuenow')).toBe('1');

      const [download] = await Promise.all([page.waitForEvent('download'), button(page, 'Export as file').click()]);
      expect(download.suggestedFilename()).toBe('kept-by-a-test.json');
      const file = JSON.parse(readFileSync(await download.path(), 'utf8'));
      expect(file).toMatchObject({ format: 'timbrefold-preset', author: 'Ada', tags: ['bright', 'test'] });
      expect(file.macros[0]).toBe(1);

      await button(page, 'Remove').click();
      await row.waitFor({ state: 'detached' });
      await button(page, /^Undo/).click();
      await row.waitFor();
      await page.context().close();
    },
    PATIENCE,
  );

  test(
    'the browser is walked by arrows, marks favourites and imports files',
    async () => {
      const page = await open();
      await page.locator('.preset-name').click();
      const current = page.locator('.row-main[aria-current="true"]');
      await current.focus();
      await page.keyboard.press('Home');
      await page.keyboard.press('ArrowDown');
      const second = await page.locator('.row-name').nth(1).textContent();
      await named(page, second ?? '');
      await page.keyboard.press('*');
      await button(page, /^Favourites/).click();
      expect(await page.locator('.browser-row').count()).toBe(1);
      await button(page, /^All/).click();

      const [chooser] = await Promise.all([page.waitForEvent('filechooser'), button(page, 'Import').click()]);
      const preset = await page.evaluate(() => document.querySelector('.row-main')?.textContent);
      expect(preset).toBeTruthy();
      await chooser.setFiles([
        { name: 'broken.json', mimeType: 'application/json', buffer: Buffer.from('{"format":1}') },
      ]);
      await page.getByRole('alert').filter({ hasText: 'The preset broken.json cannot be used' }).waitFor();
      await page.context().close();
    },
    PATIENCE,
  );

  test(
    'a seed brings a sound back, and undo every sound before it',
    async () => {
      const page = await open();
      const first = await name(page).textContent();
      await button(page, 'Find').click();
      await button(page, 'Random').click();
      await named(page, /^Random \d+$/);
      const random = (await name(page).textContent()) ?? '';
      await button(page, 'Change a little').click();
      await named(page, `${random}, changed`);
      const seed = page.getByLabel('Seed');
      await seed.fill(random.replace('Random ', ''));
      await button(page, /^Undo/).click();
      await named(page, new RegExp(`^${random}$`));
      await button(page, /^Undo/).click();
      await named(page, first ?? '');
      await button(page, /^Redo/).click();
      await named(page, random);
      await button(page, 'Less like this').click();
      await named(page, `Away from ${random}`);
      await page.context().close();
    },
    PATIENCE,
  );

  test(
    'A and B are two sounds',
    async () => {
      const page = await open();
      const first = (await name(page).textContent()) ?? '';
      await button(page, 'B').click();
      await button(page, 'Next sound').click();
      await page.waitForFunction(
        (was) => document.querySelector('[data-testid="preset-name"]')?.textContent !== was,
        first,
      );
      const second = (await name(page).textContent()) ?? '';
      await button(page, 'A').click();
      await named(page, first);
      await button(page, 'B').click();
      await named(page, second);
      await page.context().close();
    },
    PATIENCE,
  );

  test(
    'listening to a point is heard and leaves the sound where it is; its menu puts it into a corner',
    async () => {
      const page = await open();
      const before = await place(page).getAttribute('aria-valuetext');
      const { x, y } = await pixelOf(page, points[3]);
      const level = await heardAfter(page, async () => {
        await page.keyboard.down('Alt');
        await page.mouse.click(x, y);
        await page.keyboard.up('Alt');
      });
      expect(level).toBeGreaterThan(-60);
      expect(await place(page).getAttribute('aria-valuetext')).toBe(before);
      await page.mouse.click(x, y, { button: 'right' });
      await page.getByRole('menuitem', { name: 'Into corner B' }).click();
      await page.locator('.corner-b', { hasText: points[3].name }).waitFor();
      await page.context().close();
    },
    PATIENCE,
  );

  test(
    'sounds alike are listed by distance, heard and gone to',
    async () => {
      const page = await open();
      await button(page, 'Alike').click();
      const rows = page.locator('.neighbours li');
      await rows.nth(2).waitFor();
      const distances = (await page.locator('.distance').allTextContents()).map(Number);
      expect(distances).toEqual([...distances].sort((a, b) => a - b));
      const near = (await rows.nth(2).locator('.row-name').textContent()) ?? '';
      expect(await heardAfter(page, () => button(page, `Listen to ${near}`).click())).toBeGreaterThan(-60);
      await page.getByTitle(`Go to ${near}`, { exact: true }).click();
      await button(page, `Undo place of ${near}`).waitFor();
      await page.context().close();
    },
    PATIENCE,
  );

  test(
    'a path that is drawn moves the voices over the map, round and round',
    async () => {
      const page = await open();
      const box = await boxOf(place(page));
      const at = (angle: number): [number, number] => [
        box.x + box.width * (0.5 + 0.2 * Math.cos(angle)),
        box.y + box.height * (0.5 + 0.2 * Math.sin(angle)),
      ];
      await button(page, 'Draw a path').click();
      await page.mouse.move(...at(0));
      await page.mouse.down();
      for (let i = 1; i <= 24; i++) await page.mouse.move(...at(i / 4));
      await page.mouse.up();
      await page.locator('.path-bar').waitFor();
      expect(await page.getByRole('slider', { name: 'Path depth' }).first().getAttribute('aria-valuenow')).toBe('1');
      await page.keyboard.down('a');
      await untilVoices(page, 1);
      const brightnesses: number[] = [];
      for (let i = 0; i < 6; i++) brightnesses.push(centroidHz(spectrumOf(await record(page, 0.2), 8192)));
      await page.keyboard.up('a');
      // One place would sound the same throughout.
      expect(Math.max(...brightnesses) / Math.min(...brightnesses)).toBeGreaterThan(1.03);
      await button(page, 'Undo path').click();
      await page.locator('.path-bar').waitFor({ state: 'detached' });
      await button(page, 'Redo path').click();
      await page.locator('.path-bar').waitFor();
      await page.context().close();
    },
    PATIENCE,
  );

  test(
    'a Scala file retunes the keys, and what is wrong with one is said',
    async () => {
      const page = await open();
      const scale = `quarter tones\n24\n${Array.from({ length: 24 }, (_, i) => `${((i + 1) * 50).toFixed(1)}`).join('\n')}\n`;
      await drop(page, 'bad.scl', new TextEncoder().encode('nothing'));
      await page.getByRole('alert').filter({ hasText: 'bad.scl' }).waitFor();
      await drop(page, 'quarter.scl', new TextEncoder().encode(scale));
      await button(page, 'Undo tuning').waitFor();
      // D above middle C is two steps up: a quarter tone each.
      await page.keyboard.down('s');
      await untilVoices(page, 1);
      const spectrum = spectrumOf(await record(page, 0.8));
      await page.keyboard.up('s');
      expect(Math.abs(cents(peakNear(spectrum, noteHz(61)).hz, noteHz(61)))).toBeLessThan(8);
      await page.context().close();
    },
    PATIENCE,
  );

  test(
    'where the browser keeps nothing it is said, and presets live as long as the page',
    async () => {
      const { page } = await tested.open({
        before: (opened) =>
          opened.addInitScript(() => {
            Object.defineProperty(window, 'indexedDB', {
              get() {
                throw new Error('denied');
              },
            });
          }),
      });
      await page.locator('.notice', { hasText: 'The browser keeps nothing for this page' }).waitFor();
      await button(page, 'Dismiss').first().click();
      await button(page, 'Save').click();
      await page.getByLabel('Name', { exact: true }).fill('For now');
      await page.keyboard.press('Enter');
      await named(page, 'For now');
      await page.locator('.preset-name').click();
      await button(page, /^Yours/).click();
      await page.locator('.row-main', { hasText: 'For now' }).waitFor();
      await page.context().close();
    },
    PATIENCE,
  );
});
