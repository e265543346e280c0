// `timbrefold export`: the sound of a preset as files: a note or a scale as WAV, a multisample with .sfz as zip, a link.
import { basename } from 'node:path';
import { Argument, type Command, Option } from 'commander';
import { runExport } from '../export/export.ts';
import { writePresetLink } from '../export/preset-link.ts';
import type { ExportFormat, ExportJob, SoundState } from '../instrument/messages.ts';
import type { Preset } from '../instrument/preset.ts';
import { coreModel } from '../model/core-model.ts';
import { openNodeDecoder } from '../model/ort-node.ts';
import { choosePreset, parseSetting, type Setting } from './chosen-sound.ts';
import { coreModule } from './core-module.ts';
import { AtomicFile, readInput } from './files.ts';
import { loadBundle, shippedModel } from './model-file.ts';
import { wholeNumber } from './options.ts';
import { startProgress } from './progress.ts';

const MAX_MIDI_BYTES = 32 << 20;
const PROGRESS_STEPS = 100;
const SCALES = ['major', 'minor', 'chromatic'] as const;
const KINDS = ['note', 'scale', 'midi', 'multisample', 'link'] as const;

interface ExportFlags {
  model?: string;
  preset?: string;
  set: Setting[];
  output?: string;
  key: number;
  velocity: number;
  seconds?: number;
  scale: (typeof SCALES)[number];
  low: number;
  high: number;
  step: number;
  layers: number;
  rate: string;
  bits: ExportFormat['bits'];
  json?: boolean;
}

/** What is heard when the preset is chosen and the settings are made. */
function stateOf(preset: Preset, settings: readonly Setting[]): SoundState {
  const values: Record<string, number> = { ...preset.parameters, mapX: preset.map.x, mapY: preset.map.y };
  preset.macros.forEach((value, i) => {
    values[`macro${i + 1}`] = value;
  });
  for (const { id, value } of settings) values[id] = value;
  return { preset, values, corners: [], path: preset.path ?? [] };
}

function jobOf(
  kind: Exclude<(typeof KINDS)[number], 'link'>,
  notes: string | undefined,
  flags: ExportFlags,
): ExportJob {
  const { key, scale, low: lowKey, high: highKey, step, layers } = flags;
  const velocity = flags.velocity / 127;
  const seconds = flags.seconds ?? (kind === 'scale' ? 0.5 : kind === 'note' ? 2 : 4);
  switch (kind) {
    case 'note':
      return { kind, key, velocity, seconds };
    case 'scale':
      return { kind, scale, key, velocity, seconds };
    case 'multisample':
      return { kind, lowKey, highKey, step, layers, seconds };
    case 'midi': {
      if (notes === undefined) throw new Error('Which MIDI file? Name it: timbrefold export midi NOTES.mid.');
      return { kind, fileName: basename(notes), bytes: readInput(notes, 'MIDI file', MAX_MIDI_BYTES).buffer };
    }
  }
}

async function exportSound(kind: (typeof KINDS)[number], notes: string | undefined, flags: ExportFlags): Promise<void> {
  const bundle = await loadBundle(flags.model ?? shippedModel());
  const preset = choosePreset(bundle, flags.preset);
  const state = stateOf(preset, flags.set);
  if (kind === 'link') {
    // Only what a preset keeps; its parameters are those of the state.
    const macros = preset.macros.map((_, i) => state.values[`macro${i + 1}`]);
    const link = writePresetLink({ ...preset, macros, parameters: state.values });
    console.log(flags.json ? JSON.stringify({ fragment: link }) : link);
    return;
  }
  const job = jobOf(kind, notes, flags);
  const decoder = await openNodeDecoder(bundle);
  const progress = startProgress('Exporting', PROGRESS_STEPS);
  let shown = 0;
  try {
    const source = { core: coreModule(), model: coreModel(bundle), decoder, state, modelName: bundle.manifest.name };
    const format = { sampleRate: Number(flags.rate) as ExportFormat['sampleRate'], bits: flags.bits };
    const made = await runExport(source, job, format, {
      onProgress: (share) => {
        for (; shown < Math.floor(share * PROGRESS_STEPS); shown++) progress.step();
      },
    });
    const path = flags.output ?? made.fileName;
    const file = new AtomicFile(path);
    for (const part of made.parts) file.write(part);
    file.commit();
    console.log(
      flags.json ? JSON.stringify({ file: path, preset: preset.name, text: made.text }) : `${path}: ${made.text}`,
    );
  } finally {
    progress.end();
    await decoder.dispose();
  }
}

const seconds = (text: string): number => Number(text);

export function register(program: Command): void {
  program
    .command('export')
    .description('make files of a sound: a note, a scale, a MIDI file as WAV; a multisample with .sfz; a link')
    .addArgument(new Argument('<what>', 'what to make').choices(KINDS))
    .argument('[notes]', 'the MIDI file, for "midi"')
    .option('-o, --output <file>', 'file to write; without it one named after the preset, here')
    .option('--model <file>', 'model bundle (.timbre); without it the one that ships')
    .option(
      '--preset <file|name|link>',
      "preset file, name of a preset in the bundle, or a link; without it the bundle's first",
    )
    .option('--set <parameter=value>', 'set a parameter (plain value); may be repeated', parseSetting, [])
    .option('--key <note>', 'MIDI note, the first of a scale', wholeNumber(0, 127), 60)
    .option('--velocity <n>', 'MIDI velocity', wholeNumber(1, 127), 100)
    .option('--seconds <n>', 'how long each key is held (note 2, scale 0.5, multisample 4)', seconds)
    .addOption(new Option('--scale <name>', 'which scale').choices(SCALES).default('major'))
    .option('--low <note>', 'lowest key of a multisample', wholeNumber(0, 127), 36)
    .option('--high <note>', 'highest key of a multisample', wholeNumber(0, 127), 96)
    .option('--step <semitones>', 'from one sampled key to the next', wholeNumber(1, 12), 3)
    .option('--layers <n>', 'velocity layers of a multisample', wholeNumber(1, 8), 2)
    .addOption(
      new Option('--rate <hertz>', 'sample rate').choices(['44100', '48000', '88200', '96000']).default('48000'),
    )
    .addOption(new Option('--bits <depth>', 'sample format').choices(['16', '24', '32f']).default('24'))
    .option('--json', 'print the result as JSON')
    .action(exportSound);
}
