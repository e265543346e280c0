// A sound becomes a preset: analysis, encoder, refinement, and a listen to what came of it. The command line, the page's Worker and the plug-in's view share it.
import type { Core } from '../engine/core.ts';
import { MACRO_COUNT, PRESET_FORMAT, PRESET_VERSION, type Preset, presetEvents } from '../instrument/preset.ts';
import type { Bundle } from '../model/bundle.ts';
import { coreModel } from '../model/core-model.ts';
import type { Decoder } from '../model/decoder.ts';
import type { GraphRunner } from '../model/graph-runner.ts';
import type { GraphRole } from '../model/manifest.ts';
import { Analyser, type SoundFeatures } from './analyser.ts';
import {
  ENCODED_VELOCITY,
  encodeLatent,
  nearestPlace,
  type RefineLimits,
  type Refinement,
  refineLatent,
} from './encode.ts';
import { l60 } from './l60.ts';
import { ANALYSIS_RATE } from './layout.ts';
import { playNote } from './play-note.ts';

/** Seconds of a sound that are played for comparison, and samples before its onset. */
const HEARD_SECONDS = 3.2;
const LEAD = 240;
/** No sample of what is auditioned is larger than this. */
const PEAK = 0.98;

/** ONNX Runtime of the place: `plugin/model/ort-node.ts` or `ort-web.ts` hold such a pair. */
export interface GraphRuntime {
  openDecoder(bundle: Bundle): Promise<Decoder>;
  openGraph(bundle: Bundle, role: GraphRole): Promise<GraphRunner | null>;
}

export type EncodeStage = 'listening' | 'encoding' | 'refining' | 'playing';

export interface EncodeOptions {
  /** Name of the preset. */
  name: string;
  /** Nominal MIDI note of the sound, where it is known. */
  key?: number | null;
  /** Refine at once, for at most so many seconds; 0 or absent: not at all. */
  refineSeconds?: number;
  /** share 0..1, or -1 where unknown. */
  onProgress?: (stage: EncodeStage, share: number) => void;
  /** Asked between steps: true ends the work. Before there is a latent this throws EncodingStopped; a refinement keeps what it has reached. */
  stopped?: () => boolean;
}

/** What a sound has become. Plain data: it crosses threads as it is. */
export interface EncodedSound {
  preset: Preset;
  /** MIDI note, fractional, that the sound was taken for; `resynthesis` plays it. */
  pitch: number;
  features: SoundFeatures;
  /** L60 in dB between the sound and the preset as the core plays it: now, and before the last refinement (null without one). */
  score: number;
  scoreBefore: number | null;
  /** What the last refinement did; null without one. */
  refined: Omit<Refinement, 'latent'> | null;
  /** Whether `refine` can bring it nearer. */
  refinable: boolean;
  /** Sentences for the musician. */
  warnings: string[];
  /** The sound from just before its onset, and the preset at its pitch with the same loudness: mono at ANALYSIS_RATE, for audition and pictures. */
  original: Float32Array<ArrayBuffer>;
  resynthesis: Float32Array<ArrayBuffer>;
}

/** Somebody cancelled before there was anything to keep. */
export class EncodingStopped extends Error {
  override readonly name = 'EncodingStopped';
  constructor() {
    super('The encoding was cancelled.');
  }
}

/** The open graphs of one model, and a core to listen with. One sound at a time. */
export class SoundEncoder {
  private readonly core: Core;
  private readonly bundle: Bundle;
  private readonly decoder: Decoder;
  private readonly encoder: GraphRunner;
  private readonly refiner: GraphRunner | null;

  private constructor(core: Core, bundle: Bundle, decoder: Decoder, encoder: GraphRunner, refiner: GraphRunner | null) {
    this.core = core;
    this.bundle = bundle;
    this.decoder = decoder;
    this.encoder = encoder;
    this.refiner = refiner;
  }

  /** The core belongs to the encoder from now on. @throws BundleError, or an Error with a sentence where the model has no encoder */
  static async open(core: Core, bundle: Bundle, runtime: GraphRuntime): Promise<SoundEncoder> {
    const encoder = await runtime.openGraph(bundle, 'encoder');
    if (!encoder) throw new Error(`The model ${bundle.manifest.name} has no encoder, so it cannot take a sound.`);
    const refiner = await runtime.openGraph(bundle, 'refine');
    return new SoundEncoder(core, bundle, await runtime.openDecoder(bundle), encoder, refiner);
  }

