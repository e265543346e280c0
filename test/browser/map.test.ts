// The map under a hand: zoom, search, keys, a point carried to the morph pad; a window too small for everything at once.
import type { Page } from 'playwright-core';
import { colourfulness } from './canvas.ts';
import { boxOf, button, pixelOf, place, tinyModel } from './hands.ts';
import { pageForTests } from './page-for-tests.ts';

describe('the map', () => {
  const { bundle, points } = tinyModel();
  const tested = pageForTests(bundle);

  const open = async (size: { width?: number; height?: number } = {}): Promise<Page> => {
    const { page } = await tested.open(size);
    return page;
  };

  test('names a point under the pointer and goes exactly there when pressed', async () => {
    const page = await open();
    const { x, y } = await pixelOf(page, points[4]);
    await page.mouse.move(x + 3, y - 2);
    await page.locator('.tip', { hasText: points[4].name }).waitFor();
    await page.mouse.down();
    await page.mouse.up();
    expect(await place(page).getAttribute('aria-valuetext')).toContain(`, ${points[4].name}`);
    await page.context().close();
  });

  test('zooms around the pointer and shows the whole again', async () => {
    const page = await open();
    const { x, y } = await pixelOf(page, points[4]);
    await page.mouse.move(x, y);
    for (let i = 0; i < 6; i++) await page.mouse.wheel(0, -120);
    const whole = button(page, 'Whole map');
    await whole.waitFor();
    // What was under the pointer still is.
    await page.mouse.move(x + 1, y);
    await page.locator('.tip', { hasText: points[4].name }).waitFor();
    await whole.click();
    await whole.waitFor({ state: 'detached' });
    await page.context().close();
  });

  test('is moved by Shift and drag, without a note and without leaving the place', async () => {
    const page = await open();
    const before = await place(page).getAttribute('aria-valuetext');
    const { x, y } = await pixelOf(page, points[4]);
    await page.mouse.move(x, y);
    for (let i = 0; i < 8; i++) await page.mouse.wheel(0, -120);
    await button(page, 'Whole map').waitFor();
    // Towards the middle, where the map has room to be moved.
    const box = await boxOf(place(page));
    const by = (at: number, middle: number): number => 90 * Math.sign(middle - at);
    const [acrossBy, downBy] = [by(x, box.x + box.width / 2), by(y, box.y + box.height / 2)];
    await page.keyboard.down('Shift');
    await page.mouse.down();
    await page.mouse.move(x + acrossBy, y + downBy, { steps: 6 });
    await page.mouse.up();
    await page.keyboard.up('Shift');
    // The point went along with the hand.
    await page.mouse.move(x, y);
    await page.mouse.move(x + acrossBy + 1, y + downBy);
    await page.locator('.tip', { hasText: points[4].name }).waitFor();
    expect(await page.getByTestId('voices').textContent()).toBe('0');
    expect(await place(page).getAttribute('aria-valuetext')).toBe(before);
    await page.context().close();
  });

  test('is walked with the arrow keys, and undo walks back', async () => {
    const page = await open();
    await place(page).focus();
    const before = await place(page).getAttribute('aria-valuenow');
    for (let i = 0; i < 5; i++) await page.keyboard.press('ArrowRight');
    expect(Number(await place(page).getAttribute('aria-valuenow'))).toBe(Number(before) + 5);
    await page.keyboard.press('Control+z');
    expect(await place(page).getAttribute('aria-valuenow')).toBe(before);
    await page.context().close();
  });

  test('finds a sound by its name, without playing the letters, and lights it alone', async () => {
    const page = await open();
    const light = async (point: number): Promise<number> =>
      colourfulness(page, '.map canvas', await pixelOf(page, points[point]));
    const [found, other] = [await light(7), await light(3)];
    const search = page.getByRole('combobox', { name: 'Find a sound' });
    await search.fill(points[7].name.toLowerCase());
    await page.keyboard.type(' ');
    await page.getByRole('option', { name: points[7].name }).waitFor();
    expect(await page.getByTestId('voices').textContent()).toBe('0');
    while ((await light(3)) > other / 2) await page.waitForTimeout(50);
    expect(await light(7)).toBeGreaterThan(found * 0.9);
    await page.keyboard.press('Enter');
    expect(await place(page).getAttribute('aria-valuetext')).toContain(`, ${points[7].name}`);
    await page.context().close();
  });

  test('gives a point to the corner of the morph pad it is carried to', async () => {
    const page = await open();
    const { x, y } = await pixelOf(page, points[2]);
    const before = await place(page).getAttribute('aria-valuetext');
    const pad = await boxOf(page.locator('.morph-pad'));
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(pad.x + pad.width * 0.9, pad.y + pad.height * 0.8, { steps: 8 });
    await page.mouse.up();
    await page.locator('.corner-d', { hasText: points[2].name }).waitFor();
    expect(await place(page).getAttribute('aria-valuetext')).toBe(before);
    await page.context().close();
  });

  test('in a narrow window the right column shows one part at a time, and nothing overflows', async () => {
    const page = await open({ width: 900, height: 600 });
    expect(await page.getByRole('slider', { name: 'Brightness' }).isVisible()).toBe(true);
    expect(await page.locator('.morph-pad').isVisible()).toBe(false);
    await button(page, 'Morph').click();
    expect(await page.locator('.morph-pad').isVisible()).toBe(true);
    expect(await page.getByRole('slider', { name: 'Brightness' }).isVisible()).toBe(false);
    const beyond = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    expect(beyond).toBe(false);
    await page.context().close();
  });
});
