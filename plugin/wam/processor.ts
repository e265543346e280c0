// The worklet processor: events in, audio out, around the core and its pump. Audio thread throughout.
//
// `process` allocates nothing of its own per quantum. It replaces the SDK's, which makes slices, key lists and event lists in every quantum
// and interpolates every parameter (the core smooths its own). What remains is the SDK's and the platform's, and only when something happens:
// the message object of an event that arrives, its entry in the queue, and the acknowledgement posted back.
import type { WamMidiData, WamParameterData, WamParameterInfoMap, WamTransportData } from '@webaudiomodules/api';
import type { WamProcessor as SdkProcessor, WamSDKBaseModuleScope } from '@webaudiomodules/sdk';
import { AudioPump } from '../engine/audio-pump.ts';
import { Core } from '../engine/core.ts';
import { MessageAudioEnd } from '../engine/message-link.ts';
import { RingAudioEnd } from '../engine/ring-link.ts';
import { parameterById } from '../instrument/parameters.ts';
import { EVENT, MAX_BLOCK, MAX_VOICES, VOICE_REPORT } from '../instrument/protocol.ts';
import { MODULE_ID } from './identity.ts';
import { readMidi } from './midi-bytes.ts';
import { type FromProcessor, type LinkEnd, METER, type ProcessorSetup, type ToProcessor } from './thread-messages.ts';
import { wamConfigurations } from './wam-parameters.ts';

declare const sampleRate: number;
declare const currentTime: number;
declare function registerProcessor(name: string, processor: new (options: AudioWorkletNodeOptions) => object): void;
declare const webAudioModules: { getModuleScope(moduleId: string): WamSDKBaseModuleScope };

const METERS_PER_SECOND = 30;

// The SDK puts its classes there before this file is loaded; its index cannot be imported in a worklet.
const scope = webAudioModules.getModuleScope(MODULE_ID) as Required<WamSDKBaseModuleScope>;
const { WamParameter, WamParameterInfo } = scope;
const WamProcessor: typeof SdkProcessor = scope.WamProcessor;

class TimbrefoldProcessor extends WamProcessor {
  private readonly core: Core;
  private pump: AudioPump | null = null;
  private hasModel = false;
  /** Sample of the coming quantum at which the event in hand takes effect. */
  private offset = 0;
  private readonly meters = new Float32Array(METER.report + MAX_VOICES * VOICE_REPORT);
  private readonly meterMessage: FromProcessor = { meters: this.meters };
  private samplesToMeter = 0;
  /** What is auditioned beside the voices, and how far it has been heard. */
  private besideLeft: Float32Array | null = null;
  private besideRight: Float32Array | null = null;
  private besideAt = 0;
  private readonly midiSink = (kind: number, channel: number, key: number, value: number): void => {
    this.core.event(this.offset, kind, channel, key, value);
  };

  constructor(options: AudioWorkletNodeOptions) {
    super(options);
    const { core } = options.processorOptions as ProcessorSetup;
    this.core = Core.fromModule(core);
    this.core.prepare(sampleRate);
  }

  override process(_inputs: Float32Array[][], outputs: Float32Array[][]): boolean {
    if (this._destroyed) return false;
    if (!this._initialized) return true;
    const left = outputs[0][0];
    const right = outputs[0][1] ?? left;
    const count = left.length;
    this.takeEvents(count);
    if (!this.pump || !this.hasModel) return true;
    for (let done = 0; done < count; ) {
      const now = Math.min(MAX_BLOCK, count - done);
      this.pump.process(now);
      this.mixBeside(now);
      this.hand(left, right, done, now);
      done += now;
    }
    this.samplesToMeter -= count;
    if (this.samplesToMeter <= 0) this.postMeters();
    return true;
  }

  /** Adds what is auditioned to what the core rendered. */
  private mixBeside(count: number): void {
    const { core, besideLeft, besideRight } = this;
    if (!besideLeft || !besideRight) return;
    const end = Math.min(count, besideLeft.length - this.besideAt);
    for (let i = 0; i < end; i++) {
      core.left[i] += besideLeft[this.besideAt + i];
      core.right[i] += besideRight[this.besideAt + i];
    }
    this.besideAt += end;
    if (this.besideAt < besideLeft.length) return;
    this.besideLeft = null;
    this.besideRight = null;
  }

  /** Copies what the core rendered, and keeps the peaks. */
  private hand(left: Float32Array, right: Float32Array, at: number, count: number): void {
    const { core, meters } = this;
    let peakLeft = meters[METER.peakLeft];
    let peakRight = meters[METER.peakRight];
    for (let i = 0; i < count; i++) {
      const l = core.left[i];
      const r = core.right[i];
      left[at + i] = l;
      right[at + i] = r;
      if (l > peakLeft) peakLeft = l;
      else if (-l > peakLeft) peakLeft = -l;
      if (r > peakRight) peakRight = r;
      else if (-r > peakRight) peakRight = -r;
    }
    meters[METER.peakLeft] = peakLeft;
    meters[METER.peakRight] = peakRight;
  }

