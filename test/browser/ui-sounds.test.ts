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
      await page.locator('.preset-name').click();
      await page.locator('.row-main', { hasText: 'Plain' }).click();
      await named(page, /^Plain$/);
      expect(await brightness.getAttribute('aria-valuenow')).toBe('0.5');
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
    'between two sounds lies one that is half as bright, and what is locked stays as it is',
    async () => {
      const page = await open();
      const brightness = async (): Promise<number> => {
        await untilReady(page);
        await page.keyboard.down('a');
        await untilVoices(page, 1);
        const hz = centroidHz(spectrumOf(await record(page, 0.8)));
        await page.keyboard.up('a');
        await untilVoices(page, 0);
        return hz;
      };
      const plain = await brightness();
      await button(page, 'Find').click();
      const sheet = page.getByRole('dialog', { name: 'Find a new sound' });
      await sheet.getByRole('combobox', { name: /^From/ }).selectOption({ label: 'A · Plain' });
      await sheet.getByRole('combobox', { name: /^To/ }).selectOption({ label: 'D · Bright' });
      await button(page, 'Between these two').click();
      await named(page, 'Plain and Bright');
      const between = await brightness();
      const way = sheet.getByRole('slider', { name: 'How far from one to the other' });
      await way.focus();
      await page.keyboard.press('End');
      await way.blur();
      await sheet.getByText('100 %').waitFor();
      const bright = await brightness();
      expect(between).toBeGreaterThan(plain * 1.03);
      expect(bright).toBeGreaterThan(between * 1.03);
      for (let i = 0; i < 2; i++) await button(page, /^Undo/).click();
      await named(page, /^Plain$/);

      // Brightness is the first number of the small model's latent.
      await sheet.getByRole('checkbox', { name: 'Brightness' }).check({ force: true });
      await button(page, 'Change a little').click();
      await named(page, 'Plain, changed');
      await button(page, 'Save').click();
      const [download] = await Promise.all([page.waitForEvent('download'), button(page, 'Save as file').click()]);
      const { latent } = JSON.parse(readFileSync(await download.path(), 'utf8')) as { latent: number[] };
      expect(latent[0]).toBeCloseTo(0, 6);
      expect(Math.hypot(...latent.slice(1))).toBeGreaterThan(0.05);
      await page.context().close();
    },
    PATIENCE,
  );

  test(
    'drift lets a held note wander, and stops when it is pressed again',
    async () => {
      const page = await open();
      /** How far apart the brightest and the dullest moment of a note that is held are, as a ratio. */
      const wandering = async (): Promise<number> => {
        const moments: number[] = [];
        for (let i = 0; i < 8; i++) moments.push(centroidHz(spectrumOf(await record(page, 0.3), 8192)));
        return Math.max(...moments) / Math.min(...moments);
      };
      await page.keyboard.down('a');
      await untilVoices(page, 1);
      // Until the time of the note stands at the end of what is held.
      await record(page, 2);
      const still = await wandering();
      await button(page, 'Drift').click();
      expect(await button(page, 'Drift').getAttribute('aria-pressed')).toBe('true');
      await record(page, 0.5);
      expect(await wandering()).toBeGreaterThan(1 + 4 * (still - 1));
      await button(page, 'Undo drift').click();
      expect(await button(page, 'Drift').getAttribute('aria-pressed')).toBe('false');
      await page.keyboard.up('a');
      await page.context().close();
    },
    PATIENCE,
  );

  test(
    'a preset that is carried out of the browser is a file that brings it back',
    async () => {
      const page = await open();
      await page.locator('.preset-name').click();
      const carried = await page.locator('.row-main', { hasText: 'Bright' }).evaluate((row) => {
        const transfer = new DataTransfer();
        row.dispatchEvent(new DragEvent('dragstart', { bubbles: true, dataTransfer: transfer }));
        return transfer.getData('DownloadURL');
      });
      // What Chromium writes to the desktop: type, name, address.
      const [, mime, fileName, url] = /^([^:]+):([^:]+):(.*)$/s.exec(carried) ?? [];
      expect([mime, fileName]).toEqual(['application/json', 'bright.json']);
      const text = await (await fetch(url)).text();
      expect(JSON.parse(text)).toMatchObject({ format: 'timbrefold-preset', name: 'Bright', latent: [1, 0, 0, 0] });
      await drop(page, fileName, new TextEncoder().encode(text.replace('"Bright"', '"From the desktop"')));
      await named(page, 'From the desktop');
      await page.context().close();
    },
    PATIENCE,
  );

  test(
    'the page is found again as it was left, with undo, redo and the other sound to compare',
    async () => {
      const page = await open();
      const brightness = page.getByRole('slider', { name: 'Brightness' });
      await button(page, 'B').click();
      await button(page, 'Next sound').click();
      await named(page, 'Bright');
      await brightness.focus();
      await page.keyboard.press('End');
      await button(page, 'Surprise me').click();
      await button(page, 'Undo surprise').click();
      const again = await page.context().newPage();
      // Closed as a tab is closed: told, but never asked to wait.
      const gone = page.waitForEvent('close');
      await page.close({ runBeforeUnload: true });
      await gone;
      await again.goto(page.url());
      await named(again, 'Bright');
      const found = again.getByRole('slider', { name: 'Brightness' });
      expect(await found.getAttribute('aria-valuenow')).toBe('1');
      await button(again, 'Redo surprise').waitFor();
      await button(again, 'Undo Brightness').click();
      expect(await found.getAttribute('aria-valuenow')).toBe('0.5');
      await button(again, 'Undo sound Bright').click();
      await named(again, /^Plain$/);
      await button(again, 'Redo sound Bright').click();
      await named(again, 'Bright');
      await button(again, 'A').click();
      await named(again, /^Plain$/);
      await again.context().close();
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
      await page.locator('.path-bar').getByRole('radio', { name: 'Beats' }).check({ force: true });
      await page.locator('.path-bar').getByRole('slider', { name: 'Path beats' }).waitFor();
      await page.context().close();
    },
    PATIENCE,
  );

  test(
    'Scala files retune the keys, by scale and by mapping, and what is wrong with one is said',
    async () => {
      const page = await open();
      const scale = `quarter tones\n24\n${Array.from({ length: 24 }, (_, i) => `${((i + 1) * 50).toFixed(1)}`).join('\n')}\n`;
      await drop(page, 'bad.scl', new TextEncoder().encode('nothing'));
      await page.getByRole('alert').filter({ hasText: 'bad.scl' }).waitFor();
      await drop(page, 'quarter.scl', new TextEncoder().encode(scale));
      await button(page, 'Undo tuning').waitFor();
      const offBy = async (wantedHz: number): Promise<number> => {
        await untilReady(page);
        await page.keyboard.down('s');
        await untilVoices(page, 1);
        const spectrum = spectrumOf(await record(page, 0.8));
        await page.keyboard.up('s');
        await untilVoices(page, 0);
        return Math.abs(cents(peakNear(spectrum, wantedHz).hz, wantedHz));
      };
      // D above middle C is two steps up: a quarter tone each.
      expect(await offBy(noteHz(61))).toBeLessThan(8);

      await drop(page, 'bad.kbm', new TextEncoder().encode('twelve'));
      await page.getByRole('alert').filter({ hasText: 'bad.kbm' }).waitFor();
      // The keys begin at middle C as before; middle C is tuned to 270 Hz, a little sharp.
      await drop(page, 'sharp.kbm', new TextEncoder().encode('0\n0\n127\n60\n60\n270.0\n0\n'));
      await button(page, 'More controls').click();
      await page.getByTestId('tuning').filter({ hasText: 'quarter tones · sharp.kbm' }).waitFor();
      await button(page, 'Close').click();
      expect(await offBy(270 * 2 ** (1 / 12))).toBeLessThan(8);
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
