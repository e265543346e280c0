// Makes the pictures of the face in docs/pictures: three sizes, dark and light, and some of its rooms. `npx tsx test/browser/ui-pictures.ts [NAME...]`
// takes those whose names begin so.
import type { Page } from 'playwright-core';
import wavefile from 'wavefile';
import { button, CHORD, drop } from './hands.ts';
import { keepPicture } from './keep-picture.ts';
import { PageUnderTest } from './page-under-test.ts';

const PATIENCE_MS = 240_000;

interface Picture {
  name: string;
  width: number;
  height: number;
  scheme: 'dark' | 'light';
  /** What is done before the picture is taken, besides a chord that is held. */
  show?(page: Page): Promise<unknown>;
}

const presets = (page: Page) => page.locator('.preset-name').click();

/** A struck bar: three partials that are no multiples, each with its own decay. */
function kalimba(): Uint8Array {
  const rate = 44_100;
  const samples = Float64Array.from({ length: rate * 1.6 }, (_, i) => {
    const t = i / rate;
    const partial = (ratio: number, level: number, decay: number): number =>
      level * Math.sin(2 * Math.PI * 330 * ratio * t) * Math.exp(-decay * t);
    return 13_000 * (partial(1, 1, 2) + partial(2, 0.5, 3) + partial(5.4, 0.4, 9)) * Math.min(1, t / 0.002);
  });
  const wav = new wavefile.WaveFile();
  wav.fromScratch(1, rate, '16', samples);
  return wav.toBuffer();
}

async function yours(page: Page): Promise<void> {
  await drop(page, 'my-kalimba.wav', kalimba());
  await page.locator('[data-stage="done"]').waitFor();
}

async function path(page: Page): Promise<void> {
  const box = await page.locator('.map').boundingBox();
  if (!box) return;
  await button(page, 'Draw a path').click();
  for (let i = 0; i <= 60; i++) {
    const angle = (i / 60) * 2 * Math.PI;
    const x = box.x + box.width * (0.46 + 0.17 * Math.cos(angle));
    const y = box.y + box.height * (0.46 + 0.2 * Math.sin(2 * angle));
    await page.mouse.move(x, y);
    if (i === 0) await page.mouse.down();
    await page.waitForTimeout(16);
  }
  await page.mouse.up();
}

const sizes = [
  [900, 560],
  [1440, 900],
  [2560, 1440],
] as const;

const pictures: Picture[] = [
  ...sizes.flatMap(([width, height]) =>
    (['dark', 'light'] as const).map(
      (scheme): Picture => ({ name: `face-${width}x${height}-${scheme}`, width, height, scheme }),
    ),
  ),
  { name: 'face-presets', width: 1440, height: 900, scheme: 'dark', show: presets },
  { name: 'face-find', width: 1440, height: 900, scheme: 'light', show: (page) => button(page, 'Find').click() },
  { name: 'face-alike', width: 1440, height: 900, scheme: 'dark', show: (page) => button(page, 'Alike').click() },
  { name: 'face-your-sound', width: 1440, height: 900, scheme: 'dark', show: yours },
  { name: 'face-path', width: 1440, height: 900, scheme: 'light', show: path },
  {
    name: 'face-rainbow',
    width: 1440,
    height: 900,
    scheme: 'dark',
    show: (page) => button(page, 'Rainbow').click(),
  },
];

/** How often a picture is begun anew because other work of the machine made frames late. */
const TRIES = 3;

async function take(under: PageUnderTest, picture: Picture, tried = 1): Promise<void> {
  const { name, width, height, scheme, show } = picture;
  const { page } = await under.open({
    width,
    height,
    before: (opened) => opened.emulateMedia({ colorScheme: scheme }),
  });
  page.setDefaultTimeout(PATIENCE_MS);
  await page.locator('.map-foot', { hasText: /sounds/ }).waitFor();
  await page.waitForFunction(
    () => document.querySelector<HTMLElement>('[data-testid="load"]')?.dataset.waiting === '0',
  );
  await page.waitForTimeout(4000);
  await button(page, 'Skip').click();
  await show?.(page);
  for (const { typed } of CHORD) await page.keyboard.down(typed);
  await page.waitForTimeout(show ? 2600 : 1200);
  const calm = (await page.getByTestId('underruns').textContent()) === '0';
  if (calm || tried === TRIES) await keepPicture(page, name);
  await page.context().close();
  if (!calm && tried < TRIES) await take(under, picture, tried + 1);
}

const wanted = process.argv.slice(2);
const under = await PageUnderTest.build();
try {
  for (const picture of pictures) {
    if (wanted.length === 0 || wanted.some((start) => picture.name.startsWith(start))) await take(under, picture);
  }
} finally {
  await under.close();
}
