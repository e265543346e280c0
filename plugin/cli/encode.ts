// `timbrefold encode`: a sound becomes a preset of a model.
import { basename, extname } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { Analyser, type SoundFeatures, UnfitSound } from '../analysis/analyser.ts';
import { ENCODED_VELOCITY, type Encoded, encodeSound } from '../analysis/encode.ts';
import { l60 } from '../analysis/l60.ts';
import { ANALYSIS_RATE } from '../analysis/layout.ts';
import { Core } from '../engine/core.ts';
import { presetEvents, writePreset } from '../instrument/preset.ts';
import type { Bundle } from '../model/bundle.ts';
import { coreModel } from '../model/core-model.ts';
import { openNodeDecoder, openNodeGraph } from '../model/ort-node.ts';
import { readSound } from './audio-file.ts';
import { coreModule } from './core-module.ts';
import { AtomicFile } from './files.ts';
import { loadBundle, shippedModel } from './model-file.ts';
import { playNote } from './play-note.ts';
import { startProgress } from './progress.ts';

/** Seconds of the preset that are compared with the sound. */
const COMPARED_SECONDS = 2.2;

interface EncodeFlags {
  model?: string;
  output: string;
  refine?: boolean;
  key?: number;
  json?: boolean;
}

/** L60 in dB between the sound and the preset played at the sound's pitch. */
async function score(core: Core, bundle: Bundle, sound: Float32Array, encoded: Encoded): Promise<number> {
  const decoder = await openNodeDecoder(bundle);
  try {
    const { preset } = encoded;
    const played = await playNote({
      core,
      decoder,
      model: coreModel(bundle),
      latent: preset.latent,
      map: preset.map,
      events: presetEvents(preset),
      pitch: encoded.pitch,
      velocity: ENCODED_VELOCITY,
      seconds: COMPARED_SECONDS,
    });
    return l60(sound, played, ANALYSIS_RATE, core);
  } finally {
    await decoder.dispose();
  }
}

async function encode(path: string, flags: EncodeFlags): Promise<void> {
  const started = performance.now();
  const bundle = await loadBundle(flags.model ?? shippedModel());
  const core = Core.fromModule(coreModule());
  let sound: Float32Array;
  let features: SoundFeatures;
  try {
    sound = await readSound(path);
  } catch (error) {
    throw new Error(`${path}: ${(error as Error).message}`);
  }
  try {
    features = new Analyser(core).analyse(sound, { key: flags.key ?? null, velocity: null });
  } catch (error) {
    if (error instanceof UnfitSound) throw new Error(`${path}: ${error.message}`);
    throw error;
  }
  const encoder = await openNodeGraph(bundle, 'encoder');
  if (!encoder) throw new Error(`The model ${bundle.manifest.name} has no encoder, so it cannot take a sound.`);
  const refiner = flags.refine ? await openNodeGraph(bundle, 'refine') : null;
  const name = basename(path, extname(path)).slice(0, 200) || 'Encoded';
  let shown = 0;
  const progress = flags.refine ? startProgress('Refining', 100) : null;
  let encoded: Encoded;
  try {
    const { manifest, identity, map } = bundle;
    const model = {
      manifest,
      identity,
      map,
      encode: encoder.run.bind(encoder),
      refine: refiner ? refiner.run.bind(refiner) : null,
    };
    const onStep = (step: number, steps: number): undefined => {
      for (; shown < Math.floor((100 * step) / steps); shown++) progress?.step();
    };
    encoded = await encodeSound(features, model, { name, refine: flags.refine, onStep });
  } finally {
    progress?.end();
    await encoder.dispose();
    await refiner?.dispose();
  }
  const distance = await score(core, bundle, sound, encoded);
  const file = new AtomicFile(flags.output);
  file.write(new TextEncoder().encode(writePreset(encoded.preset)));
  file.commit();
  const seconds = (performance.now() - started) / 1000;
  const { pitch, refined, warnings } = encoded;
  if (flags.json) {
    const answer = {
      preset: flags.output,
      model: bundle.identity.id,
      pitch,
      l60: distance,
      refined,
      warnings,
      seconds,
    };
    console.log(JSON.stringify(answer));
    return;
  }
  for (const warning of warnings) console.error(warning);
  const walked = refined ? `, refined in ${refined.steps} steps` : '';
  console.log(
    `Encoded ${basename(path)} as note ${pitch.toFixed(2)}${walked}: ${distance.toFixed(2)} dB from the original (L60), in ${seconds.toFixed(1)} s: ${flags.output}`,
  );
}

function parseKey(text: string): number {
  const key = Number(text);
  if (!(key >= 0 && key <= 127) || text.trim() === '')
    throw new InvalidArgumentError('It must be a MIDI note, 0 to 127.');
  return key;
}

export function register(program: Command): void {
  program
    .command('encode')
    .description('turn a sound into a preset: finds its pitch, encodes it, and says how near the model comes')
    .argument('<sound>', 'sound file (WAV, FLAC, MP3, Ogg, AIFF)')
    .requiredOption('-o, --output <file>', 'preset file to write (.json)')
    .option('--model <file>', 'model bundle (.timbre); without it the one that ships')
    .option('--refine', 'walk on from the encoding down the gradient of the distance')
    .option('--key <note>', 'MIDI note of the sound where it is known; otherwise it is found', parseKey)
    .option('--json', 'print the result as JSON')
    .action(encode);
}
