// The core's one door: loads core.wasm and gives its flat exports a typed face. Works in a worklet, a Worker, Node.
import {
  FRAME_HEADER,
  MAX_BLOCK,
  MAX_FRAME,
  MAX_LATENT,
  MAX_PATH_POINTS,
  MAX_VOICES,
  MODEL,
  MODEL_HEADER,
  PROTOCOL_VERSION,
  ROW_HEADER,
  STAGING_FLOATS,
  TUNING_KEYS,
  VOICE_REPORT,
} from '../instrument/protocol.ts';

/** What core.wasm exports; pointers are byte offsets into its memory, which never grows. */
interface CoreExports {
  memory: WebAssembly.Memory;
  protocolVersion(): number;
  prepare(sampleRate: number): number;
  reset(): void;
  setSeed(seed: number): void;
  setStrict(on: number): void;
  stagingPointer(): number;
  configureModel(slot: number): number;
  setSound(): void;
  setCorner(corner: number): void;
  setTuning(): void;
  setPath(points: number): number;
  pushEvent(offset: number, kind: number, channel: number, key: number, value: number): number;
  announceBlock(frames: number): void;
  process(frames: number): number;
  silentSamples(): number;
  outputLeft(): number;
  outputRight(): number;
  requestsPointer(): number;
  requestCount(): number;
  /** Forgets the first `count` rows. */
  clearRequests(count: number): void;
  deliver(count: number): void;
  hopSize(): number;
  fftSize(): number;
  activeVoices(): number;
  underruns(): number;
  faults(): number;
  latentPointer(): number;
  voiceReport(): number;
  fftBuffer(): number;
  fftSpectrum(): number;
  fftForward(size: number): number;
  fftInverse(size: number): number;
}

/** Floats from one row to the next in the core's memory: the widest row, whatever the model. */
const ROW_STRIDE = ROW_HEADER + MAX_LATENT;
/** Floats from one frame to the next in the staging area: the longest frame, whatever the model. */
const DELIVERY_STRIDE = FRAME_HEADER + MAX_FRAME;
const DELIVERIES_PER_CALL = Math.floor(STAGING_FLOATS / DELIVERY_STRIDE);

/** A model as the core needs it: sizes, places inside a frame, what macros and map mean. */
export interface CoreModel {
  /** Numbers of the whole latent, z and detail. */
  latentDim: number;
  /** How many of its trailing numbers are detail, which macros and drift leave alone; absent: none. */
  latentDetail?: number;
  partials: number;
  noiseBands: number;
  frameSize: number;
  partialOffset: number;
  noiseOffset: number;
  /** -1 where the model has none. */
  centsOffset: number;
  /** -1 where the model has none. */
  inharmonicityOffset: number;
  /** Absent or -1 where the model has none; likewise the next two. */
  detunesOffset?: number;
  /** How many partials have a detune of their own. */
  detunes?: number;
  vibratoOffset?: number;
  releaseOffset?: number;
  maxSeconds: number;
  sustainStart: number;
  sustainEnd: number;
  pitchLow: number;
  pitchHigh: number;
  interpolation: 'lerp' | 'slerp';
  /** Prior mean and spread per number of the latent. */
  mean: Float32Array;
  std: Float32Array;
  /** Eight offsets of latentDim floats: how z moves as the macro goes from its middle to 1. */
  macros: Float32Array[];
  map: { x: number; y: number; latent: Float32Array }[];
}

export class Core {
  private readonly exports: CoreExports;
  private readonly staging: Float32Array;
  private readonly memory: Float32Array;
  private readonly report: Float32Array;
  private latentDim = 0;
  private readonly latentDims = [0, 0];
  private readonly frameSizes = [0, 0];
  /** Output of the last `process`, MAX_BLOCK floats each. */
  readonly left: Float32Array;
  readonly right: Float32Array;

  private constructor(instance: WebAssembly.Instance) {
    this.exports = instance.exports as unknown as CoreExports;
    const version = this.exports.protocolVersion();
    if (version !== PROTOCOL_VERSION) {
      throw new Error(`core.wasm speaks protocol ${version}, this shell ${PROTOCOL_VERSION}; run "npm run build".`);
    }
    const { buffer } = this.exports.memory;
    this.memory = new Float32Array(buffer);
    this.staging = new Float32Array(buffer, this.exports.stagingPointer(), STAGING_FLOATS);
    this.report = new Float32Array(buffer, this.exports.voiceReport(), MAX_VOICES * VOICE_REPORT);
    this.left = new Float32Array(buffer, this.exports.outputLeft(), MAX_BLOCK);
    this.right = new Float32Array(buffer, this.exports.outputRight(), MAX_BLOCK);
  }

  /** A new instance of a compiled core; synchronous, so that a worklet's constructor may call it. */
  static fromModule(module: WebAssembly.Module): Core {
    return new Core(new WebAssembly.Instance(module, {}));
  }

  /** Compiles and instantiates core.wasm from its bytes. */
  static async fromBytes(bytes: BufferSource): Promise<Core> {
    return Core.fromModule(await WebAssembly.compile(bytes));
  }

