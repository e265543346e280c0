// Partials of a voice: where they lie, how their phases run on from frame to frame, and their lobes. Audio thread.
import { MAX_PARTIALS, MAX_UNISON } from '../generated/constants';
import { detuned, detuneOctaves } from './detune';
import { fftSize, hopSize, PHYSICAL_VOICES, sampleRateHz } from './geometry';
import { partialAmplitudes, soundingPartials } from './levels';
import { addLobes, addLobesStereo, LOBE_POSITIONS, LOBE_REACH, LOBE_ROW } from './lobes';
import { hash, uniform } from './random';
import { exp2, integers, storePolar } from './vector';

/** Partials fade out between these shares of the sample rate and are dropped above. */
const FADE_START: f32 = 0.45;
const FADE_END: f32 = 0.47;
/** Inharmonicity above this is taken as this. */
const MAX_INHARMONICITY: f32 = 0.02;

const LAYER_BYTES: i32 = MAX_PARTIALS * 4;
/** Constants of the loop, loaded where they are used (vector.ts says why). */
const ONE: usize = memory.data<f32>([1.0], 16);
const POSITIONS: usize = memory.data<f32>([<f32>LOBE_POSITIONS], 16);
const LAST_ROW: usize = memory.data<f32>([<f32>(LOBE_POSITIONS - 1)], 16);
const ROW_BYTES: usize = memory.data<f32>([<f32>LOBE_ROW], 16);
const REACH: usize = memory.data<i32>([LOBE_REACH], 16);
/** Phase in turns at the last frame's centre, per voice, layer, partial. */
const phases: usize = memory.data(PHYSICAL_VOICES * MAX_UNISON * LAYER_BYTES, 16);
/** How far the partial lay from k f0 at the last frame's centre, Hz, likewise. */
const deviations: usize = memory.data(PHYSICAL_VOICES * MAX_UNISON * LAYER_BYTES, 16);
/** f0 in Hz at the last frame's centre, per voice and layer; 0 before the first frame. */
const pitches: usize = memory.data(PHYSICAL_VOICES * MAX_UNISON * 4, 16);

/** k, and log2 k, of partial k. */
const numbers: usize = memory.data(LAYER_BYTES, 16);
const octaves: usize = memory.data(LAYER_BYTES, 16);

// Lobes of the layer at hand, see lobes.ts.
const lobeBytes: usize = memory.data(LAYER_BYTES, 16);
const lobeRows: usize = memory.data(LAYER_BYTES, 16);
const lobeBetween: usize = memory.data(LAYER_BYTES, 16);
const lobeRe: usize = memory.data(LAYER_BYTES, 16);
const lobeIm: usize = memory.data(LAYER_BYTES, 16);

for (let k = 1; k <= MAX_PARTIALS; k++) {
  store<f32>(numbers + ((<usize>(k - 1)) << 2), <f32>k);
  store<f32>(octaves + ((<usize>(k - 1)) << 2), <f32>(Math.log(<f64>k) / Math.LN2));
}

/** log2 k of partials 1..MAX_PARTIALS. */
export function partialOctaves(): usize {
  return octaves;
}

/** Random phases for every layer of a voice; its next frame sets the frequencies. */
export function startPartials(voice: i32, seed: u32): void {
  const at = phases + <usize>(voice * MAX_UNISON * LAYER_BYTES);
  const first = hash(seed, 0x70617274);
  for (let i = 0; i < MAX_UNISON * MAX_PARTIALS; i++) {
    store<f32>(at + ((<usize>i) << 2), uniform(first, i));
  }
  memory.fill(deviations + <usize>(voice * MAX_UNISON * LAYER_BYTES), 0, MAX_UNISON * LAYER_BYTES);
  memory.fill(pitches + <usize>(voice * MAX_UNISON * 4), 0, MAX_UNISON * 4);
}

/**
 * Adds a layer's partials, at the amplitudes of levels.ts, to the spectra (left only unless `stereo`). f_k = f0 k sqrt((1 + B k^2) / (1 + B)) k^stretch,
 * times two to the power of its detune (detune.ts).
 * Phases run on from the last frame by the mean of both frequencies, which is exact for a linear glide (McAulay & Quatieri 1986, without the cubic).
 */
