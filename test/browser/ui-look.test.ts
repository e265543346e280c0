// How the face presents itself: free of barriers by axe-core in every room, at every size, light and dark; menus, tour, meters, ribbon.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { tinyBundle } from '../support/tiny-bundle.ts';
import { colours } from './canvas.ts';
import { boxOf, button, hold, place, release } from './hands.ts';
import { pageForTests } from './page-for-tests.ts';
import { untilReady } from './page-under-test.ts';

const PATIENCE = 240_000;
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

declare const window: Window & {
  axe: { run(): Promise<{ violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[] }> };
};

/** What axe-core finds, as text. */
async function barriers(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    // Colours on their way from one to the other are nobody's barrier.
    const moving = document.getAnimations().filter((animation) => animation instanceof CSSTransition);
    await Promise.allSettled(moving.map((transition) => transition.finished));
    const { violations } = await window.axe.run();
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
    );
  });
}

describe('the face', () => {
  const tested = pageForTests(tinyBundle());

  const open = async (size: { width: number; height: number }, before?: (page: Page) => Promise<unknown>) => {
    const { page, complaints } = await tested.under.open({ ...size, ...(before ? { before } : {}) });
    page.setDefaultTimeout(60_000);
    await untilReady(page);
    return { page, complaints };
  };

  test(
    'has no barriers in any of its rooms, light and dark',
    async () => {
      const { page, complaints } = await open({ width: 1440, height: 900 });
      for (const scheme of ['dark', 'light'] as const) {
        await page.emulateMedia({ colorScheme: scheme });
        await page.locator(`.timbrefold[data-scheme="${scheme}"]`).waitFor();
        expect(await barriers(page)).toEqual([]);
        for (const name of ['Save', 'Find', 'Alike']) {
          await button(page, name).click();
          expect(await barriers(page)).toEqual([]);
          await button(page, 'Close').click();
        }
        await page.locator('.preset-name').click();
        expect(await barriers(page)).toEqual([]);
        await button(page, 'Close').click();
        await button(page, 'More controls').click();
        expect(await barriers(page)).toEqual([]);
        await button(page, 'Close').click();
      }
      expect(complaints).toEqual([]);
      await page.context().close();
    },
    PATIENCE,
  );

  test.each([
    [900, 560],
    [2560, 1440],
    [3840, 2160],
    [390, 800],
  ])(
    'fits %i x %i, with nothing to scroll and nothing hidden that is needed',
    async (width, height) => {
      const { page } = await open({ width, height });
      const beyond = await page.evaluate(() => [
        document.documentElement.scrollWidth > innerWidth,
        document.documentElement.scrollHeight > innerHeight,
      ]);
      expect(beyond).toEqual([false, false]);
      const map = await page.locator('.map').boundingBox();
      expect(map?.width ?? 0).toBeGreaterThan(Math.min(width, 900) * 0.5);
      expect(map?.height ?? 0).toBeGreaterThan(150);
      for (const label of ['Undo', 'Previous sound', 'Save', 'Open', 'Find']) {
        expect(await button(page, label).isVisible()).toBe(true);
      }
      expect(await page.getByRole('slider', { name: 'Brightness' }).isVisible()).toBe(true);
      expect(await barriers(page)).toEqual([]);
      await page.context().close();
    },
    PATIENCE,
  );

  test(
    'a control has a menu, by the right button and by the keyboard, that resets it and waits for a controller',
    async () => {
      const { page } = await open({ width: 1280, height: 800 });
      const brightness = page.getByRole('slider', { name: 'Brightness' });
      await brightness.focus();
      await page.keyboard.press('End');
      await brightness.click({ button: 'right' });
      await page.getByRole('menuitem', { name: 'Reset' }).click();
      expect(await brightness.getAttribute('aria-valuenow')).toBe('0.5');
      await brightness.click({ button: 'right' });
      await page.getByRole('menuitem', { name: 'Learn MIDI' }).click();
      expect(await brightness.getAttribute('data-waiting')).toBe('true');
      await brightness.focus();
      await page.keyboard.press('Shift+F10');
      expect(await barriers(page)).toEqual([]);
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      expect(await brightness.getAttribute('data-waiting')).toBeNull();
      await page.context().close();
    },
    PATIENCE,
  );

  test(
    'the tour is offered once, can be left, and never comes back by itself',
    async () => {
      const { page } = await open({ width: 1280, height: 800 });
      await button(page, 'Thirty-second tour').click();
      await page.getByRole('dialog', { name: 'The map is the instrument' }).waitFor();
      await button(page, 'Next').click();
      await page.getByRole('dialog', { name: 'Play it' }).waitFor();
      expect(await barriers(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await page.reload();
      await untilReady(page);
      expect(await button(page, 'Thirty-second tour').count()).toBe(0);
      await page.context().close();
    },
    PATIENCE,
  );

  test(
    'the ribbon shows the note before it was played, and then what is heard in three ways',
    async () => {
      const { page } = await open({ width: 1280, height: 800 });
      const shows = async (selector: string): Promise<void> => {
        while ((await colours(page, selector)) < 40) await page.waitForTimeout(50);
      };
      await shows('.note-picture');
      await hold(page);
      for (const view of ['Rainbow', 'Level'] as const) {
        await button(page, view).click();
        await shows('.scope');
      }
      await button(page, 'Wave').click();
      await page.waitForTimeout(500);
      expect(await colours(page, '.scope')).toBeGreaterThan(2);
      await release(page);
      await page.context().close();
    },
    PATIENCE,
  );

  test(
    'the meter moves with what is heard, and remembers that it was too loud',
    async () => {
      const { page } = await open({ width: 1280, height: 800 });
      const meter = page.getByRole('meter');
      const lamp = page.locator('.clip');
      expect(await meter.getAttribute('aria-valuenow')).toBe('-60');
      await hold(page);
      await page.waitForFunction(
        () => Number(document.querySelector('[role="meter"]')?.getAttribute('aria-valuenow')) > -40,
      );
      await release(page);
      expect(await lamp.getAttribute('data-clipped')).toBe('false');

      await button(page, 'More controls').click();
      await page.getByRole('slider', { name: 'Gain' }).focus();
      await page.keyboard.press('End');
      await button(page, 'Close').click();
      for (const typed of 'awsedftgyhujk') await page.keyboard.down(typed);
      await page.locator('.clip[data-clipped="true"]').waitFor();
      await page.keyboard.press('Escape');
      await lamp.click();
      expect(await lamp.getAttribute('data-clipped')).toBe('false');
      await page.context().close();
    },
    PATIENCE,
  );

  test(
    'has no barriers with more contrast or with forced colours, and shows there what it is set to',
    async () => {
      const { page } = await open({ width: 1280, height: 800 });
      const colourOf = (selector: string, property: string): Promise<string> =>
        page
          .locator(selector)
          .first()
          .evaluate((element, name) => getComputedStyle(element).getPropertyValue(name), property);
      const usual = await colourOf('.side-body h2', 'color');
      for (const scheme of ['dark', 'light'] as const) {
        await page.emulateMedia({ colorScheme: scheme, contrast: 'more' });
        await page.locator(`.timbrefold[data-scheme="${scheme}"]`).waitFor();
        expect(await barriers(page)).toEqual([]);
      }
      expect(await colourOf('.side-body h2', 'color')).not.toBe(usual);

      await page.emulateMedia({ contrast: null, forcedColors: 'active' });
      expect(await barriers(page)).toEqual([]);
      // Rings, tracks and keys are told from what lies behind them.
      for (const [selector, property] of [
        ['.knob-value', 'stroke'],
        ['.knob-track', 'stroke'],
        ['.slider-track', 'background-image'],
        ['.ribbon-region', 'background-color'],
      ]) {
        expect(await colourOf(selector, property)).not.toMatch(/^none$|rgba\(0, 0, 0, 0\)/);
        expect(await colourOf(selector, property)).not.toBe(await colourOf('.side', 'background-color'));
      }
      await button(page, 'Listen').click();
      expect(await colourOf('.map-actions [aria-pressed="true"]', 'outline-style')).toBe('solid');
      await page.context().close();
    },
    PATIENCE,
  );

  test(
    'draws the trail of the puck, and with reduced motion none, nor anything that moves by itself',
    async () => {
      const { page } = await open({ width: 1280, height: 800 });
      const box = await boxOf(place(page));
      const row = box.y + box.height / 2;
      /** Width of what is painted for the puck after it went from left to right in one go. */
      const painted = async (): Promise<number> => {
        await page.mouse.move(box.x + 150, row);
        await page.mouse.down();
        await page.mouse.move(box.x + 600, row, { steps: 12 });
        const { width } = await boxOf(page.locator('.map canvas').last());
        await page.mouse.up();
        return width;
      };
      expect(await painted()).toBeGreaterThan(400);
      await page.emulateMedia({ reducedMotion: 'reduce' });
      // The old trail fades.
      while ((await boxOf(page.locator('.map canvas').last())).width > 200) await page.waitForTimeout(50);
      expect(await painted()).toBeLessThan(200);
      await button(page, 'Find').hover();
      expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
      await page.context().close();
    },
    PATIENCE,
  );

  test(
    'what was chosen, light or dark, is remembered',
    async () => {
      const { page } = await open({ width: 1280, height: 800 });
      await page.emulateMedia({ colorScheme: 'dark' });
      await button(page, 'More controls').click();
      await page.getByRole('radio', { name: 'Light' }).check({ force: true });
      expect(await page.locator('.timbrefold').getAttribute('data-scheme')).toBe('light');
      await page.reload();
      await page.locator('[data-scheme="light"]').waitFor();
      await page.context().close();
    },
    PATIENCE,
  );
});
