// Sounds whose every partial and noise band is known, for the tests of the analyser.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Core } from '../../engine/core.ts';
import { ANALYSIS_RATE, partialRatio } from '../layout.ts';

/** The built core: the FFT that the product analyses with. */
export function testCore(): Core {
  const path = fileURLToPath(new URL('../../../dist/core.wasm', import.meta.url));
  return Core.fromModule(new WebAssembly.Module(readFileSync(path)));
}

export interface Tone {
  f0Hz: number;
  seconds: number;
  /** Level of partial k in dB at the onset; partials from which on it gives -Infinity are left out. */
  levelDb: (k: number) => number;
  partials: number;
  inharmonicity?: number;
  /** Frequency of partial k over f0; without it that of a string. */
  ratio?: (k: number) => number;
  /** Fall in dB a second of partial k. */
  decay?: (k: number) => number;
  /** Cents that f0 lies off, over time. */
  cents?: (seconds: number) => number;
  /** Rise to full level, seconds. */
  attack?: number;
  /** Silence before the onset, seconds. */
  lead?: number;
}

/** A sum of partials. */
export function tone(what: Tone): Float32Array {
  const { f0Hz, seconds, levelDb, partials, inharmonicity = 0, decay = () => 0, cents, attack = 0, lead = 0 } = what;
  const ratioOf = what.ratio ?? ((k: number): number => partialRatio(k, inharmonicity));
  const begin = Math.round(lead * ANALYSIS_RATE);
  const out = new Float32Array(begin + Math.round(seconds * ANALYSIS_RATE));
  const count = out.length - begin;
  const rise = Float64Array.from({ length: Math.min(count, Math.ceil(attack * ANALYSIS_RATE)) }, (_, n) => {
    return n / (attack * ANALYSIS_RATE);
  });
  // Turns of the first partial before each sample; only needed where they are not evenly spaced.
  const turns = new Float64Array(cents ? count : 0);
  for (let n = 1; n < turns.length; n++) {
    turns[n] = turns[n - 1] + (f0Hz * 2 ** ((cents?.(n / ANALYSIS_RATE) ?? 0) / 1200)) / ANALYSIS_RATE;
  }
  for (let k = 1; k <= partials; k++) {
    const ratio = ratioOf(k);
    const amplitude = 10 ** (levelDb(k) / 20);
    if (f0Hz * ratio > 20_000 || amplitude === 0) continue;
    const perSample = 10 ** (-decay(k) / 20 / ANALYSIS_RATE);
    // Phases of quadratic spread, so that partials do not pile up (Schroeder 1970).
    const phase = (Math.PI * k * k) / partials;
    const angle = (2 * Math.PI * f0Hz * ratio) / ANALYSIS_RATE;
    // A damped phasor, turned on from sample to sample.
    let re = amplitude * Math.cos(phase);
    let im = amplitude * Math.sin(phase);
    const cos = perSample * Math.cos(angle);
    const sin = perSample * Math.sin(angle);
    let level = amplitude;
    for (let n = 0; n < count; n++) {
      const value = cents ? level * Math.sin(2 * Math.PI * turns[n] * ratio + phase) : im;
      out[begin + n] += n < rise.length ? rise[n] * value : value;
      if (cents) {
        level *= perSample;
      } else {
        const next = re * cos - im * sin;
        im = re * sin + im * cos;
        re = next;
      }
    }
  }
  return out;
}

/** Seeded Gaussian numbers (mulberry32, Box & Muller). */
export function gaussian(seed: number): () => number {
  let state = seed >>> 0;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** White noise of `densityDb` (power per Hz, one-sided) added to a sound. */
export function addNoise(sound: Float32Array, densityDb: number, seed = 1): Float32Array {
  const next = gaussian(seed);
  const deviation = Math.sqrt((10 ** (densityDb / 10) * ANALYSIS_RATE) / 2);
  return sound.map((v) => v + deviation * next());
}