  /** Takes the sample rate (22,050..192,000 Hz), seeds all randomness, silences everything. Not on the audio thread. */
  prepare(sampleRate: number, options: { seed?: number; strict?: boolean } = {}): void {
    this.exports.setSeed(options.seed ?? 1);
    this.exports.setStrict(options.strict ? 1 : 0);
    if (this.exports.prepare(sampleRate) !== 0) {
      throw new RangeError(`The sample rate must lie between 22050 and 192000 Hz, not ${sampleRate}.`);
    }
  }

  /** Silences all voices and clears queued events and requests; parameters, model and sound stay. */
  reset(): void {
    this.exports.reset();
  }

  /** Hands over a model into slot 0 or 1; new notes use it, sounding ones end on the model they began with. Message thread or between blocks. */
  setModel(model: CoreModel, slot = 0): void {
    const s = this.staging;
    const { latentDim } = model;
    s.fill(0, 0, MODEL_HEADER);
    s[MODEL.latentDim] = latentDim;
    s[MODEL.partials] = model.partials;
    s[MODEL.noiseBands] = model.noiseBands;
    s[MODEL.frameSize] = model.frameSize;
    s[MODEL.partialOffset] = model.partialOffset;
    s[MODEL.noiseOffset] = model.noiseOffset;
    s[MODEL.centsOffset] = model.centsOffset;
    s[MODEL.inharmonicityOffset] = model.inharmonicityOffset;
    s[MODEL.maxSeconds] = model.maxSeconds;
    s[MODEL.sustainStart] = model.sustainStart;
    s[MODEL.sustainEnd] = model.sustainEnd;
    s[MODEL.pitchLow] = model.pitchLow;
    s[MODEL.pitchHigh] = model.pitchHigh;
    s[MODEL.interpolation] = model.interpolation === 'slerp' ? 1 : 0;
    s[MODEL.mapCount] = model.map.length;
    s[MODEL.latentDetail] = model.latentDetail ?? 0;
    s[MODEL.detunesOffset] = model.detunesOffset ?? -1;
    s[MODEL.detunes] = model.detunes ?? 0;
    s[MODEL.vibratoOffset] = model.vibratoOffset ?? -1;
    s[MODEL.releaseOffset] = model.releaseOffset ?? -1;
    let at = MODEL_HEADER;
    const put = (values: ArrayLike<number>): void => {
      s.set(values, at);
      at += values.length;
    };
    put(model.mean);
    put(model.std);
    for (const macro of model.macros) put(macro);
    for (const point of model.map) {
      put([point.x, point.y]);
      put(point.latent);
    }
    if (this.exports.configureModel(slot) !== 0) {
      throw new RangeError(
        'The core refused the model: a size, a column or a number in it lies outside the limits in plugin/instrument/protocol.ts.',
      );
    }
    this.latentDim = latentDim;
    this.latentDims[slot] = latentDim;
    this.frameSizes[slot] = model.frameSize;
  }

  /** The sound at rest: a latent and the place on the map where it is heard unchanged. */
  setSound(latent: ArrayLike<number>, mapX: number, mapY: number): void {
    this.staging.set(latent, 0);
    this.staging[latent.length] = mapX;
    this.staging[latent.length + 1] = mapY;
    this.exports.setSound();
  }

  /** Latent of a corner of the morph pad: 0 A (0,0), 1 B (1,0), 2 C (0,1), 3 D (1,1). */
  setCorner(corner: 0 | 1 | 2 | 3, latent: ArrayLike<number>): void {
    this.staging.set(latent, 0);
    this.exports.setCorner(corner);
  }

  /**
   * The pitch of each of the TUNING_KEYS keys as a MIDI note with its fraction (A4 = 69), null or no argument: every key its own number. A key whose
   * note is not finite does not sound. Sounding notes keep their pitch; prepare, reset and setModel keep the tuning. Message thread, between blocks or
   * audio thread: it copies 128 floats.
   */
  setTuning(notes: ArrayLike<number | null> | null = null): void {
    for (let key = 0; key < TUNING_KEYS; key++) this.staging[key] = notes ? (notes[key] ?? Number.NaN) : key;
    this.exports.setTuning();
  }

  /**
   * The path that moves the place on the map (docs/contracts.md): x and y of each point in turn, 0..1, evenly spaced over the loop; none takes the path
   * away. prepare, reset and setModel keep it. Message thread, between blocks or audio thread: it copies what it is given.
   * @throws RangeError for more than MAX_PATH_POINTS points, half a point or a number that is not finite; the path then stays
   */
  setPath(coordinates: ArrayLike<number>): void {
    const points = coordinates.length / 2;
    if (Number.isInteger(points) && points <= MAX_PATH_POINTS) {
      this.staging.set(coordinates, 0);
      if (this.exports.setPath(points) === 0) return;
    }
    throw new RangeError(
      `A path has x and y of up to ${MAX_PATH_POINTS} points, each a finite number; this one has ${coordinates.length} numbers.`,
    );
  }

