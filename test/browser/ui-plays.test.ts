// Controls are heard: the morph pad, the envelope, the ribbon's handles, fingers; and what leaves the page as a file.
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { tinyBundle } from '../support/tiny-bundle.ts';
import { boxOf, button, drop, named, pixelOf, tinyModel, untilVoices } from './hands.ts';
import { lendMidi } from './midi.ts';
import { pageForTests } from './page-for-tests.ts';
import { untilReady } from './page-under-test.ts';
import { record } from './recorder.ts';
import { centroidHz, rmsDb, spectrumOf } from './spectrum.ts';

describe('a hand on the page', () => {
  const { bundle, points } = tinyModel();
  const tested = pageForTests(bundle);

  const open = async (): Promise<Page> => {
    const { page } = await tested.open();
    return page;
  };
  const slider = (page: Page, name: string) => page.getByRole('slider', { name, exact: true }).first();

  /** What `seconds` of a note sound like from its beginning. */
  async function heard(page: Page, seconds: number) {
    await untilReady(page);
    const recording = record(page, seconds + 0.3);
    await page.keyboard.down('a');
    const found = await recording;
    await page.keyboard.up('a');
    await untilVoices(page, 0);
    return found;
  }
  const brightness = async (page: Page): Promise<number> => centroidHz(spectrumOf(await heard(page, 0.8)));

  test('between the four sounds of the morph pad hears their mixture, beyond them more than that, and undo brings it back', async () => {
    const page = await open();
    const plain = await brightness(page);
    // Both lower corners hold the bright preset.
    await page.locator('.corner-d', { hasText: 'Bright' }).waitFor();
    const pad = await boxOf(page.locator('.morph-pad'));
    const press = async (across: number, down: number): Promise<void> => {
      await page.mouse.move(pad.x + pad.width * across, pad.y + pad.height * down);
      await page.mouse.down();
      await page.mouse.up();
    };
    await press(0.5, 0.5);
    const between = await brightness(page);
    await press(0.5, 0.8);
    const bright = await brightness(page);
    expect(between).toBeGreaterThan(plain * 1.05);
    expect(bright).toBeGreaterThan(between * 1.05);
    await press(0.5, 0.92);
    await page.waitForFunction(() =>
      /, 1\.[1-4]\d down/.test(document.querySelector('.morph-field')?.getAttribute('aria-valuetext') ?? ''),
    );
    for (let i = 0; i < 3; i++) await button(page, /^Undo/).click();
    await page.locator('[aria-label="Morph mix"][aria-valuenow="0"]').waitFor();

    // A model may say that ways between its sounds go around.
    expect(await page.locator('.morph-way').textContent()).toBe('straight');
    const around = tinyBundle({
      manifest: (manifest) => ({ ...manifest, latent: { ...manifest.latent, interpolation: 'slerp' } }),
    });
    await drop(page, 'around.timbre', around);
    await page.locator('.morph-way', { hasText: 'around' }).waitFor();
    await press(0.5, 0.5);
    expect(await brightness(page)).toBeGreaterThan(plain);
    await page.context().close();
  });

  test('makes a note rise slowly by the envelope, and a double-click makes it quick again', async () => {
    const page = await open();
    const quick = rmsDb(await heard(page, 0.3));
    const handle = slider(page, 'Attack time');
    await handle.focus();
    await page.keyboard.press('End');
    expect(await handle.getAttribute('aria-valuenow')).toBe('10000');
    expect(rmsDb(await heard(page, 0.3))).toBeLessThan(quick - 12);
    await handle.dblclick();
    expect(Number(await handle.getAttribute('aria-valuenow'))).toBeLessThan(5);
    expect(rmsDb(await heard(page, 0.3))).toBeGreaterThan(quick - 3);
    await page.context().close();
  });

  test('takes values by wheel, by typing with their units, and from a controller that it has learned', async () => {
    const { page } = await tested.open({ before: lendMidi });
    const knob = slider(page, 'Brightness');
    const value = async (): Promise<number> => Number(await knob.getAttribute('aria-valuenow'));
    await knob.hover();
    await page.mouse.wheel(0, -120);
    const turned = await value();
    expect(turned).toBeGreaterThan(0.5);
    await page.keyboard.down('Shift');
    await page.mouse.wheel(0, -120);
    await page.keyboard.up('Shift');
    const fine = (await value()) - turned;
    expect(fine).toBeGreaterThan(0);
    expect(fine).toBeLessThan((turned - 0.5) / 2);

    await knob.focus();
    await page.keyboard.press('Enter');
    await page.getByLabel('Brightness, value').fill('81 %');
    await page.keyboard.press('Enter');
    expect(await value()).toBeCloseTo(0.81, 6);
    await button(page, 'More controls').click();
    const glide = slider(page, 'Glide');
    await glide.focus();
    await page.keyboard.press('Enter');
    await page.getByLabel('Glide, value').fill('0.25 s');
    await page.keyboard.press('Enter');
    expect(await glide.getAttribute('aria-valuenow')).toBe('250');
    await button(page, 'Close').click();

    await button(page, 'Connect MIDI').click();
    await page.getByText('Test keys').first().waitFor();
    await knob.click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Learn MIDI' }).click();
    await page.evaluate(() => window.testMidi?.press(0xb0, 21, 0));
    await page.locator('[role="slider"][aria-label="Brightness"][aria-valuenow="0"]').first().waitFor();
    const dull = await brightness(page);
    await page.evaluate(() => window.testMidi?.press(0xb0, 21, 127));
    await page.locator('[role="slider"][aria-label="Brightness"][aria-valuenow="1"]').first().waitFor();
    expect(await brightness(page)).toBeGreaterThan(dull * 1.15);
    await page.context().close();
  });

  test('keeps a note inside the loop between its handles', async () => {
    const page = await open();
    await button(page, 'Loop: hold').click();
    await button(page, 'Loop: forward').waitFor();
    const end = slider(page, 'Loop end');
    const bar = await boxOf(page.locator('.ribbon'));
    const handle = await boxOf(end);
    await page.mouse.move(handle.x + handle.width / 2, handle.y + handle.height / 2);
    await page.mouse.down();
    await page.mouse.move(bar.x + bar.width * 0.6, handle.y + handle.height / 2, { steps: 4 });
    await page.mouse.up();
    const stop = Number(await end.getAttribute('aria-valuenow'));
    const start = Number(await slider(page, 'Loop start').getAttribute('aria-valuenow'));
    expect(stop).toBeCloseTo(0.6, 1);
    await page.keyboard.down('a');
    await untilVoices(page, 1);
    // Past the end of the loop, were there none.
    await record(page, 2.2);
    const seen: number[] = [];
    for (let i = 0; i < 12; i++) {
      await record(page, 0.05);
      const style = (await page.locator('.ribbon-voice').getAttribute('style')) ?? '';
      seen.push(Number(/translateX\(([\d.]+)%\)/.exec(style)?.[1]) / 100);
    }
    expect(Math.min(...seen)).toBeGreaterThan(start - 0.01);
    expect(Math.max(...seen)).toBeLessThan(stop + 0.01);
    expect(new Set(seen).size).toBeGreaterThan(3);
    await page.keyboard.up('a');
    await page.context().close();
  });

  test('stops the time of a note by Freeze, and moves it by the handle of the ribbon', async () => {
    const page = await open();
    const voice = (): Promise<string> =>
      page.locator('.ribbon-voice').evaluate((line) => line.getAttribute('style') ?? '');
    const at = async (): Promise<number> => Number(/translateX\(([\d.]+)%\)/.exec(await voice())?.[1]);
    await page.keyboard.down('a');
    await untilVoices(page, 1);
    await button(page, 'Freeze').click();
    await page.waitForTimeout(200);
    const frozen = await at();
    await record(page, 0.5);
    expect(await at()).toBeCloseTo(frozen, 1);
    const position = slider(page, 'Position');
    await position.focus();
    await page.keyboard.press('End');
    await page.waitForFunction(
      (was) =>
        Number(
          /translateX\(([\d.]+)%\)/.exec(document.querySelector('.ribbon-voice')?.getAttribute('style') ?? '')?.[1],
        ) >
        was + 20,
      frozen,
    );
    await page.keyboard.up('a');
    await page.context().close();
  });

  test('with two fingers plays two keys, and with two fingers on the map zooms into it', async () => {
    const page = await open();
    const client = await page.context().newCDPSession(page);
    await client.send('Emulation.setTouchEmulationEnabled', { enabled: true, maxTouchPoints: 2 });
    const touch = (
      type: 'touchStart' | 'touchMove' | 'touchEnd',
      ...touchPoints: { x: number; y: number; id: number }[]
    ) => client.send('Input.dispatchTouchEvent', { type, touchPoints });
    const keys = await boxOf(page.locator('.key-bed'));
    const row = keys.y + keys.height * 0.9;
    await touch(
      'touchStart',
      { x: keys.x + keys.width * 0.4, y: row, id: 1 },
      { x: keys.x + keys.width * 0.6, y: row, id: 2 },
    );
    await untilVoices(page, 2);
    expect(rmsDb(await record(page, 0.3))).toBeGreaterThan(-70);
    await touch('touchEnd');
    await untilVoices(page, 0);

    const { x, y } = await pixelOf(page, points[4]);
    await touch('touchStart', { x: x - 20, y, id: 1 });
    await touch('touchStart', { x: x - 20, y, id: 1 }, { x: x + 20, y, id: 2 });
    for (let apart = 30; apart <= 90; apart += 10)
      await touch('touchMove', { x: x - apart, y, id: 1 }, { x: x + apart, y, id: 2 });
    await touch('touchEnd');
    await button(page, 'Whole map').waitFor();
    await untilVoices(page, 0);
    await page.context().close();
  });

  test('carries a preset to a corner of the morph pad, and begins anew with Init', async () => {
    const page = await open();
    await slider(page, 'Brightness').focus();
    await page.keyboard.press('End');
    await page.locator('.preset-name').click();
    const pad = page.locator('.morph-pad');
    const { width, height } = await boxOf(pad);
    await page
      .locator('.row-main', { hasText: 'Bright' })
      .dragTo(pad, { targetPosition: { x: width * 0.8, y: height * 0.8 } });
    await page.locator('.corner-d', { hasText: 'Bright' }).waitFor();
    await button(page, 'Init').click();
    await named(page, 'Init');
    expect(await slider(page, 'Brightness').getAttribute('aria-valuetext')).toBe('50 %');
    await page.context().close();
  });

  test('exports a note as a file, and the sound as an address that brings it back', async () => {
    const page = await open();
    await slider(page, 'Brightness').focus();
    await page.keyboard.press('Home');
    await button(page, 'Export').first().click();
    const sheet = page.getByRole('dialog', { name: 'Export' });
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      sheet.getByRole('button', { name: 'Export', exact: true }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^plain.*\.wav$/);
    expect(readFileSync(await download.path()).toString('latin1', 0, 4)).toBe('RIFF');

    await sheet.getByRole('button', { name: 'Link', exact: true }).click();
    await sheet.getByRole('button', { name: 'Make a link' }).click();
    const url = await sheet.getByLabel('Link to this sound').inputValue();
    const again = await page.context().newPage();
    await again.goto(url);
    await again.waitForFunction(
      () =>
        document.querySelector('[role="slider"][aria-label="Brightness"]')?.getAttribute('aria-valuetext') === '0 %',
    );
    await page.context().close();
  });
});