export function addPartialLobes(
  voice: i32,
  layer: i32,
  stereo: bool,
  f0Hz: f32,
  inharmonicity: f32,
  stretch: f32,
  gainL: f32,
  gainR: f32,
): void {
  const count = soundingPartials();
  const rate = sampleRateHz();
  const limitHz = FADE_END * rate;
  // Written so that NaN is refused too.
  if (!(f0Hz > 0.0 && f0Hz < limitHz)) return;
  const b: f32 = inharmonicity > 0.0 ? min(inharmonicity, MAX_INHARMONICITY) : 0.0;
  const index = voice * MAX_UNISON + layer;
  const phase = phases + <usize>(index * LAYER_BYTES);
  const deviation = deviations + <usize>(index * LAYER_BYTES);
  const pitch = pitches + ((<usize>index) << 2);
  const lastHz = load<f32>(pitch);
  const first = lastHz == 0.0;
  store<f32>(pitch, f0Hz);
  // Turns of the fundamental in this hop, without whole ones (k times which are whole too), in 17 bits and a rest: k times the 17 bits is exact,
  // so harmonics stay locked to each other however long the note.
  let theta: f64 = first ? 0.0 : (0.5 * (<f64>lastHz + <f64>f0Hz) * <f64>hopSize()) / <f64>rate;
  theta -= Math.floor(theta);
  const coarse = Math.floor(theta * 131072.0) / 131072.0;
  const thetaCoarse = f32x4.splat(<f32>coarse);
  const thetaFine = f32x4.splat(<f32>(theta - coarse));

  const base = f32x4.splat(f0Hz);
  const bend = f32x4.splat(b);
  const unity = f32x4.splat(<f32>1.0 / (<f32>1.0 + b));
  const stretched = stretch != 0.0 && abs(stretch) < 1.0;
  const power = f32x4.splat(stretch);
  const off = detuned();
  const offs = detuneOctaves();
  // Half a hop's turns per Hz: times the sum of both frequencies it is the mean's advance.
  const advance = f32x4.splat(first ? <f32>0.0 : <f32>((0.5 * <f64>hopSize()) / <f64>rate));
  const binsPerHz = f32x4.splat(<f32>(<f64>fftSize() / <f64>rate));
  const limit = f32x4.splat(limitHz);
  const slope = f32x4.splat(<f32>1.0 / ((FADE_END - FADE_START) * rate));
  const end = (<usize>count) << 2;
  let used = 0;
  for (let i: usize = 0; i < end; i += 16) {
    const k = v128.load(numbers + i);
    const one = v128.load32_splat(ONE);
    const inner = f32x4.mul(f32x4.add(one, f32x4.mul(bend, f32x4.mul(k, k))), unity);
    let spread = f32x4.sqrt(inner);
    if (stretched) spread = f32x4.mul(spread, exp2(f32x4.mul(power, v128.load(octaves + i))));
    if (off) spread = f32x4.mul(spread, exp2(v128.load(offs + i)));
    const harmonic = f32x4.mul(base, k);
    const away = f32x4.mul(harmonic, f32x4.sub(spread, one));
    const f = f32x4.add(harmonic, away);
    // Rising with k unless detuned, so nothing behind a first lane beyond the limit can sound.
    if (!off && f32x4.extract_lane(f, 0) >= limitHz) break;
    const whole = f32x4.mul(k, thetaCoarse);
    const rest = f32x4.add(f32x4.mul(k, thetaFine), f32x4.mul(advance, f32x4.add(away, v128.load(deviation + i))));
    let turns = f32x4.add(v128.load(phase + i), f32x4.add(f32x4.sub(whole, f32x4.floor(whole)), rest));
    turns = f32x4.sub(turns, f32x4.floor(turns));
    v128.store(phase + i, turns);
    v128.store(deviation + i, away);
    const fade = f32x4.pmin(one, f32x4.pmax(f32x4.splat(0.0), f32x4.mul(slope, f32x4.sub(limit, f))));
    const amplitude = f32x4.mul(fade, v128.load(partialAmplitudes + i));
    storePolar(lobeRe + i, lobeIm + i, turns, amplitude);
    const bins = f32x4.mul(binsPerHz, f32x4.pmin(f, limit));
    const bin = f32x4.floor(bins);
    const place = f32x4.mul(v128.load32_splat(POSITIONS), f32x4.sub(bins, bin));
    const row = f32x4.pmin(v128.load32_splat(LAST_ROW), f32x4.floor(place));
    v128.store(lobeRows + i, integers(f32x4.mul(row, v128.load32_splat(ROW_BYTES))));
    v128.store(lobeBetween + i, f32x4.sub(place, row));
    v128.store(lobeBytes + i, i32x4.shl(i32x4.sub(integers(bin), v128.load32_splat(REACH)), 2));
    used = <i32>(i >> 2) + 4;
  }
  if (stereo) addLobesStereo(used, lobeBytes, lobeRows, lobeBetween, lobeRe, lobeIm, gainL, gainR);
  else addLobes(used, lobeBytes, lobeRows, lobeBetween, lobeRe, lobeIm, gainL);
}
