// `timbrefold encode`: a sound becomes a preset of a model.
import { basename, extname } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { UnfitSound } from '../analysis/analyser.ts';
import { type EncodedSound, SoundEncoder } from '../analysis/sound-encoder.ts';
import { Core } from '../engine/core.ts';
import { writePreset } from '../instrument/preset.ts';
import { openNodeDecoder, openNodeGraph } from '../model/ort-node.ts';
import { LONGEST_SECONDS, readSoundFile, type SoundFile } from './audio-file.ts';
import { coreModule } from './core-module.ts';
import { AtomicFile } from './files.ts';
import { loadBundle, shippedModel } from './model-file.ts';
import { startProgress } from './progress.ts';

/** Refinement without a time of its own, seconds. */
const REFINE_SECONDS = 1;

interface EncodeFlags {
  model?: string;
  output: string;
  refine?: boolean | number;
  key?: number;
  json?: boolean;
}

async function encodeFile(path: string, flags: EncodeFlags, encoder: SoundEncoder): Promise<EncodedSound> {
  let sound: SoundFile;
  try {
    sound = await readSoundFile(path);
  } catch (error) {
    throw new Error(`${path}: ${(error as Error).message}`);
  }
  const refineSeconds = flags.refine === true ? REFINE_SECONDS : flags.refine || 0;
  let shown = 0;
  const progress = refineSeconds > 0 ? startProgress('Refining', 100) : null;
  try {
    const encoded = await encoder.encode(sound.samples, {
      name: basename(path, extname(path)).slice(0, 200) || 'Encoded',
      key: flags.key,
      refineSeconds,
      onProgress: (stage, share) => {
        for (; stage === 'refining' && shown < Math.floor(100 * share); shown++) progress?.step();
      },
    });
    if (sound.longer) encoded.warnings.push(`Only the first ${LONGEST_SECONDS} s of the file were heard.`);
    return encoded;
  } catch (error) {
    if (error instanceof UnfitSound) throw new Error(`${path}: ${error.message}`);
    throw error;
  } finally {
    progress?.end();
  }
}

async function encode(path: string, flags: EncodeFlags): Promise<void> {
  const started = performance.now();
  const bundle = await loadBundle(flags.model ?? shippedModel());
  if (flags.refine && !bundle.graphs.has('refine')) {
    throw new Error(`The model ${bundle.manifest.name} has no refinement; encode without --refine.`);
  }
  const runtime = { openDecoder: openNodeDecoder, openGraph: openNodeGraph };
  const encoder = await SoundEncoder.open(Core.fromModule(coreModule()), bundle, runtime);
  let encoded: EncodedSound;
  try {
    encoded = await encodeFile(path, flags, encoder);
  } finally {
    await encoder.dispose();
  }
  const file = new AtomicFile(flags.output);
  file.write(new TextEncoder().encode(writePreset(encoded.preset)));
  file.commit();
  const seconds = (performance.now() - started) / 1000;
  const { pitch, score, scoreBefore, refined, warnings } = encoded;
  if (flags.json) {
    const answer = {
      preset: flags.output,
      model: bundle.identity.id,
      pitch,
      l60: score,
      l60Before: scoreBefore,
      refined,
      warnings,
      seconds,
    };
    console.log(JSON.stringify(answer));
    return;
  }
  for (const warning of warnings) console.error(warning);
  const walked = refined && scoreBefore !== null ? ` (${scoreBefore.toFixed(2)} before ${refined.steps} steps)` : '';
  console.log(
    `Encoded ${basename(path)} as note ${pitch.toFixed(2)}: ${score.toFixed(2)} dB from the original (L60)${walked}, in ${seconds.toFixed(1)} s: ${flags.output}`,
  );
}

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (!(seconds > 0 && seconds <= 600)) throw new InvalidArgumentError('The seconds must lie between 0 and 600.');
  return seconds;
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
    .option(
      '--refine [seconds]',
      'walk on from the encoding down the gradient of the distance, for a second or as long as said',
      parseSeconds,
    )
    .option('--key <note>', 'MIDI note of the sound where it is known; otherwise it is found', parseKey)
    .option('--json', 'print the result as JSON')
    .action(encode);
}
