// The host's side of the bridge: holds the instrument's state on the main thread, decides what the UI asks, echoes what holds.
import type { WamEvent } from '@webaudiomodules/api';
import type {
  Bridge,
  Corner,
  CornerSound,
  HostMessage,
  SoundState,
  UiRequest,
  VoiceView,
} from '../instrument/messages.ts';
import { parameterById, parameters, snap, toPlain } from '../instrument/parameters.ts';
import { modelMismatch, type Preset, PresetError, readPreset, writePreset } from '../instrument/preset.ts';
import { EVENT } from '../instrument/protocol.ts';
import { readSession, type Session, writeSession } from '../instrument/session.ts';
import { bakedPreset } from './bake.ts';
import { DecoderThread } from './decoder-thread.ts';
import { encodeInWorker } from './encoder-thread.ts';
import {
  bendBytes,
  controllerBytes,
  type MidiBytes,
  noteOffBytes,
  noteOnBytes,
  pressureBytes,
  readMidi,
} from './midi-bytes.ts';
import { eachVoice, type TimbrefoldNode } from './node.ts';
import { readAudio } from './read-audio.ts';
import {
  type BundleSource,
  type EncodeTask,
  type FromWorker,
  type LoadedModel,
  METER,
  type Slot,
} from './thread-messages.ts';

/** What the surroundings lend: a page can wake its audio and open MIDI, a WAM host may not let it. */
export interface Surroundings {
  wake(): void;
  openMidi(): void;
}

const CORNERS = [0, 1, 2, 3] as const;
const ALL_SOUND_OFF = 120;

export class Instrument implements Bridge {
  private readonly listeners = new Set<(message: HostMessage) => void>();
  private readonly values = new Map(parameters.map((p) => [p.id, p.default]));
  private model: LoadedModel | null = null;
  private preset: Preset | null = null;
  private presetIndex = -1;
  private corners: CornerSound[] = [];
  private slot: Slot = 1;
  private loading = false;
  /** Where the playing model came from, and the one being loaded. */
  private source: BundleSource | null = null;
  private offered: BundleSource | null = null;
  private encoding = false;
  private decoderLoad = -1;
  private decoderWaiting = 0;
  private restingFigures = '';
  /** A session whose model is not there (yet): kept, and given back by `state`, until it comes or another sound is chosen. */
  private waiting: Session | null = null;
  /** Absent until audio has started, and for ever where there is none: everything but the sound works without it. */
  private sound: {
    node: TimbrefoldNode;
    core: WebAssembly.Module;
    analyser: AnalyserNode;
    levelsDb: Float32Array<ArrayBuffer>;
  } | null = null;
  private readonly decoder: DecoderThread;
  /** Messages that hold until they are replaced, for a UI that comes later. */
  private readonly standing = new Map<string, HostMessage>();

  constructor(
    private readonly files: { workerUrl: string; encodeWorkerUrl: string; runtimeUrl: string },
    private readonly surroundings: Surroundings,
  ) {
    this.decoder = new DecoderThread(files.workerUrl, files.runtimeUrl, (message) => this.takeWorker(message));
  }

  get decoderThread(): DecoderThread {
    return this.decoder;
  }

  /** Gives the instrument its voice; whatever was decided before is told to it. */
  attach(node: TimbrefoldNode, core: WebAssembly.Module): void {
    const analyser = new AnalyserNode(node.context, { fftSize: 4096, smoothingTimeConstant: 0.3, minDecibels: -120 });
    node.connect(analyser);
    this.sound = { node, core, analyser, levelsDb: new Float32Array(analyser.frequencyBinCount) };
    node.instrument = this;
    node.listeners = {
      meters: (meters) => this.takeMeters(meters),
      event: (event) => this.takeEvent(event),
    };
    for (const parameter of parameters) {
      const value = this.values.get(parameter.id) ?? parameter.default;
      if (value !== parameter.default) node.automate(parameter.id, value);
    }
    if (!this.model || !this.preset) return;
    node.setModel(this.slot, this.model.core);
    this.sendCorners();
    node.setSound(this.preset.latent, this.preset.map.x, this.preset.map.y);
  }

  // ---- Bridge --------------------------------------------------------------------------------------------------------

