// The bridge over a pretended window.__JUCE__: what crosses it, what stays, and that what moves is paced.
import type { HostMessage } from '../instrument/messages.ts';
import type { Preset } from '../instrument/preset.ts';
import { NativeBridge } from './native-bridge.ts';
import { INSTRUMENT_EVENT, type JuceBackend, nativePort, VIEW_EVENT } from './native-port.ts';
import { NativePresets } from './native-presets.ts';
import type { FromView } from './view-messages.ts';
import { readWire, writeWire } from './wire.ts';

class PretendedJuce implements JuceBackend {
  readonly emitted: { event: string; payload: unknown }[] = [];
  private readonly listeners = new Map<string, ((payload: unknown) => void)[]>();

  addEventListener(event: string, listener: (payload: unknown) => void): void {
    this.listeners.set(event, [...(this.listeners.get(event) ?? []), listener]);
  }

  emitEvent(event: string, payload: unknown): void {
    this.emitted.push({ event, payload });
  }

  /** What the native side sends. */
  say(event: string, message: object): void {
    for (const listener of this.listeners.get(event) ?? []) listener(writeWire(message));
  }

  sent(event: string): unknown[] {
    return this.emitted.filter((each) => each.event === event).map(({ payload }) => readWire(String(payload)));
  }
}

const preset: Preset = {
  format: 'timbrefold-preset',
  version: 1,
  name: 'Glass',
  model: { id: 'test', sha256: '0'.repeat(64) },
  latent: [0.5, -0.25],
  map: { x: 0.5, y: 0.5 },
  macros: [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5],
  parameters: {},
  seed: 1,
};

function setUp() {
  const juce = new PretendedJuce();
  const painted: (() => void)[] = [];
  const bridge = new NativeBridge(nativePort(juce), (then) => painted.push(then));
  const heard: HostMessage[] = [];
  bridge.subscribe((message) => heard.push(message));
  return { juce, bridge, heard, painted };
}

describe('the native bridge', () => {
  test('a request goes out as JSON under the instrument event', () => {
    const { juce, bridge } = setUp();
    bridge.send({ type: 'parameter', id: 'macro1', value: 0.75 });
    expect(juce.sent(INSTRUMENT_EVENT)).toEqual([{ type: 'parameter', id: 'macro1', value: 0.75 }]);
  });

  test('a message comes in until its listener leaves', () => {
    const { juce, bridge } = setUp();
    const heard: HostMessage[] = [];
    const leave = bridge.subscribe((message) => heard.push(message));
    juce.say(INSTRUMENT_EVENT, { type: 'parameters', values: { macro1: 0.25 } });
    leave();
    juce.say(INSTRUMENT_EVENT, { type: 'parameters', values: { macro1: 0.5 } });
    expect(heard).toEqual([{ type: 'parameters', values: { macro1: 0.25 } }]);
  });

  test('what moves is answered once for each picture, what stays is not', () => {
    const { juce, painted } = setUp();
    const meters = { type: 'meters', peakLeft: 0, peakRight: 0, voices: [], underruns: 0 };
    juce.say(INSTRUMENT_EVENT, { type: 'key', key: 60, down: true });
    expect(painted).toHaveLength(0);
    juce.say(INSTRUMENT_EVENT, meters);
    juce.say(INSTRUMENT_EVENT, { type: 'spectrum', levelsDb: '', binHz: 10 });
    expect(painted).toHaveLength(1);
    expect(juce.sent(VIEW_EVENT)).toEqual([]);
    painted[0]();
    expect(juce.sent(VIEW_EVENT)).toEqual([{ type: 'shown' }]);
    juce.say(INSTRUMENT_EVENT, meters);
    expect(painted).toHaveLength(2);
  });

  test('a helper answers instead of the native side', () => {
    const { juce, bridge } = setUp();
    bridge.employ({ take: (request) => request.type === 'encodeAudio' });
    bridge.send({ type: 'encodeAudio', fileName: 'a.wav', bytes: new ArrayBuffer(4) });
    bridge.send({ type: 'panic' });
    expect(juce.sent(INSTRUMENT_EVENT)).toEqual([{ type: 'panic' }]);
  });

  test('outside the plug-in it says so', () => {
    expect(() => nativePort(undefined)).toThrow('can only be opened by it');
  });
});

describe('presets as files', () => {
  function setUpPresets() {
    const told: FromView[] = [];
    const heard: HostMessage[] = [];
    const presets = new NativePresets(
      (word) => told.push(word),
      (message) => heard.push(message),
    );
    return { presets, told, heard };
  }

  test('a preset goes out as the text of its file and comes back under the id it got', () => {
    const { presets, told, heard } = setUpPresets();
    expect(presets.take({ type: 'storePreset', id: null, preset })).toBe(true);
    const [word] = told;
    if (word?.type !== 'storePreset') throw new Error('nothing was stored');
    expect(word).toMatchObject({ id: '', name: 'Glass' });
    presets.receive({ type: 'presetStored', id: 'Glass.json', text: word.text });
    expect(heard).toEqual([{ type: 'stored', stored: { id: 'Glass.json', preset } }]);
  });

  test('a damaged file is named and left out, the others are there', () => {
    const { presets, heard, told } = setUpPresets();
    presets.take({ type: 'storePreset', id: 'Glass.json', preset });
    const text = told[0]?.type === 'storePreset' ? told[0].text : '';
    presets.receive({
      type: 'presetFiles',
      files: [
        { id: 'broken.json', text: '{' },
        { id: 'Glass.json', text },
      ],
    });
    expect(heard.at(-1)).toEqual({ type: 'presets', presets: [{ id: 'Glass.json', preset }] });
    expect(heard[0]).toMatchObject({ type: 'notice', tone: 'error', text: expect.stringContaining('broken.json') });
  });

  test('what is no preset is refused before it is written', () => {
    const { presets, told, heard } = setUpPresets();
    expect(presets.take({ type: 'storePreset', id: null, preset: { ...preset, macros: [2] } })).toBe(true);
    expect(told).toEqual([]);
    expect(heard[0]).toMatchObject({ type: 'notice', tone: 'error' });
  });

  test('other requests are left alone', () => {
    const { presets } = setUpPresets();
    expect(presets.take({ type: 'panic' })).toBe(false);
  });
});
