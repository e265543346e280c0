// The host's side of the bridge: takes what the UI asks to the room that decides it, and echoes what holds. Main thread.
import type { WamEvent } from '@webaudiomodules/api';
import { EncodingThread } from '../analysis/encoding-thread.ts';
import { Listening } from '../analysis/listening.ts';
import { readAudio } from '../analysis/read-audio.ts';
import type { Bridge, HostMessage, UiRequest } from '../instrument/messages.ts';
import { parameters, snap, toPlain } from '../instrument/parameters.ts';
import { PresetError, readPreset } from '../instrument/preset.ts';
import { EVENT } from '../instrument/protocol.ts';
import { readSession, writeSession } from '../instrument/session.ts';
import { DecoderThread } from './decoder-thread.ts';
import { type AuditionFiles, Auditions } from './host/auditions.ts';
import { Exporting, type ExportingFiles } from './host/exporting.ts';
import type { Host, Voice } from './host/host.ts';
import { Keeping } from './host/keeping.ts';
import { Learning } from './host/learning.ts';
import { Meters } from './host/meters.ts';
import { Models } from './host/models.ts';
import { Sounds } from './host/sounds.ts';
import {
  bendBytes,
  controllerBytes,
  type MidiBytes,
  noteOffBytes,
  noteOnBytes,
  pressureBytes,
  readMidi,
} from './midi-bytes.ts';
import type { TimbrefoldNode } from './node.ts';
import { startWorker } from './start-worker.ts';
import type { BundleSource } from './thread-messages.ts';

/** What the surroundings lend: a page can wake its audio and open MIDI, a WAM host may not let it. */
export interface Surroundings {
  wake(): void;
  openMidi(): void;
}

const ALL_SOUND_OFF = 120;

export class Instrument implements Bridge, Host {
  voice: Voice | null = null;
  private readonly listeners = new Set<(message: HostMessage) => void>();
  private readonly decoder: DecoderThread;
  private readonly sounds = new Sounds(this);
  private readonly models: Models;
  private readonly meters: Meters;
  private readonly listening: Listening<BundleSource>;
  private readonly auditions: Auditions;
  private readonly exporting: Exporting;
  private readonly learning = new Learning(this, (id, value) => this.sounds.setParameter(id, value));
  readonly keeping = new Keeping(this);
  /** Messages that hold until they are replaced, for a UI that comes later. */
  private readonly standing = new Map<string, HostMessage>();

  constructor(
    files: ExportingFiles & AuditionFiles & { workerUrl: string; encodeWorkerUrl: string },
    private readonly surroundings: Surroundings,
  ) {
    this.decoder = new DecoderThread(files.workerUrl, files.runtimeUrl, (message) => this.models.takeWorker(message));
    this.models = new Models(this, this.decoder, (model) => this.sounds.takeModel(model));
    this.meters = new Meters(this, this.models);
    this.exporting = new Exporting(this, this.models, this.sounds, files);
    this.listening = new Listening((message) => this.emit(message), {
      place: async () => {
        const { source } = this.models;
        const core = this.voice?.core;
        if (!source || !core) throw new Error('there is no model yet; wait for it, then drop the file again.');
        return { core, source, runtimeUrl: files.runtimeUrl };
      },
      readAudio,
      openThread: (onProgress) => new EncodingThread(startWorker(files.encodeWorkerUrl, 'encoder'), onProgress),
    });
    this.auditions = new Auditions(this, this.models, this.sounds, this.listening, files);
  }

  get decoderThread(): DecoderThread {
    return this.decoder;
  }

  /** Gives the instrument its voice; whatever was decided before is told to it. */
  attach(node: TimbrefoldNode, core: WebAssembly.Module): void {
    this.voice = { node, core };
    node.keeper = this;
    node.listeners = {
      meters: (meters) => this.meters.take(meters),
      event: (event) => this.takeEvent(event),
    };
    this.meters.attach(node);
    const { model, slot } = this.models;
    if (model) node.setModel(slot, model.core);
    this.sounds.attach(node);
  }

