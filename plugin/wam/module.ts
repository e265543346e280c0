// The Web Audio Module: what a WAM host loads, and what our own page, a small host itself, loads as well.
import type { WamNode as IWamNode } from '@webaudiomodules/api';
import {
  addFunctionModule,
  getWamParameter,
  getWamParameterInfo,
  getWamProcessor,
  WebAudioModule,
} from '@webaudiomodules/sdk';
import { descriptor, MODULE_ID } from './identity.ts';
import { Instrument } from './instrument.ts';
import { TimbrefoldNode } from './node.ts';
import { WebMidi } from './web-midi.ts';

/** Files beside the bundled module. */
const beside = (name: string): string => new URL(name, import.meta.url).href;

export const DEFAULT_MODEL = beside('models/atlas.timbre');

export default class TimbrefoldModule extends WebAudioModule<TimbrefoldNode & IWamNode> {
  /** The bridge's far end, for a UI to talk to. */
  instrument: Instrument | null = null;
  private readonly midi = new WebMidi();

  constructor(groupId: string, audioContext: BaseAudioContext) {
    super(groupId, audioContext);
    this._descriptor = descriptor;
    this._guiModuleUrl = beside('gui.js');
  }

  /** The SDK's ignores the state; here it is restored as soon as the model is there. */
  override async initialize(state?: unknown): Promise<this> {
    await super.initialize();
    if (state) this.instrument?.restoreState(state);
    this.instrument?.load({ url: DEFAULT_MODEL });
    return this;
  }

  override async createAudioNode(): Promise<TimbrefoldNode & IWamNode> {
    const [core] = await Promise.all([compileCore(beside('core.wasm')), this.addModules()]);
    const isolated = globalThis.crossOriginIsolated === true && typeof SharedArrayBuffer !== 'undefined';
    const node = new TimbrefoldNode(this, { core }, beside('decoder-worker.js'), isolated);
    await node.start();
    const instrument = new Instrument(node, core, beside('./'), {
      wake: () => {
        if (this.audioContext instanceof AudioContext) void this.audioContext.resume();
      },
      openMidi: () => void this.midi.open(instrument),
    });
    this.instrument = instrument;
    instrument.emit({ type: 'midi', state: this.midi.missing ? 'missing' : 'unasked', inputs: [] });
    this.watchAudio(instrument);
    return node;
  }

  /** Only those classes of the SDK that our processor uses: it brings its own events and no interpolation. */
  private async addModules(): Promise<void> {
    const { audioWorklet } = this.audioContext;
    for (const source of [getWamParameter, getWamParameterInfo])
      await addFunctionModule(audioWorklet, source, MODULE_ID);
    await addFunctionModule(audioWorklet, getWamProcessor, MODULE_ID);
    await audioWorklet.addModule(beside('processor.js'));
  }

  private watchAudio(instrument: Instrument): void {
    const context = this.audioContext;
    const report = (): void =>
      instrument.emit({ type: 'audio', state: context.state === 'running' ? 'running' : 'asleep' });
    context.addEventListener('statechange', report);
    report();
  }
}

async function compileCore(url: string): Promise<WebAssembly.Module> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`core.wasm could not be fetched: the server answered ${response.status}.`);
  return WebAssembly.compile(await response.arrayBuffer());
}
