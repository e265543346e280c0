// The WAM node: the main thread's handle on the processor and on the decoder Worker.
import type { WamEvent, WamParameterDataMap, WamParameterInfoMap, WebAudioModule } from '@webaudiomodules/api';
import { getWamParameterInfo, WamNode } from '@webaudiomodules/sdk';
import type { CoreModel } from '../engine/core.ts';
import { allocateRingLink } from '../engine/ring-link.ts';
import type { Corner } from '../instrument/messages.ts';
import { VOICE_REPORT } from '../instrument/protocol.ts';
import type { DecoderThread } from './decoder-thread.ts';
import type { MidiBytes } from './midi-bytes.ts';
import { type FromProcessor, METER, type ProcessorSetup, type Slot, type ToProcessor } from './thread-messages.ts';
import { wamConfigurations } from './wam-parameters.ts';

export interface NodeListeners {
  meters(meters: Float32Array): void;
  /** An event that somebody else's host or module sent, at the time it took effect. */
  event(event: WamEvent): void;
}

/** What knows the state that a host saves with its session. */
export interface StateKeeper {
  state(): unknown;
  restoreState(state: unknown): void;
}

/** How long the processor may take to answer; a wrong group would otherwise never be noticed. */
const ANSWER_MS = 10_000;

export class TimbrefoldNode extends WamNode {
  /** Set by the instrument that the node plays. */
  keeper: StateKeeper | null = null;
  listeners: NodeListeners | null = null;
  private readonly own = new WeakSet<WamEvent>();
  /** What the face hears by. */
  private ear: AudioNode | null = null;

  constructor(
    module: WebAudioModule,
    setup: ProcessorSetup,
    private readonly decoder: DecoderThread,
    /** Whether shared memory may be used between Worker and worklet. */
    readonly isolated: boolean,
  ) {
    super(module, {
      // Unused; but hosts that send their audio through every module they load would fail without an input.
      numberOfInputs: 1,
      numberOfOutputs: 1,
      outputChannelCount: [2],
      processorOptions: setup,
    });
    this.link();
    decoder.onRestart = () => this.link();
    for (const type of ['wam-automation', 'wam-midi', 'wam-mpe'] as const) {
      this.addEventListener(type, (event) => {
        if (event instanceof CustomEvent && !this.own.has(event.detail)) this.listeners?.event(event.detail);
      });
    }
  }

  /** Lets `ear` hear the output for as long as the node lives, whatever a host does with its connections. */
  hearBy(ear: AudioNode): void {
    this.ear = ear;
    this.connect(ear);
  }

  /** Hosts that take a module out of their chain cut every connection of it, and know nothing of the face's own. */
  override disconnect(...which: unknown[]): void {
    (super.disconnect as (...rest: unknown[]) => void).apply(this, which);
    if (this.ear && typeof which[0] !== 'object') this.connect(this.ear);
  }

  /** Joins worklet and Worker, by shared memory or by a channel that never touches this thread. */
  private link(): void {
    if (this.isolated) {
      const memory = allocateRingLink();
      this.tell({ timbrefold: 'link', link: { way: 'ring', memory } });
      this.decoder.link({ way: 'ring', memory });
      return;
    }
    const { port1, port2 } = new MessageChannel();
    this.tell({ timbrefold: 'link', link: { way: 'messages', port: port1 } }, [port1]);
    this.decoder.link({ way: 'messages', port: port2 });
  }

  /** Waits until the processor is there. @throws Error with a sentence */
  async start(): Promise<void> {
    const late = new Promise<never>((_, reject) => {
      setTimeout(() => reject(new Error('The audio thread does not answer; reload the page to try again.')), ANSWER_MS);
    });
    await Promise.race([this._initialize(), late]);
  }

  setModel(slot: Slot, model: CoreModel): void {
    this.tell({ timbrefold: 'model', slot, model });
  }

  setSound(latent: number[], x: number, y: number): void {
    this.tell({ timbrefold: 'sound', latent, x, y });
  }

  setCorner(corner: Corner, latent: number[]): void {
    this.tell({ timbrefold: 'corner', corner, latent });
  }

  /** [x0, y0, x1, y1, ...] over the map, empty for none. */
  setPath(path: readonly number[]): void {
    this.tell({ timbrefold: 'path', path });
  }

  /** What each of 128 keys plays, as fractional MIDI notes; null for the usual tuning. */
  setTuning(notes: readonly (number | null)[] | null): void {
    this.tell({ timbrefold: 'tuning', notes });
  }

  /** Plays samples at the context's rate beside the voices, at once and instead of those before; null ends them. */
  playBeside(left: Float32Array | null, right: Float32Array | null): void {
    this.tell({ timbrefold: 'beside', left, right });
  }

  /** Schedules events of this instrument's own UI; they are not reported back to it. `time` in seconds of the context, now if absent. */
  automate(id: string, value: number): void {
    this.scheduleOwn({ type: 'wam-automation', data: { id, value, normalized: false } });
  }

  midi(bytes: MidiBytes, time?: number): void {
    this.scheduleOwn({ type: 'wam-midi', data: { bytes }, ...(time === undefined ? {} : { time }) });
  }

  private scheduleOwn(event: WamEvent): void {
    this.own.add(event);
    this.scheduleEvents(event);
  }

  /** From the table, with its methods: the SDK's answer loses them on its way between the threads. */
  override async getParameterInfo(...ids: string[]): Promise<WamParameterInfoMap> {
    const WamParameterInfo = getWamParameterInfo();
    const wanted = ids.length > 0 ? ids : [...wamConfigurations.keys()];
    return Object.fromEntries(
      wanted.flatMap((id) => {
        const configuration = wamConfigurations.get(id);
        return configuration ? [[id, new WamParameterInfo(id, configuration)]] : [];
      }),
    );
  }

  override async setParameterValues(values: WamParameterDataMap): Promise<void> {
    await super.setParameterValues(values);
    for (const data of Object.values(values)) this.listeners?.event({ type: 'wam-automation', data });
  }

  /** Preset, all values, morph corners and the model's identity: what a session needs to sound the same again. */
  override async getState(): Promise<unknown> {
    return this.keeper?.state() ?? null;
  }

  override async setState(state: unknown): Promise<void> {
    this.keeper?.restoreState(state);
  }

  override destroy(): void {
    this.decoder.end();
    this.ear = null;
    super.destroy();
  }

  override _onMessage(message: MessageEvent): void {
    const data: Partial<FromProcessor> = message.data;
    if (data.meters) this.listeners?.meters(data.meters);
    else super._onMessage(message);
  }

  private tell(message: ToProcessor, transfer: Transferable[] = []): void {
    this.port.postMessage(message, transfer);
  }
}

/** Calls back for every sounding voice of a meter message. */
export function eachVoice(
  meters: Float32Array,
  visit: (voice: { channel: number; key: number; level: number; x: number; y: number; seconds: number }) => void,
): void {
  for (let at = METER.report; at + VOICE_REPORT <= meters.length; at += VOICE_REPORT) {
    if (meters[at] === 0) continue;
    visit({
      channel: meters[at + 1],
      key: meters[at + 2],
      level: meters[at + 3],
      x: meters[at + 4],
      y: meters[at + 5],
      seconds: meters[at + 6],
    });
  }
}
