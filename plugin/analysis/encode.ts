// Where a sound lies in a model's latent space: its encoder's answer, and the walk from there down the gradient of the distance.
import type { Bundle } from '../model/bundle.ts';
import type { GraphRunner } from '../model/graph-runner.ts';
import type { Manifest } from '../model/manifest.ts';
import type { SoundFeatures } from './analyser.ts';
import { COLUMNS, FRAMES } from './layout.ts';
import { lbfgs } from './lbfgs.ts';

/** Features that an encoder may name in its manifest: each begins with the columns of the one before. */
export const ENCODER_FEATURES: readonly string[] = ['timbrefold-features/1', 'timbrefold-features/2'];
/** Velocity at which an encoded sound is taken to be played. */
export const ENCODED_VELOCITY = 0.8;
/** Share of clipped samples from which on the musician is told. */
const CLIPPED = 0.001;
/** Steps of refinement, at most. */
const REFINE_STEPS = 600;
/** Share of the time and of the steps in which z alone moves, so that detail is left what z cannot say. */
const Z_SHARE = 0.25;
/** A step that gains less than this share of the loss is the last. */
const TOLERANCE = 2e-5;
/** Whoever calls is let breathe this often while refining, ms: a Worker hears "cancel" then. */
const BREATH_MS = 40;

/** A graph of the bundle that is open. */
export type Graph = Pick<GraphRunner, 'run' | 'spec'>;

export interface LatentModel {
  manifest: Pick<Manifest, 'name' | 'latent' | 'conditioning' | 'encoder'>;
  /** The graph of role `encoder`. */
  encoder: Graph;
  /** The graph of role `refine`, or null where the model has none. */
  refiner: Graph | null;
}

export interface EncodedLatent {
  /** z and detail. */
  latent: Float32Array;
  /** MIDI note that the sound was taken for, within the model's range. */
  pitch: number;
  /** Sentences for the musician. */
  warnings: string[];
}

export interface RefineLimits {
  /** The walk ends after this time ... */
  seconds: number;
  /** ... or when this says so, asked between steps. */
  stopped?: () => boolean;
  /** Gets the share of the time or of the steps that is used, 0..1. */
  onProgress?: (share: number) => void;
}

export interface Refinement {
  latent: Float32Array;
  /** The model's own loss at the start and at the end. */
  before: number;
  after: number;
  steps: number;
  seconds: number;
  /** Why it ended: nothing more to gain, no time or steps left, or stopped. */
  ended: 'converged' | 'time' | 'stopped';
}

/**
 * Latent of an analysed sound by the model's encoder.
 * @throws Error with a sentence where the model cannot encode or gives no numbers
 */
export async function encodeLatent(sound: SoundFeatures, { manifest, encoder }: LatentModel): Promise<EncodedLatent> {
  const { name, latent, conditioning, encoder: wanted } = manifest;
  if (!wanted) throw new Error(`The model ${name} has no encoder, so it cannot take a sound.`);
  if (!ENCODER_FEATURES.includes(wanted.features) || wanted.frames !== FRAMES || wanted.columns > COLUMNS) {
    throw new Error(
      `The encoder of ${name} wants ${wanted.features} with ${wanted.frames} x ${wanted.columns} values; this Timbrefold makes ${ENCODER_FEATURES.at(-1)} with ${FRAMES} x ${COLUMNS}.`,
    );
  }
  const warnings: string[] = [];
  if (!sound.pitched)
    warnings.push('No pitch was found; the sound was taken for a C4, and keys will transpose its noise.');
  if (sound.clipped > CLIPPED) {
    warnings.push(
      `The recording is clipped (${(100 * sound.clipped).toFixed(1)} % of its samples stand at full scale); what was cut off is heard as brightness.`,
    );
  }
  const [lowest, highest] = conditioning.range;
  const pitch = Math.min(highest, Math.max(lowest, sound.pitch));
  if (pitch !== sound.pitch) {
    warnings.push(
      `The note ${sound.pitch.toFixed(1)} lies outside the range of ${name} (${lowest} to ${highest}); the nearest end was taken.`,
    );
  }
  const answer = await encoder.run({
    frames: firstColumns(sound.frames, wanted.columns),
    pitch: Float32Array.of(pitch),
  });
  const found = Float32Array.from(answer.z ?? []);
  if (found.length !== latent.dim || !found.every(Number.isFinite)) {
    throw new Error(`The encoder of ${name} gave no usable latent for this sound.`);
  }
  return { latent: found, pitch, warnings };
}