  private postMeters(): void {
    const { core, meters } = this;
    this.samplesToMeter = sampleRate / METERS_PER_SECOND;
    meters[METER.underruns] = core.underruns;
    meters[METER.activeVoices] = core.activeVoices;
    const report = core.voiceReport();
    for (let i = 0; i < report.length; i++) meters[METER.report + i] = report[i];
    // The array is copied by the platform; this one stays.
    this.port.postMessage(this.meterMessage);
    meters[METER.peakLeft] = 0;
    meters[METER.peakRight] = 0;
  }

  /** Queues every event due within this quantum at its own sample; events without a time are due at once, in the order they came. */
  private takeEvents(count: number): void {
    const queue = this._eventQueue;
    if (queue.length === 0) return;
    let kept = 0;
    for (let i = 0; i < queue.length; i++) {
      const pending = queue[i];
      const seconds = (pending.event.time ?? 0) - currentTime;
      const offset = seconds > 0 ? Math.round(seconds * sampleRate) : 0;
      if (offset >= count) {
        queue[kept++] = pending;
        continue;
      }
      this.offset = offset;
      this._processEvent(pending.event);
      // An event that another processor scheduled has no id; the node hears of it by the event itself.
      if (pending.id) this.port.postMessage({ id: pending.id, response: 'add/event' });
      else this.port.postMessage({ event: pending.event });
    }
    queue.length = kept;
    this.offset = 0;
  }

  override _onMidi({ bytes }: WamMidiData): void {
    readMidi(bytes[0], bytes[1], bytes[2], this.midiSink);
  }

  override _onMpe(data: WamMidiData): void {
    this._onMidi(data);
  }

  /** Paths that loop in beats follow the host's tempo and, while it plays, its place in the song. */
  override _onTransport(data: WamTransportData): void {
    const { tempo, playing, currentBar, currentBarStarted, timeSigNumerator, timeSigDenominator } = data;
    this.core.event(this.offset, EVENT.tempo, 0, 0, tempo);
    if (!playing) return;
    const now = currentTime + this.offset / sampleRate;
    const bars = (currentBar * timeSigNumerator * 4) / timeSigDenominator;
    this.core.event(this.offset, EVENT.songPosition, 0, 0, bars + ((now - currentBarStarted) * tempo) / 60);
  }

  override _onSysex(): void {}

  override _onOsc(): void {}

  override _generateWamParameterInfo(): WamParameterInfoMap {
    const info: WamParameterInfoMap = {};
    for (const [id, configuration] of wamConfigurations) info[id] = new WamParameterInfo(id, configuration);
    return info;
  }

  /** As the SDK's, without its interpolators: the core smooths. */
  override _initialize(): void {
    this._parameterInfo = this._generateWamParameterInfo();
    this._parameterState = {};
    for (const [id, info] of Object.entries(this._parameterInfo)) this._parameterState[id] = new WamParameter(info);
  }

  override _setParameterValue({ id, value, normalized }: WamParameterData): void {
    const parameter = this._parameterState[id];
    if (!parameter || !Number.isFinite(value)) return;
    if (normalized) parameter.normalizedValue = value;
    else parameter.value = value;
    this.core.event(this.offset, EVENT.parameter, 0, parameterById(id).index, parameter.value);
  }

  override async _onMessage(message: MessageEvent<ToProcessor>): Promise<void> {
    const { data } = message;
    if (!('timbrefold' in data)) return super._onMessage(message);
    switch (data.timbrefold) {
      case 'link':
        this.pump = new AudioPump(this.core, audioEnd(data.link));
        return;
      case 'model':
        this.core.setModel(data.model, data.slot);
        this.hasModel = true;
        return;
      case 'sound':
        this.core.setSound(data.latent, data.x, data.y);
        return;
      case 'corner':
        this.core.setCorner(data.corner, data.latent);
        return;
      case 'path':
        this.core.setPath(data.path);
        return;
      case 'tuning':
        this.core.setTuning(data.notes);
        return;
      case 'beside':
        this.besideLeft = data.left;
        this.besideRight = data.right;
        this.besideAt = 0;
    }
  }
}

const audioEnd = (link: LinkEnd) =>
  link.way === 'ring' ? new RingAudioEnd(link.memory) : new MessageAudioEnd(link.port);

registerProcessor(MODULE_ID, TimbrefoldProcessor);
