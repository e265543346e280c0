// The Web Audio Module: what a WAM host loads, and what our own page, a small host itself, loads as well.
import type { WamNode as IWamNode } from '@webaudiomodules/api';
import {
  addFunctionModule,
  getWamParameter,
  getWamParameterInfo,
  getWamProcessor,
  WebAudioModule,
} from '@webaudiomodules/sdk';
import { descriptor, LEAVE, MODULE_ID } from './identity.ts';
import { Instrument } from './instrument.ts';
import { TimbrefoldNode } from './node.ts';
import { WebMidi } from './web-midi.ts';

/** Files beside the bundled module. */
const beside = (name: string): string => new URL(name, import.meta.url).href;

export const DEFAULT_MODEL = beside('models/atlas.timbre');

/** A processor that threw is silent for good: the platform calls it no more. */
const STOPPED =
  'The audio thread stopped by an error and stays silent. Save the preset, then reload the page (or remove the module and add it again).';

/** The instrument without sound yet: its decoder begins to load the default model at once. `pageUrl` opens links; null in other hosts. */
export function createInstrument(wake: () => void, pageUrl: string | null): Instrument {
  const midi = new WebMidi();
  const instrument = new Instrument(
    {
      workerUrl: beside('decoder-worker.js'),
      encodeWorkerUrl: beside('encode-worker.js'),
      exportWorkerUrl: beside('export-worker.js'),
      noteWorkerUrl: beside('note-worker.js'),
      runtimeUrl: beside('./'),
      pageUrl,
    },
    { wake, openMidi: () => void midi.open(instrument) },
  );
  instrument.emit({ type: 'midi', state: midi.missing ? 'missing' : 'unasked', inputs: [] });
  instrument.load({ url: DEFAULT_MODEL });
  return instrument;
}

export default class TimbrefoldModule extends WebAudioModule<TimbrefoldNode & IWamNode> {
  /** The bridge's far end, for a UI to talk to. */
  readonly instrument: Instrument;
  /** The SDK's own id is a time, which two instances made at once share. */
  private readonly id = `${MODULE_ID}-${crypto.randomUUID()}`;

  constructor(groupId: string, audioContext: BaseAudioContext, pageUrl: string | null = null) {
    super(groupId, audioContext);
    this._descriptor = descriptor;
    this._descriptorUrl = beside('descriptor.json');
    this._guiModuleUrl = beside('gui.js');
    this.instrument = createInstrument(() => {
      if (audioContext instanceof AudioContext) void audioContext.resume();
    }, pageUrl);
    this.watchAudio();
  }

  override get instanceId(): string {
    return this.id;
  }

  /** The SDK's ignores the state; here it is restored as soon as the model is there. */
  override async initialize(state?: unknown): Promise<this> {
    if (state) this.instrument.restoreState(state);
    await super.initialize();
    return this;
  }

  override async createAudioNode(): Promise<TimbrefoldNode & IWamNode> {
    const [core] = await Promise.all([compileCore(beside('core.wasm')), this.addModules()]);
    const isolated = globalThis.crossOriginIsolated === true && typeof SharedArrayBuffer !== 'undefined';
    const node = new TimbrefoldNode(this, { core }, this.instrument.decoderThread, isolated);
    node.onprocessorerror = () => this.instrument.say('audio', 'error', STOPPED);
    await node.start();
    this.instrument.attach(node, core);
    return node;
  }

  override destroyGui(gui: Element): void {
    gui.dispatchEvent(new Event(LEAVE));
    gui.remove();
  }

  /** Only those classes of the SDK that our processor uses: it brings its own events and no interpolation. */
  private async addModules(): Promise<void> {
    const { audioWorklet } = this.audioContext;
    for (const source of [getWamParameter, getWamParameterInfo])
      await addFunctionModule(audioWorklet, source, MODULE_ID);
    await addFunctionModule(audioWorklet, getWamProcessor, MODULE_ID);
    await audioWorklet.addModule(beside('processor.js'));
  }

  private watchAudio(): void {
    const context = this.audioContext;
    const report = (): void =>
      this.instrument.emit({ type: 'audio', state: context.state === 'running' ? 'running' : 'asleep' });
    context.addEventListener('statechange', report);
    report();
  }
}

async function compileCore(url: string): Promise<WebAssembly.Module> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`core.wasm could not be fetched: the server answered ${response.status}.`);
  return WebAssembly.compile(await response.arrayBuffer());
}
