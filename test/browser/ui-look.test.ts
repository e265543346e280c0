// How the face presents itself: free of barriers by axe-core in every room, at every size, light and dark; menus, tour, meters, ribbon.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { tinyBundle } from '../support/tiny-bundle.ts';
import { button, hold, release } from './hands.ts';
import { PageUnderTest, untilReady } from './page-under-test.ts';

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
  let under: PageUnderTest;
  beforeAll(async () => {
    under = await PageUnderTest.build(tinyBundle());
  }, PATIENCE);
  afterAll(() => under?.close());

  const open = async (size: { width: number; height: number }, before?: (page: Page) => Promise<unknown>) => {
    const { page, complaints } = await under.open({ ...size, ...(before ? { before } : {}) });
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
      /** How many different colours a canvas shows. */
      const colours = (selector: string): Promise<number> =>
        page.evaluate((wanted) => {
          const canvas = document.querySelector<HTMLCanvasElement>(wanted);
          const data = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
          const found = new Set<number>();
          for (let i = 0; i < data.length; i += 4) found.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2]);
          return found.size;
        }, selector);
      const shows = (selector: string): Promise<unknown> =>
        page.waitForFunction((wanted) => {
          const canvas = document.querySelector<HTMLCanvasElement>(wanted);
          const data = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
          const found = new Set<number>();
          for (let i = 0; i < data.length; i += 4) found.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2]);
          return found.size > 40;
        }, selector);
      await shows('.note-picture');
      await hold(page);
      for (const view of ['Rainbow', 'Level'] as const) {
        await button(page, view).click();
        await shows('.scope');
      }
      await button(page, 'Wave').click();
      await page.waitForTimeout(500);
      expect(await colours('.scope')).toBeGreaterThan(2);
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
