// The instrument as a Web Audio Module in somebody else's host on another origin: parameters, sample-accurate MIDI, state, several instances, its face.
import { parameters } from '../../plugin/instrument/parameters.ts';
import { record } from '../browser/recorder.ts';
import { centroidHz, noteHz, peakNear, rmsDb, spectrumOf } from '../browser/spectrum.ts';
import { ModuleUnderTest } from './module-under-test.ts';

/** Until every key of the sound is prepared, told by the module's own meters. */
const PREPARED_MS = 3000;

describe('the Web Audio Module', () => {
  let under: ModuleUnderTest;
  beforeAll(async () => {
    under = await ModuleUnderTest.build();
  });
  afterAll(() => under?.close());

  test('describes itself in a file beside it, as it does when loaded', async () => {
    const { page } = await under.open();
    const described = (await (await fetch(new URL('descriptor.json', under.url))).json()) as object;
    const loaded = await page.evaluate(() => window.host?.wams[0].descriptor);
    expect(described).toEqual(loaded);
    expect(described).toMatchObject({ isInstrument: true, hasMpeInput: true, hasAutomationInput: true });
    await page.context().close();
  });

  test('offers every parameter of the table', async () => {
    const { page } = await under.open();
    const info = await page.evaluate(async () => {
      const found = (await window.host?.wams[0].audioNode.getParameterInfo()) ?? {};
      return Object.entries(found).map(([id, { label, denormalize }]) => [id, label, typeof denormalize]);
    });
    expect(info).toEqual(parameters.map(({ id, label }) => [id, label, 'function']));
    await page.context().close();
  });

  test.each([{ isolation: true }, { isolation: false }])(
    'begins a note at the very sample it was scheduled for, isolated: $isolation',
    async ({ isolation }) => {
      const { page, complaints } = await under.open({ isolation });
      expect(await page.evaluate(() => crossOriginIsolated)).toBe(isolation);
      await page.waitForFunction(() => window.testRecorder !== undefined);
      await page.waitForTimeout(PREPARED_MS);
      const frame = await page.evaluate(() => {
        if (!window.host) throw new Error('There is no host.');
        const { context, wams } = window.host;
        // Not a whole number of quanta.
        const frame = Math.round((context.currentTime + 1) * context.sampleRate) + 37;
        wams[0].audioNode.scheduleEvents({
          type: 'wam-midi',
          time: frame / context.sampleRate,
          data: { bytes: [0x90, 60, 100] },
        });
        return frame;
      });
      const { samples, firstFrame } = await record(page, 1.6);
      expect(samples.findIndex((sample) => sample !== 0) + firstFrame).toBe(frame);
      expect(complaints).toEqual([]);
      await page.context().close();
    },
  );

  test('plays MPE: two notes on channels of their own, one of them bent', async () => {
    const { page } = await under.open();
    await page.evaluate(() => {
      const send = (...bytes: number[]): void =>
        window.host?.wams[0].audioNode.scheduleEvents({ type: 'wam-mpe', data: { bytes } });
      // MPE configuration: a lower zone of 15 channels; its bend range is 48 semitones.
      for (const [number, value] of [
        [101, 0],
        [100, 6],
        [6, 15],
      ])
        send(0xb0, number, value);
      send(0x91, 60, 100);
      send(0x92, 67, 100);
      // Up by 48 x 512 / 8191 = 3 semitones.
      send(0xe1, (8192 + 512) & 0x7f, (8192 + 512) >> 7);
    });
    await page.waitForTimeout(300);
    const spectrum = spectrumOf(await record(page, 0.9));
    for (const [hz, tolerance] of [
      [noteHz(60 + (48 * 512) / 8191), 4],
      [noteHz(67), 4],
    ]) {
      expect(Math.abs(1200 * Math.log2(peakNear(spectrum, hz).hz / hz))).toBeLessThan(tolerance);
    }
    const away = peakNear(spectrum, noteHz(60), 30).db;
    expect(peakNear(spectrum, noteHz(63)).db - away).toBeGreaterThan(20);
    await page.context().close();
  });

  test('takes automation and gives its state to another instance', async () => {
    const { page } = await under.open();
    const { state, values } = await page.evaluate(async () => {
      if (!window.host) throw new Error('There is no host.');
      const [{ audioNode }] = window.host.wams;
      const heard = new Promise((resolve) => {
        let left = 2;
        audioNode.addEventListener('wam-automation' as never, () => --left === 0 && resolve(null));
      });
      const automate = (id: string, value: number, normalized: boolean): void =>
        audioNode.scheduleEvents({ type: 'wam-automation', data: { id, value, normalized } });
      automate('macro3', 0.25, false);
      automate('unison', 1, true);
      await heard;
      const state = await audioNode.getState();
      const other = await window.host.add(state);
      await new Promise((resolve) => setTimeout(resolve, 200));
      return { state, values: await other.audioNode.getParameterValues(false, 'macro3', 'unison') };
    });
    expect(state).toMatchObject({
      format: 'timbrefold-state',
      values: { macro3: 0.25, unison: 8 },
      preset: { name: 'Plain' },
    });
    expect(values).toMatchObject({ macro3: { value: 0.25 }, unison: { value: 8 } });
    await page.context().close();
  });

  test('two instances sound apart from each other, and one goes without the other', async () => {
    const { page, complaints } = await under.open();
    const ids = await page.evaluate(async () => {
      if (!window.host) throw new Error('There is no host.');
      const [first, second] = [window.host.wams[0], await window.host.add()];
      await second.audioNode.setParameterValues({ macro1: { id: 'macro1', value: 1, normalized: true } });
      first.audioNode.scheduleEvents({ type: 'wam-midi', data: { bytes: [0x90, 60, 100] } });
      second.audioNode.scheduleEvents({ type: 'wam-midi', data: { bytes: [0x90, 70, 100] } });
      return [first.instanceId, second.instanceId];
    });
    expect(new Set(ids).size).toBe(2);
    await page.waitForTimeout(500);
    const both = spectrumOf(await record(page, 0.8));
    for (const key of [60, 70]) {
      expect(Math.abs(1200 * Math.log2(peakNear(both, noteHz(key)).hz / noteHz(key)))).toBeLessThan(4);
    }
    const bright = centroidHz(both);
    await page.evaluate(() => {
      window.host?.wams[1].audioNode.destroy();
    });
    await page.waitForTimeout(300);
    const one = await record(page, 0.8);
    // A voice whose frames are late under load falls by 12 dB/s: quiet, but there.
    expect(rmsDb(one)).toBeGreaterThan(-75);
    expect(peakNear(spectrumOf(one), noteHz(60)).db - peakNear(spectrumOf(one), noteHz(70), 30).db).toBeGreaterThan(20);
    expect(centroidHz(spectrumOf(one))).toBeLessThan(bright);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test('keeps a session whose model is missing, says so, and gives it back unchanged', async () => {
    const { page } = await under.open();
    const { saved, back, text } = await page.evaluate(async () => {
      if (!window.host) throw new Error('There is no host.');
      const [{ audioNode, instrument }] = window.host.wams;
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

  test('shows what is heard also in a host that has cut and made its connections anew', async () => {
    const { page } = await under.open();
    await page.waitForTimeout(PREPARED_MS);
    const loudest = await page.evaluate(async () => {
      if (!window.host) throw new Error('There is no host.');
      const { context, wams } = window.host;
      const [{ audioNode, instrument }] = wams;
      audioNode.disconnect();
      audioNode.connect(context.destination);
      audioNode.scheduleEvents({ type: 'wam-midi', data: { bytes: [0x90, 60, 100] } });
      return new Promise<number>((resolve) => {
        let seen = 0;
        instrument.subscribe((message) => {
          if (message.type !== 'spectrum' || ++seen < 12) return;
          resolve(Math.max(...(message as unknown as { levelsDb: Float32Array }).levelsDb));
        });
      });
    });
    expect(loudest).toBeGreaterThan(-80);
    await page.context().close();
  });

  test('keeps undo while its face is closed', async () => {
    const { page } = await under.open();
    const show = (): Promise<void> =>
      page.evaluate(async () => {
        const gui = await window.host?.wams[0].createGui();
        if (gui) document.body.append(gui);
      });
    const brightness = page.getByRole('slider', { name: 'Brightness' });
    await show();
    await brightness.focus();
    await page.keyboard.press('End');
    await page.getByRole('button', { name: 'Undo Brightness' }).waitFor();
    await page.evaluate(() => {
      const gui = document.body.lastElementChild;
      if (gui) window.host?.wams[0].destroyGui(gui);
      gui?.remove();
    });
    expect(await brightness.count()).toBe(0);
    await show();
    expect(await brightness.getAttribute('aria-valuenow')).toBe('1');
    await page.getByRole('button', { name: 'Undo Brightness' }).click();
    expect(await brightness.getAttribute('aria-valuenow')).toBe('0.5');
    await page.context().close();
  });

  test.each([{ tree: 'the document' }, { tree: 'a shadow tree' }])(
    'shows its face in $tree with its own style, and takes it away again',
    async ({ tree }) => {
      const { page, complaints } = await under.open({ isolation: true });
      await page.evaluate(async (shadow) => {
        const [wam] = window.host?.wams ?? [];
        const gui = await wam.createGui();
        gui.id = 'face';
        const room = document.createElement('div');
        document.body.append(room);
        (shadow ? room.attachShadow({ mode: 'open' }) : room).append(gui);
      }, tree === 'a shadow tree');
      await page.getByRole('slider', { name: 'Brightness' }).waitFor();
      await page.getByText('Plain', { exact: true }).first().waitFor();
      const overflow = await page.locator('.rooms').evaluate((rooms) => getComputedStyle(rooms).display);
      expect(overflow).toBe('grid');
      await page.evaluate(() => {
        const [wam] = window.host?.wams ?? [];
        const room = document.body.lastElementChild;
        const gui = room?.shadowRoot?.getElementById('face') ?? document.getElementById('face');
        if (gui) wam.destroyGui(gui);
        wam.audioNode.destroy();
      });
      expect(await page.locator('.rooms').count()).toBe(0);
      expect(complaints).toEqual([]);
      await page.context().close();
    },
  );
});
