// Compiles the test entry with the product's flags and instantiates it; once per test file.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { compileCore } from '../../../scripts/build/core.ts';
import { root } from '../../../scripts/build/paths.ts';

/** What entry.ts exports; pointers are byte offsets. */
export interface Spectral {
  memory: WebAssembly.Memory;
  fftBuffer(): number;
  fftSpectrum(): number;
  fftForward(size: number): number;
  fftInverse(size: number): number;
  prepareSpectral(sampleRate: number): void;
  fftSize(): number;
  hopSize(): number;
  resynthesisWindow(): number;
  framesPointer(): number;
  setFrameLayout(partials: number, noiseBands: number, partialOffset: number, noiseOffset: number): void;
  shapeFrames(
    frameA: number,
    frameB: number,
    mix: number,
    f0Hz: number,
    tilt: number,
    oddEven: number,
    noiseBalance: number,
    formant: number,
  ): void;
  shapedPower(): number;
  soundingPartials(): number;
  soundingBands(): number;
  partialAmplitudes: WebAssembly.Global;
  bandAmplitudes: WebAssembly.Global;
  startVoice(voice: number, seed: number): void;
  beginFrame(voice: number, stereo: number): void;
  addPartials(
    voice: number,
    layer: number,
    f0Hz: number,
    inharmonicity: number,
    stretch: number,
    gainL: number,
    gainR: number,
  ): void;
  addNoise(voice: number, gainL: number, gainR: number, width: number): void;
  endFrame(voice: number): void;
  segment(voice: number, channel: number): number;
  renderFrames(voice: number, count: number, f0Hz: number, stereo: number): void;
}

let compiled: Promise<WebAssembly.Module> | undefined;

async function compile(): Promise<WebAssembly.Module> {
  const folder = mkdtempSync(join(tmpdir(), 'timbrefold-spectral-'));
  try {
    const file = join(folder, 'spectral.wasm');
    await compileCore('dsp-core/test/spectral/entry.ts', relative(root, file));
    return await WebAssembly.compile(readFileSync(file));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The spectral part in a fresh instance. */
export async function buildSpectral(): Promise<Spectral> {
  compiled ??= compile();
  const instance = await WebAssembly.instantiate(await compiled, {});
  return instance.exports as unknown as Spectral;
}

/** Floats at a pointer. */
export function floats(core: Spectral, pointer: number, length: number): Float32Array {
  return new Float32Array(core.memory.buffer, pointer, length);
}

/** Levels of a frame in dB, partials then noise bands, as `writeFrame` puts them into the core. */
export interface Levels {
  partials: ArrayLike<number>;
  noise: ArrayLike<number>;
}

/** Writes a frame as payload A (0) or B (1), sets the layout to match and returns the payload's address. */
export function writeFrame(core: Spectral, which: 0 | 1, { partials, noise }: Levels): number {
  const at = core.framesPointer() + which * 256 * 4;
  const payload = floats(core, at, 256);
  payload.fill(Number.NaN);
  payload.set(partials, 0);
  payload.set(noise, partials.length);
  core.setFrameLayout(partials.length, noise.length, 0, partials.length);
  return at;
}

export interface Note {
  levels: Levels;
  seconds: number;
  sampleRate: number;
  /** Pitch in Hz at a time in seconds. */
  f0Hz: (seconds: number) => number;
  inharmonicity?: number;
  stretch?: number;
  stereo?: boolean;
  width?: number;
  voice?: number;
  seed?: number;
}

/** Renders one note the way the control part does; sample 0 is the centre of frame 0. `prepareSpectral` must have been called. */
export function render(core: Spectral, note: Note): { left: Float32Array; right: Float32Array } {
  const { voice = 0, seed = 1, stereo = false, width = 0, inharmonicity = 0, stretch = 0 } = note;
  const hop = core.hopSize();
  const frames = Math.ceil((note.seconds * note.sampleRate) / hop);
  const left = new Float32Array(frames * hop);
  const right = new Float32Array(frames * hop);
  const payload = writeFrame(core, 0, note.levels);
  core.startVoice(voice, seed);
  for (let frame = 0; frame <= frames; frame++) {
    const f0 = note.f0Hz((frame * hop) / note.sampleRate);
    core.shapeFrames(payload, payload, 0, f0, 0, 0, 0, 0);
    core.beginFrame(voice, stereo ? 1 : 0);
    core.addPartials(voice, 0, f0, inharmonicity, stretch, 1, 1);
    core.addNoise(voice, 1, 1, width);
    core.endFrame(voice);
    if (frame === 0) continue;
    left.set(floats(core, core.segment(voice, 0), hop), (frame - 1) * hop);
    right.set(floats(core, core.segment(voice, 1), hop), (frame - 1) * hop);
  }
  return { left, right };
}
