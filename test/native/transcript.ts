// Writes down every call to a core and what came back, so that another build of the same core can be asked the same and must answer alike, to the bit.
// native-shell/tests/Transcript.h reads it.
import type { Core, CoreModel } from '../../plugin/engine/core.ts';

/** What a transcript consists of: a call's number, then its arguments and results as 32-bit words, little-endian. */
export const CALL = {
  end: 0,
  prepare: 1,
  model: 2,
  sound: 3,
  corner: 4,
  event: 5,
  process: 6,
  take: 7,
  deliver: 8,
  reset: 9,
  state: 10,
  tuning: 11,
  path: 12,
  block: 13,
} as const;

/** "TFTR" and the version of the form. */
const MAGIC = 0x52544654;
const VERSION = 2;

export class Transcript {
  private bytes = new DataView(new ArrayBuffer(1 << 20));
  private length = 0;

  constructor() {
    this.integers(MAGIC, VERSION);
  }

  /** The core itself, except that calls through it are written down. */
  record(core: Core): Core {
    const recorded: Partial<Core> = {
      prepare: (sampleRate, options = {}) => {
        core.prepare(sampleRate, options);
        this.integers(CALL.prepare).floats([sampleRate]);
        this.integers(options.seed ?? 1, options.strict ? 1 : 0);
      },
      setModel: (model, slot = 0) => {
        core.setModel(model, slot);
        this.integers(CALL.model, slot).model(model);
      },
      setSound: (latent, mapX, mapY) => {
        core.setSound(latent, mapX, mapY);
        this.integers(CALL.sound, latent.length).floats(latent).floats([mapX, mapY]);
      },
      setCorner: (corner, latent) => {
        core.setCorner(corner, latent);
        this.integers(CALL.corner, corner, latent.length).floats(latent);
      },
      setTuning: (notes = null) => {
        core.setTuning(notes);
        this.integers(CALL.tuning, notes?.length ?? 0);
        if (notes) this.floats(Array.from(notes, (note) => note ?? Number.NaN));
      },
      setPath: (coordinates) => {
        core.setPath(coordinates);
        this.integers(CALL.path, coordinates.length).floats(coordinates);
      },
      event: (offset, kind, channel, key, value) => {
        const taken = core.event(offset, kind, channel, key, value);
        this.integers(CALL.event, offset, kind, channel, key).floats([value]);
        this.integers(taken ? 1 : 0);
        return taken;
      },
      announceBlock: (frames) => {
        core.announceBlock(frames);
        this.integers(CALL.block, frames);
      },
      process: (frames) => {
        const made = core.process(frames);
        this.integers(CALL.process, frames, made);
        this.floats(core.left.subarray(0, made)).floats(core.right.subarray(0, made));
        return made;
      },
      takeRequests: (into, at, limit, size = core.rowSize) => {
        const count = core.takeRequests(into, at, limit, size);
        this.integers(CALL.take, limit, size, count).floats(into.subarray(at, at + count * size));
        return count;
      },
      deliver: (from, at, count, size = core.deliverySize) => {
        core.deliver(from, at, count, size);
        this.integers(CALL.deliver, count, size).floats(from.subarray(at, at + count * size));
      },
      reset: () => {
        core.reset();
        this.integers(CALL.reset);
      },
    };
    return new Proxy(core, {
      get: (target, name) => recorded[name as keyof Core] ?? Reflect.get(target, name, target),
    });
  }

  /** Writes down what the core says of itself now. */
  state(core: Core): void {
    const report = core.voiceReport();
    this.integers(CALL.state, core.activeVoices, core.underruns, core.faults, core.hopSize, core.fftSize);
    this.integers(report.length).floats(report);
    const latent = core.latent();
    this.integers(latent.length).floats(latent);
  }

  /** The whole transcript; nothing may be recorded after. */
  finish(): Uint8Array {
    this.integers(CALL.end);
    return new Uint8Array(this.bytes.buffer, 0, this.length);
  }

  private model(model: CoreModel): void {
    this.integers(model.latentDim, model.partials, model.noiseBands, model.frameSize);
    this.integers(model.partialOffset, model.noiseOffset, model.centsOffset, model.inharmonicityOffset);
    this.integers(model.latentDetail ?? 0, model.detunesOffset ?? -1, model.detunes ?? 0);
    this.integers(model.vibratoOffset ?? -1, model.releaseOffset ?? -1);
    this.floats([model.maxSeconds, model.sustainStart, model.sustainEnd, model.pitchLow, model.pitchHigh]);
    this.integers(model.interpolation === 'slerp' ? 1 : 0, model.map.length);
    this.floats(model.mean).floats(model.std);
    for (const macro of model.macros) this.floats(macro);
    for (const { x, y, latent } of model.map) this.floats([x, y]).floats(latent);
  }

  private room(words: number): void {
    if (this.length + words * 4 <= this.bytes.byteLength) return;
    const larger = new Uint8Array(2 * this.bytes.byteLength + words * 4);
    larger.set(new Uint8Array(this.bytes.buffer));
    this.bytes = new DataView(larger.buffer);
  }

  private integers(...values: number[]): this {
    this.room(values.length);
    for (const value of values) {
      this.bytes.setInt32(this.length, value, true);
      this.length += 4;
    }
    return this;
  }

  private floats(values: ArrayLike<number>): this {
    this.room(values.length);
    for (let i = 0; i < values.length; i++) {
      this.bytes.setFloat32(this.length, values[i], true);
      this.length += 4;
    }
    return this;
  }
}
