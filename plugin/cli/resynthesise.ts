// `timbrefold resynthesise`: features become sound again, each row at its own pitch through the core.
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { FeatureDecoder } from '../analysis/feature-decoder.ts';
import { ANALYSIS_RATE } from '../analysis/layout.ts';
import { playNote } from '../analysis/play-note.ts';
import { Core } from '../engine/core.ts';
import { coreModule } from './core-module.ts';
import { type Features, readFeatures } from './features-folder.ts';
import { startProgress } from './progress.ts';
import { WavWriter } from './wav-writer.ts';

const DEFAULT_SECONDS = 3;

export interface ResynthesiseOptions {
  /** Names of the sounds to play; all where absent. */
  only?: readonly string[];
  seconds?: number;
}

export interface Resynthesised {
  name: string;
  /** The WAV file. */
  file: string;
}

/** Silence before the note, seconds: comparisons hear a sound from a little before its onset on. */
const LEAD_SECONDS = 0.05;

/** Renders one sound of `frames` (see FeatureDecoder) at `pitch` (fractional MIDI note): LEAD_SECONDS of silence and `seconds` of sound, mono at ANALYSIS_RATE. */
export async function playRow(
  core: Core,
  decoder: FeatureDecoder,
  sound: number,
  pitch: number,
  seconds: number,
): Promise<Float32Array> {
  const map = { x: 0.5, y: 0.5 };
  const { model } = FeatureDecoder;
  const note = await playNote({ core, decoder, model, latent: [sound], map, events: [], pitch, velocity: 1, seconds });
  const lead = Math.round(LEAD_SECONDS * ANALYSIS_RATE);
  const samples = new Float32Array(lead + note.length);
  samples.set(note, lead);
  return samples;
}

/** Writes a WAV per sound that was analysed into `folder`. */
export async function resynthesise(
  { index, frames }: Features,
  folder: string,
  { only, seconds = DEFAULT_SECONDS }: ResynthesiseOptions,
): Promise<Resynthesised[]> {
  const names = new Set(index.sounds.map(({ name }) => name));
  const missing = only?.find((name) => !names.has(name));
  if (missing !== undefined) throw new Error(`There is no sound "${missing}" in these features.`);
  const wanted = index.sounds.flatMap((sound, row) =>
    sound.failed === undefined && sound.pitch !== null && (!only || only.includes(sound.name))
      ? [{ row, name: sound.name, pitch: sound.pitch }]
      : [],
  );
  if (only && wanted.length === 0) throw new Error('None of these sounds could be analysed, so none can be played.');
  const core = Core.fromModule(coreModule());
  const decoder = new FeatureDecoder(frames);
  const progress = startProgress('Playing', wanted.length);
  const written: Resynthesised[] = [];
  try {
    for (const { row, name, pitch } of wanted) {
      const samples = await playRow(core, decoder, row, pitch, seconds);
      const file = join(folder, `${name}.wav`);
      if (relativeEscapes(name)) throw new Error(`The name "${name}" leads outside of ${folder}.`);
      mkdirSync(dirname(file), { recursive: true });
      const wav = new WavWriter(file, ANALYSIS_RATE, '32f', 1);
      wav.write([samples], samples.length);
      wav.finish();
      written.push({ name, file });
      progress.step();
    }
  } finally {
    progress.end();
  }
  return written;
}

function relativeEscapes(name: string): boolean {
  return name.startsWith('/') || name.split(/[/\\]/).includes('..');
}

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (!(seconds > 0 && seconds <= 60)) throw new InvalidArgumentError('The seconds must lie between 0 and 60.');
  return seconds;
}

export function register(program: Command): void {
  program
    .command('resynthesise')
    .description('play features through the core: what the analysis caught, or what a model predicted')
    .argument('<features>', 'features folder, as "timbrefold analyse" writes it')
    .requiredOption('-o, --output <folder>', 'folder for the WAV files (32-bit float, mono, 48 kHz)')
    .option('--only <name...>', 'play these sounds only')
    .option('--seconds <n>', 'length of each sound, behind 50 ms of silence', parseSeconds, DEFAULT_SECONDS)
    .option('--json', 'print the result as JSON')
    .action(async (path: string, options: ResynthesiseOptions & { output: string; json?: boolean }) => {
      if (!existsSync(path)) throw new Error(`${path} does not exist.`);
      const started = performance.now();
      const sounds = await resynthesise(readFeatures(path), options.output, options);
      const seconds = (performance.now() - started) / 1000;
      if (options.json) console.log(JSON.stringify({ folder: options.output, sounds, seconds }));
      else console.log(`Played ${sounds.length} sounds in ${seconds.toFixed(1)} s: ${options.output}`);
    });
}
