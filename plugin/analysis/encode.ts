// A sound becomes a preset: the model's encoder says where it lies, and refinement walks on from there. Runs in Node and in a Worker alike.
import { MACRO_COUNT, type ModelIdentity, PRESET_FORMAT, PRESET_VERSION, type Preset } from '../instrument/preset.ts';
import type { Manifest, SoundMap } from '../model/manifest.ts';
import type { SoundFeatures } from './analyser.ts';
import { COLUMNS, FRAMES } from './layout.ts';
import { lbfgs } from './lbfgs.ts';

/** Features that an encoder must name in its manifest to be given ours. */
export const ENCODER_FEATURES = 'timbrefold-features/1';
/** Velocity at which an encoded sound is taken to be played. */
export const ENCODED_VELOCITY = 0.8;
const REFINE_STEPS = 80;

/** Runs one graph of the bundle: tensors in by name, tensors out by name. */
export type RunGraph = (inputs: Record<string, Float32Array>) => Promise<Record<string, Float32Array>>;

export interface EncodingModel {
  manifest: Pick<Manifest, 'name' | 'latent' | 'conditioning' | 'encoder'>;
  identity: ModelIdentity;
  map: SoundMap;
  /** The graph of role `encoder`. */
  encode: RunGraph;
  /** The graph of role `refine`, or null where the model has none. */
  refine: RunGraph | null;
}

export interface EncodeOptions {
  /** Name of the preset. */
  name: string;
  /** Walk down the gradient after encoding. */
  refine?: boolean;
  /** Called after each step of refinement, of `steps` at most; returning false ends it there. */
  onStep?: (step: number, steps: number, loss: number) => boolean | undefined;
}

export interface Encoded {
  preset: Preset;
  /** Note that the sound was taken for, within the model's range. */
  pitch: number;
  /** The model's own loss before and after refinement; null where it was not refined. */
  refined: { before: number; after: number; steps: number } | null;
  /** Sentences for the musician. */
  warnings: string[];
}

/** Encodes an analysed sound. Throws an Error with a sentence where the model cannot encode or gives no numbers. */
export async function encodeSound(
  sound: SoundFeatures,
  model: EncodingModel,
  { name, refine = false, onStep }: EncodeOptions,
): Promise<Encoded> {
  const { manifest, identity } = model;
  const { encoder, latent } = manifest;
  if (!encoder) throw new Error(`The model ${manifest.name} has no encoder, so it cannot take a sound.`);
  if (encoder.features !== ENCODER_FEATURES || encoder.frames !== FRAMES || encoder.columns > COLUMNS) {
    throw new Error(
      `The encoder of ${manifest.name} wants ${encoder.features} with ${encoder.frames} x ${encoder.columns} values; this Timbrefold makes ${ENCODER_FEATURES} with ${FRAMES} x ${COLUMNS}.`,
    );
  }
  const warnings: string[] = [];
  if (!sound.pitched)
    warnings.push('No pitch was found; the sound was taken for a C4, and keys will transpose its noise.');
  const [lowest, highest] = manifest.conditioning.range;
  const pitch = Math.min(highest, Math.max(lowest, sound.pitch));
  if (pitch !== sound.pitch) {
    warnings.push(
      `The note ${sound.pitch.toFixed(1)} lies outside the range of ${manifest.name} (${lowest} to ${highest}); the nearest end was taken.`,
    );
  }
  const target = firstColumns(sound.frames, encoder.columns);
  const answer = await model.encode({ frames: target, pitch: Float32Array.of(pitch) });
  let z: Float32Array = Float32Array.from(answer.z ?? []);
  if (z.length !== latent.dim || !z.every(Number.isFinite)) {
    throw new Error(`The encoder of ${manifest.name} gave no usable latent for this sound.`);
  }
  let refined: Encoded['refined'] = null;
  if (refine) {
    const { refine: graph } = model;
    if (!graph) throw new Error(`The model ${manifest.name} has no refinement; encode without it.`);
    const evaluate = async (at: Float32Array): Promise<{ loss: number; gradient: Float32Array }> => {
      const velocity = Float32Array.of(ENCODED_VELOCITY);
      const { loss, gradient } = await graph({ z: at, pitch: Float32Array.of(pitch), velocity, target });
      return { loss: loss[0], gradient };
    };
    const before = (await evaluate(z)).loss;
    const { x, loss, steps } = await lbfgs(evaluate, z, {
      steps: REFINE_STEPS,
      tolerance: 1e-5,
      onStep: onStep && ((step, at) => onStep(step, REFINE_STEPS, at)),
    });
    z = x;
    refined = { before, after: loss, steps };
  }
  const place = nearestPlace(z, model);
  const preset: Preset = {
    format: PRESET_FORMAT,
    version: PRESET_VERSION,
    name,
    model: { id: identity.id, sha256: identity.sha256 },
    latent: Array.from(z),
    map: place,
    macros: new Array<number>(MACRO_COUNT).fill(0.5),
    parameters: {},
    seed: 1,
  };
  return { preset, pitch, refined, warnings };
}

/** The first `columns` of each frame. */
function firstColumns(frames: Float32Array, columns: number): Float32Array {
  const out = new Float32Array(FRAMES * columns);
  for (let j = 0; j < FRAMES; j++) out.set(frames.subarray(j * COLUMNS, j * COLUMNS + columns), j * columns);
  return out;
}

/** Place of the map point whose latent lies nearest, in units of the prior's spread. */
function nearestPlace(z: Float32Array, { manifest, map }: EncodingModel): { x: number; y: number } {
  const { std } = manifest.latent;
  let best = { x: 0.5, y: 0.5 };
  let nearest = Infinity;
  for (const { x, y, latent } of map.points) {
    let distance = 0;
    for (let i = 0; i < z.length; i++) distance += ((z[i] - latent[i]) / std[i]) ** 2;
    if (distance < nearest) {
      nearest = distance;
      best = { x, y };
    }
  }
  return best;
}