  /** Begins to load a model; the playing one stays until the new one has been tried. */
  load(source: BundleSource): void {
    this.models.open(source);
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

  say(id: string, tone: 'information' | 'error', text: string): void {
    this.emit({ type: 'notice', id, tone, text });
  }

  refuse(id: string, error: unknown): void {
    const why = error instanceof Error ? error.message : String(error);
    const expected = error instanceof PresetError || error instanceof RangeError;
    this.say(id, 'error', expected ? why : `That did not work: ${why}`);
  }

  send(request: UiRequest): void {
    try {
      this.decide(request)?.catch((error: unknown) => this.refuse(request.type, error));
    } catch (error) {
      this.refuse(request.type, error);
    }
  }

  private decide(request: UiRequest): Promise<void> | undefined {
    switch (request.type) {
      case 'hello':
        return this.greet();
      case 'gesture':
      case 'resize':
      case 'embedModel':
        // A page records no automation (a host that does hears the events themselves), its window is not ours to size, and it has no project.
        return;
      case 'parameter':
        return void this.sounds.setParameter(request.id, request.value);
      case 'noteOn':
        return void this.play(noteOnBytes(request.channel, request.key, request.velocity));
      case 'noteOff':
        return void this.play(noteOffBytes(request.channel, request.key, request.velocity));
      case 'bend':
        return void this.play(bendBytes(request.channel, request.value));
      case 'pressure':
        return void this.play(pressureBytes(request.channel, request.value));
      case 'controller':
        return void this.play(controllerBytes(request.channel, request.number, request.value));
      case 'panic':
        for (let channel = 0; channel < 16; channel++) this.play(controllerBytes(channel, ALL_SOUND_OFF, 0));
        return;
      case 'selectPreset':
        return void this.sounds.select(request.index);
      case 'loadPreset':
        return void this.sounds.take(readPreset(request.text, request.fileName));
      case 'restore':
        return void this.sounds.restore(request.state);
      case 'savePreset':
        return void this.sounds.save(request.name);
      case 'capture': {
        const { purpose, name } = request;
        return void this.emit({ type: 'captured', purpose, preset: this.sounds.capture(name) });
      }
      case 'storePreset':
        return this.keeping.store(request.id, request.preset);
      case 'removePreset':
        return this.keeping.remove(request.id);
      case 'offerFile': {
        const { fileName, mime, text } = request;
        return void this.emit({ type: 'file', fileName, mime, text });
      }
      case 'keep':
        return void this.keeping.keep(request.place, request.value);
      case 'setCorner':
        return void this.sounds.setCorner(request.corner, request.sound);
      case 'setPath':
        return void this.sounds.setPath(request.path);
      case 'setTuning':
        return void this.sounds.setTuning(request.tuning);
      case 'learn':
        return void this.learning.learn(request.id);
      case 'forget':
        return void this.learning.forget(request.id);
      case 'watch':
        return void this.meters.watch(request.wave);
      case 'loadBundle':
        return void this.load({ fileName: request.fileName, blob: new Blob([request.bytes]) });
      case 'encodeAudio':
      case 'refineSound':
      case 'cancelEncoding':
        return void this.listening.take(request);
      case 'audition':
        return void this.auditions.play(request.sound);
      case 'endAudition':
        return void this.auditions.end();
      case 'portrait':
        return void this.auditions.draw(request.key);
      case 'export':
        return void this.exporting.begin(request.job, request.format);
      case 'cancelExport':
        return void this.exporting.cancel();
      case 'presetLink':
        return void this.exporting.link(request.name);
      case 'wake':
        return void this.surroundings.wake();
      case 'openMidi':
        return void this.surroundings.openMidi();
    }
  }

  private async greet(): Promise<void> {
    for (const message of this.standing.values()) this.emit(message);
    this.models.greet();
    this.sounds.greet();
    this.learning.greet();
    this.listening.greet();
    await this.keeping.greet();
  }

  // ---- Notes and what others do --------------------------------------------------------------------------------------

  /** Plays MIDI bytes of the page's own: keyboard, map, Web MIDI. `time` in seconds of the context. */
  play(bytes: MidiBytes, time?: number): void {
    this.voice?.node.midi(bytes, time);
    this.hear(bytes);
  }

  private hear(bytes: MidiBytes): void {
    const [status, data1, data2] = bytes;
    readMidi(status, data1, data2, (kind, _channel, key) => {
      if (kind === EVENT.noteOn) this.emit({ type: 'key', key, down: true });
      if (kind === EVENT.noteOff) this.emit({ type: 'key', key, down: false });
    });
    this.learning.hear(bytes);
  }

  /** What a WAM host or another module did. */
  private takeEvent(event: WamEvent): void {
    if (event.type === 'wam-midi' || event.type === 'wam-mpe') this.hear(event.data.bytes);
    if (event.type !== 'wam-automation') return;
    const { id, value, normalized } = event.data;
    const parameter = parameters.find((known) => known.id === id);
    if (parameter) this.sounds.echoParameter(id, normalized ? toPlain(parameter, value) : snap(parameter, value));
  }

  // ---- State of a session --------------------------------------------------------------------------------------------

  /** JSON of everything that is heard, with the model's identity inside the preset; of the waiting session where its model is missing. */
  state(): unknown {
    const session = this.sounds.session();
    const controllers = this.learning.state();
    return session && writeSession(controllers ? { ...session, controllers } : session);
  }

  /** Takes up what `state` gave in another visit, where it belongs to the model that plays; false where it does not, and nothing is changed. */
  resume(json: unknown): boolean {
    try {
      const session = readSession(json);
      if (session.preset.model.sha256 !== this.models.model?.identity.sha256) return false;
      // Nothing is prepared anew for a sound that plays already.
      if (JSON.stringify(json) !== JSON.stringify(this.state())) this.restoreState(json);
      return true;
    } catch {
      return false;
    }
  }

  /** Restores what `state` gave; waits for its model where it is not there. */
  restoreState(json: unknown): void {
    try {
      const session = readSession(json);
      this.learning.restore(session.controllers);
      this.sounds.resume(session);
    } catch (error) {
      this.refuse('state', error);
    }
  }
}
