// Loops: found where a sound rests, refused where it falls or is silent, and without an audible seam.
import { findLoop, makeSeamless } from './loop.ts';

const RATE = 48_000;
const HELD = 3 * RATE;
const region = { from: RATE, to: HELD - 960, sampleRate: RATE };

function tone(amplitude: (seconds: number) => number, hz = 220.37): Float32Array {
  return Float32Array.from({ length: HELD }, (_, i) => {
    const t = i / RATE;
    // Slightly stretched partials: no length repeats exactly.
    return amplitude(t) * (Math.sin(2 * Math.PI * hz * t) + 0.5 * Math.sin(2 * Math.PI * hz * 2.003 * t));
  });
}

/** Largest step between neighbouring samples. */
const roughness = (samples: Float32Array): number =>
  samples.reduce((most, sample, i) => (i === 0 ? 0 : Math.max(most, Math.abs(sample - samples[i - 1]))), 0);

const played = (samples: Float32Array, loop: { start: number; end: number }, turns: number): Float32Array => {
  const around = Array.from(samples.subarray(loop.start, loop.end + 1));
  return Float32Array.from(Array.from({ length: turns }, () => around).flat());
};

describe('a loop', () => {
  test('lies inside the held part of a steady tone and repeats without a step or a change of level', () => {
    const left = tone(() => 0.3);
    const right = tone(() => 0.2);
    const loop = findLoop(left, right, region);
    if (!loop) throw new Error('No loop was found.');
    expect(loop.start).toBeGreaterThan(region.from);
    expect(loop.end).toBe(region.to - 1);
    expect(loop.end - loop.start).toBeGreaterThan(0.25 * RATE);
    const smooth = roughness(left);
    makeSeamless(left, right, loop, RATE);
    const turns = played(left, loop, 3);
    expect(roughness(turns)).toBeLessThan(smooth * 1.1);
    const levels = [];
    for (let at = 0; at + 4800 <= turns.length; at += 4800) {
      levels.push(Math.sqrt(turns.subarray(at, at + 4800).reduce((sum, x) => sum + x * x, 0) / 4800));
    }
    expect(20 * Math.log10(Math.max(...levels) / Math.min(...levels))).toBeLessThan(1.5);
  });

  test('of noise keeps its level through the crossfade', () => {
    let state = 1;
    const random = (): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 2 ** 31 - 1;
    };
    const left = Float32Array.from({ length: HELD }, random);
    const right = Float32Array.from({ length: HELD }, random);
    const loop = findLoop(left, right, region);
    if (!loop) throw new Error('No loop was found.');
    makeSeamless(left, right, loop, RATE);
    const middle = left.subarray(loop.end - Math.round(0.1 * RATE), loop.end - Math.round(0.05 * RATE));
    const rms = Math.sqrt(middle.reduce((sum, x) => sum + x * x, 0) / middle.length);
    expect(Math.abs(20 * Math.log10(rms / Math.sqrt(1 / 3)))).toBeLessThan(0.7);
  });

  test('is not laid over a sound that falls or is silent', () => {
    const falling = tone((t) => 0.3 * 10 ** ((-6 * t) / 20));
    expect(findLoop(falling, falling, region)).toBeNull();
    const silent = new Float32Array(HELD);
    expect(findLoop(silent, silent, region)).toBeNull();
  });

  test('is not sought where the held part is too short', () => {
    const short = tone(() => 0.3);
    expect(findLoop(short, short, { from: 1000, to: 9000, sampleRate: RATE })).toBeNull();
  });
});
