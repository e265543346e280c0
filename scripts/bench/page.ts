// What a musician waits for: from opening the page in a browser just started to the first sound, and from a key to its sound afterwards.
import type { Page } from 'playwright-core';
import { openBrowser } from '../open-browser.ts';
import { serve } from '../serve.ts';
import { median, RUNS } from './measure.ts';
import type { Row } from './row.ts';

declare global {
  interface Window {
    /** `listen` is there once the instrument has a way to the speakers; `heardAt`: ms since navigation, 0 while nothing was heard. */
    bench?: { listen?: () => void; heardAt: number };
  }
}

/** Taps what goes to the speakers and notes when it is first heard. */
async function installEar(page: Page): Promise<void> {
  // tsx keeps names by a helper that the page does not have.
  await page.addInitScript('globalThis.__name = (value) => value');
  await page.addInitScript(() => {
    const bench: NonNullable<typeof window.bench> = { heardAt: 0 };
    window.bench = bench;
    const connect = AudioNode.prototype.connect as (this: AudioNode, ...rest: unknown[]) => AudioNode;
    const tapped = function (this: AudioNode, ...rest: unknown[]): AudioNode {
      if (rest[0] === this.context.destination) {
        const ear = new AnalyserNode(this.context, { fftSize: 256 });
        connect.call(this, ear);
        const samples = new Float32Array(ear.fftSize);
        bench.listen = () => {
          bench.heardAt = 0;
          const look = (): void => {
            ear.getFloatTimeDomainData(samples);
            if (samples.some((sample) => Math.abs(sample) > 1e-4)) bench.heardAt = performance.now();
            else setTimeout(look, 2);
          };
          look();
        };
      }
      return connect.apply(this, rest);
    };
    AudioNode.prototype.connect = tapped as typeof AudioNode.prototype.connect;
  });
}

/** Presses the key A until it is heard; says when (ms since navigation) it was pressed and heard. */
async function play(page: Page): Promise<{ pressed: number; heard: number }> {
  const pressed = await page.evaluate(() => {
    window.bench?.listen?.();
    const now = performance.now();
    window.dispatchEvent(new KeyboardEvent('keydown', { code: 'KeyA', key: 'a', bubbles: true }));
    return now;
  });
  await page.waitForFunction(() => (window.bench?.heardAt ?? 0) > 0, null, { polling: 5 });
  const heard = await page.evaluate(() => window.bench?.heardAt ?? 0);
  await page.evaluate(() =>
    window.dispatchEvent(new KeyboardEvent('keyup', { code: 'KeyA', key: 'a', bubbles: true })),
  );
  return { pressed, heard };
}

/** Opens the page and plays as soon as there is a sound; says when it was heard, ms since navigation. */
async function openAndPlay(page: Page, address: string): Promise<number> {
  await installEar(page);
  await page.goto(address);
  await page.waitForFunction(() => {
    const name = document.querySelector('[data-testid="preset-name"]')?.textContent ?? '';
    return name !== '' && name !== 'Timbrefold' && name !== 'No sound' && window.bench?.listen !== undefined;
  });
  return (await play(page)).heard;
}

/** A browser that has been here before and keeps the page for offline use: first sound of each of RUNS visits. */
async function warmStarts(address: string): Promise<number[]> {
  const browser = await openBrowser();
  try {
    const context = await browser.newContext();
    const heard: number[] = [];
    for (let run = 0; run <= RUNS; run++) {
      const page = await context.newPage();
      heard.push(await openAndPlay(page, address));
      await page.waitForFunction(
        async () => (await navigator.serviceWorker.getRegistration())?.active?.state === 'activated',
      );
      await page.close();
    }
    return heard.slice(1);
  } finally {
    await browser.close();
  }
}

async function coldStart(address: string): Promise<{ first: number; again: number }> {
  const browser = await openBrowser();
  try {
    const page = await browser.newPage();
    const heard = await openAndPlay(page, address);
    await page.waitForTimeout(1500);
    const again = await play(page);
    return { first: heard, again: again.heard - again.pressed };
  } finally {
    await browser.close();
  }
}

/** The page as built in dist/page, from a browser that was just started, RUNS times. */
export async function benchPage(): Promise<Row[]> {
  const served = await serve({ port: 0, isolation: true });
  const runs: { first: number; again: number }[] = [];
  let warm: number[] = [];
  try {
    for (let run = 0; run <= RUNS; run++) runs.push(await coldStart(served.address));
    warm = await warmStarts(served.address);
  } finally {
    await served.close();
  }
  const counted = runs.slice(1);
  return [
    {
      name: 'page opened to first sound, browser just started',
      value: median(counted.map((r) => r.first)),
      unit: 'ms',
    },
    { name: 'page opened to first sound, browser was here before', value: median(warm), unit: 'ms' },
    { name: 'key to sound, model loaded', value: median(counted.map((r) => r.again)), unit: 'ms' },
  ];
}