/**
 * Walks from `start` (z and detail) towards the sound: L-BFGS on the loss that the model's refine graph gives, in units of the latents' spread, z alone first.
 * The refine graph weighs what it wants beside the distance (staying near the prior, a small detail).
 * @throws Error with a sentence where the model has no refinement or it gives no numbers
 */
export async function refineLatent(
  sound: SoundFeatures,
  { manifest, refiner }: LatentModel,
  { latent: start, pitch }: Pick<EncodedLatent, 'latent' | 'pitch'>,
  { seconds, stopped, onProgress }: RefineLimits,
): Promise<Refinement> {
  const { name, latent } = manifest;
  if (!refiner) throw new Error(`The model ${name} has no refinement.`);
  const spread = Float32Array.from(latent.std);
  const columns = refiner.spec.inputs.find((tensor) => tensor.name === 'target')?.shape[2];
  if (typeof columns !== 'number' || columns > COLUMNS) {
    throw new Error(`The refinement of ${name} wants other features than this Timbrefold makes.`);
  }
  const fixed = {
    target: firstColumns(sound.frames, columns),
    pitch: Float32Array.of(pitch),
    velocity: Float32Array.of(ENCODED_VELOCITY),
  };
  const begun = performance.now();
  let breathed = begun;
  let steps = 0;
  let ended: Refinement['ended'] = 'converged';
  const free = latent.dim - (latent.detail ?? 0);
  const walk = async (
    from: Float32Array,
    moving: number,
    share: number,
  ): Promise<{ x: Float32Array; loss: number }> => {
    const evaluate = async (at: Float32Array): Promise<{ loss: number; gradient: Float32Array }> => {
      if (performance.now() - breathed > BREATH_MS) {
        await new Promise((resolve) => setTimeout(resolve));
        breathed = performance.now();
      }
      const z = at.map((v, i) => v * spread[i]);
      const { loss, gradient } = await refiner.run({ ...fixed, z });
      return { loss: loss[0], gradient: gradient.map((v, i) => (i < moving ? v * spread[i] : 0)) };
    };
    return lbfgs(evaluate, from, {
      steps: Math.ceil(share * REFINE_STEPS) - steps,
      memory: 12,
      tolerance: TOLERANCE,
      onStep: () => {
        steps++;
        const used = Math.max((performance.now() - begun) / 1000 / seconds, steps / REFINE_STEPS);
        onProgress?.(Math.min(1, used));
        if (stopped?.()) ended = 'stopped';
        else if (used >= 1) ended = 'time';
        return ended === 'converged' && used < share;
      },
    });
  };
  const scaled = start.map((v, i) => v / spread[i]);
  const { loss: lossBefore } = await refiner.run({ ...fixed, z: start });
  if (!Number.isFinite(lossBefore[0])) throw new Error(`The refinement of ${name} gave no usable loss for this sound.`);
  let reached = await walk(scaled, free, free < latent.dim ? Z_SHARE : 1);
  if (free < latent.dim && ended === 'converged') reached = await walk(reached.x, latent.dim, 1);
  return {
    latent: reached.x.map((v, i) => v * spread[i]),
    before: lossBefore[0],
    after: reached.loss,
    steps,
    seconds: (performance.now() - begun) / 1000,
    ended,
  };
}

/** The first `columns` of each frame. */
function firstColumns(frames: Float32Array, columns: number): Float32Array {
  const out = new Float32Array(FRAMES * columns);
  for (let j = 0; j < FRAMES; j++) out.set(frames.subarray(j * COLUMNS, j * COLUMNS + columns), j * columns);
  return out;
}

/** Place of the map point whose z (not its detail) lies nearest, in units of the latents' spread. */
export function nearestPlace(
  latent: ArrayLike<number>,
  { manifest, map }: Pick<Bundle, 'map'> & { manifest: Pick<Manifest, 'latent'> },
): { x: number; y: number } {
  const { std, dim, detail } = manifest.latent;
  const count = dim - (detail ?? 0);
  let best = { x: 0.5, y: 0.5 };
  let nearest = Infinity;
  for (const { x, y, latent: point } of map.points) {
    let distance = 0;
    for (let i = 0; i < count; i++) distance += ((latent[i] - point[i]) / std[i]) ** 2;
    if (distance < nearest) {
      nearest = distance;
      best = { x, y };
    }
  }
  return best;
}