  subscribe(listener: (message: HostMessage) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  emit(message: HostMessage): void {
    if (message.type === 'status' || message.type === 'audio' || message.type === 'midi') {
      this.standing.set(message.type === 'status' ? `status ${message.place}` : message.type, message);
    }
    for (const listener of this.listeners) listener(message);
  }

  send(request: UiRequest): void {
    try {
      this.decide(request);
    } catch (error) {
      const expected = error instanceof PresetError || error instanceof RangeError;
      const text = expected ? error.message : `That did not work: ${error instanceof Error ? error.message : error}`;
      this.emit({ type: 'notice', id: request.type, tone: 'error', text });
    }
  }

  private decide(request: UiRequest): void {
    switch (request.type) {
      case 'hello':
        this.greet();
        return;
      case 'gesture':
        // A page records no automation; a host that does hears the events themselves.
        return;
      case 'parameter':
        this.setParameter(request.id, request.value);
        return;
      case 'noteOn':
        this.play(noteOnBytes(request.channel, request.key, request.velocity));
        return;
      case 'noteOff':
        this.play(noteOffBytes(request.channel, request.key, request.velocity));
        return;
      case 'bend':
        this.play(bendBytes(request.channel, request.value));
        return;
      case 'pressure':
        this.play(pressureBytes(request.channel, request.value));
        return;
      case 'controller':
        this.play(controllerBytes(request.channel, request.number, request.value));
        return;
      case 'panic':
        for (let channel = 0; channel < 16; channel++) this.play(controllerBytes(channel, ALL_SOUND_OFF, 0));
        return;
      case 'selectPreset':
        this.selectPreset(request.index);
        return;
      case 'loadPreset':
        this.takePreset(readPreset(request.text, request.fileName), -1);
        return;
      case 'restore':
        this.restore(request.state);
        return;
      case 'savePreset':
        this.savePreset(request.name);
        return;
      case 'setCorner':
        this.putCorner(request.corner, request.sound);
        return;
      case 'loadBundle':
        this.load({ fileName: request.fileName, blob: new Blob([request.bytes]) });
        return;
      case 'encodeAudio':
        void this.encode(request.fileName, request.bytes);
        return;
      case 'wake':
        this.surroundings.wake();
        return;
      case 'openMidi':
        this.surroundings.openMidi();
    }
  }

  private greet(): void {
    for (const message of this.standing.values()) this.emit(message);
    this.emitModel();
    this.emitValues();
    if (!this.preset) return;
    this.emit({ type: 'corners', corners: this.corners });
    this.emit({ type: 'sound', preset: this.preset, index: this.presetIndex });
  }

  // ---- Parameters and notes ------------------------------------------------------------------------------------------

  private setParameter(id: string, plain: number): void {
    const value = snap(parameterById(id), plain);
    this.values.set(id, value);
    this.sound?.node.automate(id, value);
    this.emit({ type: 'parameters', values: { [id]: value } });
  }

  /** Plays MIDI bytes of the page's own: keyboard, map, Web MIDI. `time` in seconds of the context. */
  play(bytes: MidiBytes, time?: number): void {
    this.sound?.node.midi(bytes, time);
    this.echoKey(bytes);
  }

  private echoKey([status, data1, data2]: MidiBytes): void {
    readMidi(status, data1, data2, (kind, _channel, key) => {
      if (kind === EVENT.noteOn) this.emit({ type: 'key', key, down: true });
      if (kind === EVENT.noteOff) this.emit({ type: 'key', key, down: false });
    });
  }

  /** What a WAM host or another module did. */
  private takeEvent(event: WamEvent): void {
    if (event.type === 'wam-midi' || event.type === 'wam-mpe') this.echoKey(event.data.bytes);
    if (event.type !== 'wam-automation') return;
    const { id, value, normalized } = event.data;
    if (!this.values.has(id)) return;
    const parameter = parameterById(id);
    const plain = normalized ? toPlain(parameter, value) : snap(parameter, value);
    this.values.set(id, plain);
    this.emit({ type: 'parameters', values: { [id]: plain } });
  }

  // ---- Models --------------------------------------------------------------------------------------------------------

  /** Begins to load a model; the playing one stays until the new one has been tried. */
  load(source: BundleSource): void {
    if (this.loading) {
      this.emit({
        type: 'notice',
        id: 'model',
        tone: 'information',
        text: 'A model is being loaded; try again when it is there.',
      });
      return;
    }
    this.loading = true;
    this.offered = source;
    this.decoder.load(this.slot === 0 ? 1 : 0, source);
  }

  private takeWorker(message: FromWorker): void {
    switch (message.type) {
      case 'progress':
        this.emit({ type: 'status', stage: 'loading', place: 'map', text: message.text, progress: message.progress });
        return;
      case 'work':
        this.decoderLoad = message.share;
        this.decoderWaiting = message.waiting;
        return;
      case 'loaded':
        this.endLoading();
        this.source = this.offered;
        this.takeModel(message.slot, message.model);
        return;
      case 'refused':
      case 'failed':
        this.endLoading();
        this.emit({ type: 'notice', id: 'model', tone: 'error', text: message.sentence });
    }
  }

  private endLoading(): void {
    this.loading = false;
    this.emit({ type: 'status', stage: 'ready', place: 'map', text: '', progress: 1 });
  }

  private takeModel(slot: Slot, model: LoadedModel): void {
    this.slot = slot;
    this.model = model;
    this.preset = null;
    this.sound?.node.setModel(slot, model.core);
    this.emitModel();
    // Four sounds far apart in the list are more likely to differ than the first four.
    const { presets } = model;
    this.corners = CORNERS.map((corner) => presets[Math.floor((corner * presets.length) / 4)]).map(
      ({ name, latent }) => ({ name, latent }),
    );
    this.sendCorners();
    const { waiting } = this;
    this.selectPreset(0);
    if (waiting) this.resume(waiting);
  }

  private emitModel(): void {
    const { model } = this;
    this.emit({
      type: 'model',
      model: model && {
        id: model.identity.id,
        name: model.identity.name,
        family: model.family,
        version: model.version,
        licence: model.licence,
        summary: model.summary,
        macros: model.macros,
        points: model.points,
        presets: model.presets.map(({ name }) => ({ name })),
        maxSeconds: model.core.maxSeconds,
      },
    });
  }

  // ---- Sounds --------------------------------------------------------------------------------------------------------

  private selectPreset(index: number): void {
    const preset = this.model?.presets[index];
    if (preset) this.takePreset(preset, index);
  }

  /** @throws PresetError where it belongs to another model */
  private takePreset(preset: Preset, index: number): void {
    const { model } = this;
    this.waiting = null;
    if (!model) throw new PresetError('There is no model yet; load one, then the preset.');
    const mismatch = modelMismatch(preset, model.identity);
    if (mismatch) throw new PresetError(mismatch);
    const values = { ...preset.parameters, mapX: preset.map.x, mapY: preset.map.y };
    this.apply(preset, index, {
      ...values,
      ...Object.fromEntries(preset.macros.map((value, i) => [`macro${i + 1}`, value])),
    });
  }

  /** Sets sound and every parameter: those not named return to their default. */
  private apply(preset: Preset, index: number, values: Readonly<Record<string, number>>): void {
    this.preset = preset;
    this.presetIndex = index;
    this.sound?.node.setSound(preset.latent, preset.map.x, preset.map.y);
    for (const parameter of parameters) {
      const value = snap(parameter, values[parameter.id] ?? parameter.default);
      if (this.values.get(parameter.id) === value) continue;
      this.values.set(parameter.id, value);
      this.sound?.node.automate(parameter.id, value);
    }
    this.emitValues();
    this.emit({ type: 'sound', preset, index });
  }

  private restore(state: SoundState): void {
    const { model } = this;
    const mismatch = model && modelMismatch(state.preset, model.identity);
    if (!model || mismatch) throw new PresetError(mismatch ?? 'There is no model yet; load one, then the sound.');
    this.corners = state.corners;
    this.sendCorners();
    this.apply(state.preset, this.indexOf(state.preset), state.values);
  }

  private indexOf(preset: Preset): number {
    return (
      this.model?.presets.findIndex(
        ({ name, latent }) => name === preset.name && latent.every((z, i) => z === preset.latent[i]),
      ) ?? -1
    );
  }

  private putCorner(corner: Corner, sound: CornerSound | { point: number }): void {
    const { model } = this;
    if (!model) return;
    const point = 'point' in sound ? model.points[sound.point] : undefined;
    if ('point' in sound && !point) return;
    const next =
      'point' in sound ? { name: point?.name ?? '', latent: Array.from(model.core.map[sound.point].latent) } : sound;
    this.corners = this.corners.map((kept, i) => (i === corner ? next : kept));
    this.sendCorners();
  }

  private sendCorners(): void {
    for (const corner of CORNERS) this.sound?.node.setCorner(corner, this.corners[corner].latent);
    this.emit({ type: 'corners', corners: this.corners });
  }

  private savePreset(name: string): void {
    const state = this.soundState();
    if (!this.model || !state || !this.sound) return;
    const title = name.trim() || state.preset.name;
    const text = writePreset(bakedPreset(this.sound.core, this.model.core, state, title));
    const fileName = `${
      title
        .replace(/[^\p{L}\p{N}]+/gu, '-')
        .replace(/^-+|-+$/g, '')
        .toLowerCase() || 'preset'
    }.json`;
    this.emit({ type: 'file', fileName, mime: 'application/json', text });
  }

  /** Makes a sound of a sound file, beside all else; what plays goes on until it is there. */
  private async encode(fileName: string, bytes: ArrayBuffer): Promise<void> {
    const { source, sound } = this;
    const say = (text: string, tone: 'information' | 'error'): void =>
      this.emit({ type: 'notice', id: 'encode', tone, text });
    if (this.encoding)
      return say(`Another sound is being listened to; drop ${fileName} again when it is there.`, 'information');
    if (!source || !sound)
      return say('There is no model yet to make a sound with; wait for it, then drop the file again.', 'error');
    this.encoding = true;
    try {
      const samples = await readAudio(bytes, fileName);
      const name = fileName.replace(/\.[^.]*$/, '').slice(0, 200) || 'New sound';
      const task: EncodeTask = { core: sound.core, source, runtimeUrl: this.files.runtimeUrl, name, samples };
      const { preset, warnings } = await encodeInWorker(this.files.encodeWorkerUrl, task, (text, progress) =>
        this.emit({ type: 'status', stage: 'loading', place: 'sound', text, progress }),
      );
      this.takePreset(preset, -1);
      if (warnings.length > 0) say(warnings.join(' '), 'information');
    } catch (error) {
      this.refuse('encode', error);
    } finally {
      this.encoding = false;
      this.emit({ type: 'status', stage: 'ready', place: 'sound', text: '', progress: 1 });
    }
  }

  private soundState(): SoundState | null {
    return this.preset && { preset: this.preset, values: Object.fromEntries(this.values), corners: this.corners };
  }

  // ---- State of a session --------------------------------------------------------------------------------------------

  /** JSON of everything that is heard, with the model's identity inside the preset; of the waiting session where its model is missing. */
  state(): unknown {
    const sound = this.soundState();
    const session = this.waiting ?? (sound && { ...sound, modelName: this.model?.identity.name });
    return session && writeSession(session);
  }

  /** Restores what `state` gave; waits for its model where it is not there. */
  restoreState(json: unknown): void {
    try {
      this.resume(readSession(json));
    } catch (error) {
      this.refuse('state', error);
    }
  }

  private resume(session: Session): void {
    const mismatch = this.model && modelMismatch(session.preset, this.model.identity);
    if (this.model && !mismatch) {
      this.waiting = null;
      this.restore(session);
      return;
    }
    this.waiting = session;
    if (mismatch) this.refuse('state', new PresetError(mismatch));
  }

  private refuse(id: string, error: unknown): void {
    this.emit({ type: 'notice', id, tone: 'error', text: error instanceof Error ? error.message : String(error) });
  }

  // ---- What moves ----------------------------------------------------------------------------------------------------

  private takeMeters(meters: Float32Array): void {
    const voices: VoiceView[] = [];
    eachVoice(meters, (voice) => voices.push(voice));
    const resting = voices.length === 0 && meters[METER.peakLeft] === 0 && meters[METER.peakRight] === 0;
    const figures = `${meters[METER.underruns]} ${this.decoderLoad} ${this.decoderWaiting}`;
    // Silence that was shown already need not be painted thirty times a second.
    if (resting && figures === this.restingFigures) return;
    this.restingFigures = resting ? figures : '';
    this.emit({
      type: 'meters',
      peakLeft: meters[METER.peakLeft],
      peakRight: meters[METER.peakRight],
      voices,
      underruns: meters[METER.underruns],
      decoderLoad: this.decoderLoad,
      decoderWaiting: this.decoderWaiting,
    });
    if (voices.length === 0 || !this.sound) return;
    const { analyser, levelsDb } = this.sound;
    analyser.getFloatFrequencyData(levelsDb);
    this.emit({ type: 'spectrum', levelsDb, binHz: analyser.context.sampleRate / analyser.fftSize });
  }

  private emitValues(): void {
    this.emit({ type: 'parameters', values: Object.fromEntries(this.values) });
  }
}
