// The instrument as a Web Audio Module in somebody else's host: parameters, sample-accurate MIDI, state, face.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Page } from 'playwright-core';
import { parameters } from '../../plugin/instrument/parameters.ts';
import { root } from '../../scripts/build/paths.ts';
import { tinyBundle } from '../support/tiny-bundle.ts';
import { PageUnderTest } from './page-under-test.ts';
import { record } from './recorder.ts';

interface WamUnderTest {
  audioNode: {
    getParameterInfo(...ids: string[]): Promise<Record<string, { label: string; denormalize(x: number): number }>>;
    getParameterValues(normalized: boolean, ...ids: string[]): Promise<Record<string, { value: number }>>;
    scheduleEvents(...events: object[]): void;
    getState(): Promise<unknown>;
    setState(state: unknown): Promise<void>;
    destroy(): void;
  };
  createGui(): Promise<HTMLElement>;
  instrument: { subscribe(listener: (message: { type: string }) => void): () => void };
}

declare global {
  interface Window {
    host?: { context: AudioContext; wam: WamUnderTest };
  }
}

/** A host as small as the specification allows: one group, one module, its output to the speakers. */
const HOST = `
import { initializeWamHost } from '@webaudiomodules/sdk';
const context = new AudioContext();
const [group] = await initializeWamHost(context);
const { default: Module } = await import(/* the served module */ new URL('index.js', location.href).href);
const wam = await Module.createInstance(group, context);
wam.audioNode.connect(context.destination);
await new Promise((resolve) => {
  const stop = wam.instrument.subscribe((message) => {
    if (message.type !== 'sound') return;
    stop();
    resolve();
  });
});
window.host = { context, wam };
`;

async function openHost(page: Page): Promise<void> {
  await page.goto(new URL('host.html', page.url()).href);
  await page.waitForFunction(() => window.host !== undefined);
}

describe('the Web Audio Module', () => {
  let under: PageUnderTest;
  beforeAll(async () => {
    under = await PageUnderTest.build(tinyBundle());
    const { outputFiles } = await build({
      stdin: { contents: HOST, resolveDir: root },
      bundle: true,
      format: 'esm',
      target: 'es2022',
      write: false,
    });
    writeFileSync(join(under.folder, 'host.js'), outputFiles[0].contents);
    writeFileSync(
      join(under.folder, 'host.html'),
      '<!doctype html><link rel="icon" href="data:,"><script type="module" src="host.js"></script>',
    );
  });
  afterAll(() => under?.close());

  test('offers every parameter of the table', async () => {
    const { page } = await under.open();
    await openHost(page);
    const info = await page.evaluate(async () => {
      const found = (await window.host?.wam.audioNode.getParameterInfo()) ?? {};
      return Object.entries(found).map(([id, { label, denormalize }]) => [id, label, typeof denormalize]);
    });
    expect(info).toEqual(parameters.map(({ id, label }) => [id, label, 'function']));
    await page.context().close();
  });

  test('begins a note at the very sample it was scheduled for', async () => {
    const { page } = await under.open();
    await openHost(page);
    await page.waitForFunction(() => window.testRecorder !== undefined);
    const frame = await page.evaluate(() => {
      if (!window.host) throw new Error('There is no host.');
      const { context, wam } = window.host;
      // Not a whole number of quanta.
      const frame = Math.round((context.currentTime + 1) * context.sampleRate) + 37;
      wam.audioNode.scheduleEvents({
        type: 'wam-midi',
        time: frame / context.sampleRate,
        data: { bytes: [0x90, 60, 100] },
      });
      return frame;
    });
    const { samples, firstFrame } = await record(page, 1.6);
    expect(samples.findIndex((sample) => sample !== 0) + firstFrame).toBe(frame);
    await page.context().close();
  });

  test('takes automation and gives its state to another instance', async () => {
    const { page } = await under.open();
    await openHost(page);
    const state = await page.evaluate(async () => {
      const node = window.host?.wam.audioNode;
      node?.scheduleEvents({ type: 'wam-automation', data: { id: 'macro3', value: 0.25, normalized: false } });
      node?.scheduleEvents({ type: 'wam-automation', data: { id: 'unison', value: 1, normalized: true } });
      await new Promise(
        (resolve) => node && (node as unknown as EventTarget).addEventListener('wam-automation', resolve),
      );
      await new Promise((resolve) => setTimeout(resolve, 200));
      return node?.getState();
    });
    expect(state).toMatchObject({
      format: 'timbrefold-state',
      values: { macro3: 0.25, unison: 8 },
      preset: { name: 'Plain' },
    });
    const { page: other } = await under.open();
    await openHost(other);
    const values = await other.evaluate(async (saved) => {
      const node = window.host?.wam.audioNode;
      await node?.setState(saved);
      await new Promise((resolve) => setTimeout(resolve, 200));
      return node?.getParameterValues(false, 'macro3', 'unison');
    }, state);
    expect(values).toMatchObject({ macro3: { value: 0.25 }, unison: { value: 8 } });
    await page.context().close();
    await other.context().close();
  });

  test('keeps a session whose model is missing, says so, and gives it back unchanged', async () => {
    const { page } = await under.open();
    await openHost(page);
    const { saved, back, text } = await page.evaluate(async () => {
      if (!window.host) throw new Error('There is no host.');
      const { audioNode, instrument } = window.host.wam;
      const mine = (await audioNode.getState()) as { preset: { name: string; model: object } };
      const preset = { ...mine.preset, name: 'Elsewhere', model: { id: 'some.other', sha256: 'b'.repeat(64) } };
      const saved = { ...mine, modelName: 'Other', preset };
      const notice = new Promise<string>((resolve) => {
        instrument.subscribe((message) => {
          if (message.type === 'notice') resolve((message as { type: string; text?: string }).text ?? '');
        });
      });
      await audioNode.setState(saved);
      return { saved, text: await notice, back: await audioNode.getState() };
    });
    expect(back).toEqual(saved);
    expect(text).toContain('some.other');
    await page.context().close();
  });

  test('shows its face in the host and leaves when told to', async () => {
    const { page, complaints } = await under.open();
    await openHost(page);
    await page.evaluate(async () => {
      const gui = await window.host?.wam.createGui();
      if (gui) document.body.append(gui);
    });
    await page.getByRole('slider', { name: 'Brightness' }).waitFor();
    await page.getByText('Plain', { exact: true }).first().waitFor();
    await page.evaluate(() => window.host?.wam.audioNode.destroy());
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});