  /**
   * A preset of a mono sound at ANALYSIS_RATE.
   * @throws UnfitSound, EncodingStopped, or an Error with a sentence
   */
  async encode(samples: Float32Array, options: EncodeOptions): Promise<EncodedSound> {
    const { name, key = null, refineSeconds = 0, onProgress, stopped } = options;
    const goOn = async (): Promise<void> => {
      // A Worker hears of a wish to stop only when it is let breathe.
      await new Promise((resolve) => setTimeout(resolve));
      if (stopped?.()) throw new EncodingStopped();
    };
    onProgress?.('listening', -1);
    const features = new Analyser(this.core).analyse(samples, { key, velocity: null });
    await goOn();
    onProgress?.('encoding', -1);
    const { latent, pitch, warnings } = await encodeLatent(features, this.latentModel());
    await goOn();
    const preset = this.preset(name, latent);
    const original = excerpt(samples, features.onset);
    onProgress?.('playing', -1);
    const { score, resynthesis } = await this.listen(samples, original, features.onset, preset, pitch);
    const encoded: EncodedSound = {
      preset,
      pitch,
      features,
      score,
      scoreBefore: null,
      refined: null,
      refinable: this.refiner !== null,
      warnings,
      original,
      resynthesis,
    };
    return refineSeconds > 0 && this.refiner
      ? this.refine(samples, encoded, { seconds: refineSeconds, onProgress, stopped })
      : encoded;
  }

  /**
   * Brings an encoded sound nearer to its original for at most `seconds`; a preset that then sounds farther away (by L60) is not taken.
   * @throws Error with a sentence where the model has no refinement
   */
  async refine(
    samples: Float32Array,
    encoded: EncodedSound,
    { seconds, onProgress, stopped }: Pick<EncodeOptions, 'onProgress' | 'stopped'> & Pick<RefineLimits, 'seconds'>,
  ): Promise<EncodedSound> {
    const { features, pitch, original, preset, score } = encoded;
    const start = { latent: Float32Array.from(preset.latent), pitch };
    const { latent, ...refined } = await refineLatent(features, this.latentModel(), start, {
      seconds,
      stopped,
      onProgress: (share) => onProgress?.('refining', share),
    });
    onProgress?.('playing', -1);
    const nearer = this.preset(preset.name, latent);
    const heard = await this.listen(samples, original, features.onset, nearer, pitch);
    if (heard.score > score) return { ...encoded, scoreBefore: score, refined };
    return { ...encoded, preset: nearer, ...heard, scoreBefore: score, refined };
  }

  async dispose(): Promise<void> {
    await Promise.all([this.decoder.dispose(), this.encoder.dispose(), this.refiner?.dispose()]);
  }

  private latentModel(): Parameters<typeof encodeLatent>[1] {
    return { manifest: this.bundle.manifest, encoder: this.encoder, refiner: this.refiner };
  }

  private preset(name: string, latent: Float32Array): Preset {
    const { id, sha256 } = this.bundle.identity;
    return {
      format: PRESET_FORMAT,
      version: PRESET_VERSION,
      name,
      model: { id, sha256 },
      // JSON knows no -0.
      latent: Array.from(latent, (value) => value + 0),
      map: nearestPlace(latent, this.bundle),
      macros: new Array<number>(MACRO_COUNT).fill(0.5),
      parameters: {},
      seed: 1,
    };
  }

  /** Plays the preset as long as the original and as loud. */
  private async listen(
    samples: Float32Array,
    original: Float32Array,
    onset: number,
    preset: Preset,
    pitch: number,
  ): Promise<{ score: number; resynthesis: Float32Array<ArrayBuffer> }> {
    const lead = Math.min(onset, LEAD);
    const played = await playNote({
      core: this.core,
      decoder: this.decoder,
      model: coreModel(this.bundle),
      latent: preset.latent,
      map: preset.map,
      events: presetEvents(preset),
      pitch,
      velocity: ENCODED_VELOCITY,
      seconds: (original.length - lead) / ANALYSIS_RATE,
    });
    const resynthesis = new Float32Array(original.length);
    resynthesis.set(played.subarray(0, original.length - lead), lead);
    const gain = Math.min(rms(original) / (rms(resynthesis) || 1), PEAK / (peak(resynthesis) || 1));
    for (let n = 0; n < resynthesis.length; n++) resynthesis[n] *= gain;
    return { score: l60(samples, resynthesis, ANALYSIS_RATE, this.core), resynthesis };
  }
}

/** What is auditioned of a sound. */
function excerpt(samples: Float32Array, onset: number): Float32Array<ArrayBuffer> {
  const start = Math.max(0, onset - LEAD);
  const out = Float32Array.from(samples.subarray(start, start + Math.round(HEARD_SECONDS * ANALYSIS_RATE)));
  const gain = Math.min(1, PEAK / (peak(out) || 1));
  for (let n = 0; n < out.length; n++) out[n] *= gain;
  return out;
}

function rms(samples: Float32Array): number {
  let sum = 0;
  for (const v of samples) sum += v * v;
  return Math.sqrt(sum / samples.length);
}

function peak(samples: Float32Array): number {
  let most = 0;
  for (const v of samples) most = Math.max(most, Math.abs(v));
  return most;
}