  /** Queues an event `offset` samples into the coming frames; false when the queue is full. Audio thread. */
  event(offset: number, kind: number, channel: number, key: number, value: number): boolean {
    return this.exports.pushEvent(offset, kind, channel, key, value) !== 0;
  }

  /**
   * Says that a block of `frames` samples begins for the host, in however many calls of `process` it is rendered: in real time a block of more than two hops
   * has frames asked for earlier, as none can come before its end. Without it, and in strict mode, they are asked for LOOKAHEAD_HOPS ahead. Audio thread.
   */
  announceBlock(frames: number): void {
    this.exports.announceBlock(frames);
  }

  /**
   * Renders up to MAX_BLOCK frames into `left` and `right` and says how many. Fewer than asked only in strict mode, when a voice waits for
   * frames: answer the requests, then call again for the rest (event offsets count from the current position). Audio thread.
   */
  process(frames: number): number {
    return this.exports.process(frames);
  }

  /** How many samples of `left` and `right`, from their beginning, are silence: a shell need not look at them. Audio thread. */
  get silentSamples(): number {
    return this.exports.silentSamples();
  }

  /** Rows now waiting; read them by `copyRequests`. */
  get requestCount(): number {
    return this.exports.requestCount();
  }

  /** Floats of one request row as takeRequests writes it: wide enough for the models of both slots. */
  get rowSize(): number {
    return ROW_HEADER + Math.max(this.latentDims[0], this.latentDims[1]);
  }

  /** Floats of one delivered frame, unless deliver() is told otherwise: long enough for the models of both slots. */
  get deliverySize(): number {
    return FRAME_HEADER + Math.max(this.frameSizes[0], this.frameSizes[1]);
  }

  /** Moves the first waiting rows, up to `limit`, into `into`, each `size` floats (rowSize); says how many. Others stay. Audio thread. */
  takeRequests(into: Float32Array, at: number, limit: number, size = this.rowSize): number {
    const count = Math.min(this.exports.requestCount(), limit);
    const pointer = this.exports.requestsPointer() >> 2;
    const floats = Math.min(size, ROW_STRIDE);
    const { memory } = this;
    for (let row = 0; row < count; row++) {
      const source = pointer + row * ROW_STRIDE;
      const target = at + row * size;
      for (let i = 0; i < floats; i++) into[target + i] = memory[source + i];
    }
    this.exports.clearRequests(count);
    return count;
  }

  /**
   * Hands over `count` frames found at `from[at...]`, each `size` floats (deliverySize): FRAME_HEADER and the payload. Frames that nobody waits
   * for any more are dropped; levels that are not finite become FLOOR_DB, other columns 0. Audio thread.
   */
  deliver(from: Float32Array, at: number, count: number, size = this.deliverySize): void {
    const floats = Math.min(size, DELIVERY_STRIDE);
    const { staging } = this;
    for (let done = 0; done < count; ) {
      const now = Math.min(DELIVERIES_PER_CALL, count - done);
      for (let frame = 0; frame < now; frame++) {
        const source = at + (done + frame) * size;
        const target = frame * DELIVERY_STRIDE;
        for (let i = 0; i < floats; i++) staging[target + i] = from[source + i];
      }
      this.exports.deliver(now);
      done += now;
    }
  }

  get hopSize(): number {
    return this.exports.hopSize();
  }

  get fftSize(): number {
    return this.exports.fftSize();
  }

  get activeVoices(): number {
    return this.exports.activeVoices();
  }

  /** Frames that came too late, and notes that had to wait for their first one, since `prepare`. */
  get underruns(): number {
    return this.exports.underruns();
  }

  /** Voices ended for a sample that was not finite since `prepare`; 0 unless something is broken. */
  get faults(): number {
    return this.exports.faults();
  }

  /** A copy of the latent that a note played now would start from. */
  latent(): Float32Array {
    const pointer = this.exports.latentPointer();
    return new Float32Array(this.exports.memory.buffer, pointer, this.latentDim).slice();
  }

  /** View of MAX_VOICES x VOICE_REPORT floats: the sounding voices first, in no lasting order; refreshed by the call, which allocates nothing. */
  voiceReport(): Float32Array {
    this.exports.voiceReport();
    return this.report;
  }

  /**
   * The core's real FFT for the analyser. `buffer` holds `size` reals, `spectrum` size + 2 floats: re, im of bins 0..size/2.
   * Sizes 256..8192, powers of two; forward is unscaled, inverse(forward(x)) = x.
   */
  fft(size: number): { buffer: Float32Array; spectrum: Float32Array; forward(): void; inverse(): void } {
    const { memory, fftBuffer, fftSpectrum, fftForward, fftInverse } = this.exports;
    return {
      buffer: new Float32Array(memory.buffer, fftBuffer(), size),
      spectrum: new Float32Array(memory.buffer, fftSpectrum(), size + 2),
      forward: () => void fftForward(size),
      inverse: () => void fftInverse(size),
    };
  }
}
