// `timbrefold render`: a MIDI file through a model into a WAV file.
import { basename } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { Core } from '../engine/core.ts';
import { OfflineEngine, type TimedEvent } from '../engine/offline.ts';
import { readMidi } from '../export/midi-score.ts';
import { parameterEvent, presetEvents } from '../instrument/preset.ts';
import { MAX_BLOCK } from '../instrument/protocol.ts';
import { coreModel } from '../model/core-model.ts';
import { openNodeDecoder } from '../model/ort-node.ts';
import { choosePreset, parseSetting, type Setting } from './chosen-sound.ts';
import { coreModule } from './core-module.ts';
import { readInput } from './files.ts';
import { readLanes } from './lanes.ts';
import { loadBundle, shippedModel } from './model-file.ts';
import { wholeNumber } from './options.ts';
import { startProgress } from './progress.ts';
import { type BitDepth, WavWriter } from './wav-writer.ts';

const MAX_MIDI_BYTES = 32 << 20;
const MAX_LANES_BYTES = 64 << 20;
/** Without --tail a render ends when the last voice does, this long after the last event at most. */
const LONGEST_TAIL_SECONDS = 60;
const PROGRESS_STEPS = 100;

interface RenderFlags {
  model?: string;
  preset?: string;
  set: Setting[];
  automate?: string;
  rate: number;
  block: number;
  bits: BitDepth;
  tail?: number;
  seed?: number;
  output: string;
  json?: boolean;
}

/** Both lists in order of time; at the same sample parameters move before notes begin. */
function merge(lanes: readonly TimedEvent[], notes: readonly TimedEvent[]): TimedEvent[] {
  return [...lanes, ...notes].sort((a, b) => a.frame - b.frame);
}

async function render(path: string, flags: RenderFlags): Promise<void> {
  const started = performance.now();
  const bundle = await loadBundle(flags.model ?? shippedModel());
  const preset = choosePreset(bundle, flags.preset);
  const score = readMidi(readInput(path, 'MIDI file', MAX_MIDI_BYTES), basename(path), flags.rate);
  const lanes = flags.automate
    ? readLanes(
        new TextDecoder().decode(readInput(flags.automate, 'automation', MAX_LANES_BYTES)),
        basename(flags.automate),
        flags.rate,
      )
    : [];
  const decoder = await openNodeDecoder(bundle);
  const seed = flags.seed ?? preset.seed;
  const core = Core.fromModule(coreModule());
  core.setPath(preset.path ?? []);
  const engine = new OfflineEngine({
    core,
    decoder,
    model: coreModel(bundle),
    sampleRate: flags.rate,
    seed,
    latent: preset.latent,
    mapX: preset.map.x,
    mapY: preset.map.y,
    events: [...presetEvents(preset), ...flags.set.map(({ id, value }) => parameterEvent(id, value))],
  });
  const lastEvent = score.events[score.events.length - 1].frame;
  const wav = new WavWriter(flags.output, flags.rate, flags.bits, 2, seed);
  const progress = startProgress('Rendering', PROGRESS_STEPS);
  try {
    const sink = (left: Float32Array, right: Float32Array, count: number): void => wav.write([left, right], count);
    let shown = 0;
    const onProgress = (share: number): void => {
      for (; shown < Math.floor(share * PROGRESS_STEPS); shown++) progress.step();
    };
    const tailFrames = Math.round((flags.tail ?? 0) * flags.rate);
    await engine.render(merge(lanes, score.events), lastEvent + 1 + tailFrames, sink, {
      block: flags.block,
      onProgress,
    });
    if (flags.tail === undefined)
      await engine.renderTail(LONGEST_TAIL_SECONDS * flags.rate, sink, { block: flags.block });
    wav.finish();
  } catch (error) {
    wav.abandon();
    throw error;
  } finally {
    progress.end();
    await decoder.dispose();
  }
  const seconds = engine.rendered / flags.rate;
  const took = (performance.now() - started) / 1000;
  const peakDb = wav.peak > 0 ? 20 * Math.log10(wav.peak) : null;
  if (flags.json) {
    const answer = {
      file: flags.output,
      model: bundle.identity.id,
      preset: preset.name,
      sampleRate: flags.rate,
      bits: flags.bits,
      frames: engine.rendered,
      seconds,
      notes: score.notes,
      programChangesIgnored: score.programChanges,
      peakDb,
      clippedSamples: wav.clipped,
      renderSeconds: took,
    };
    console.log(JSON.stringify(answer));
    return;
  }
  if (score.programChanges > 0)
    console.error(`Program changes in ${basename(path)} were ignored: the preset decides the sound.`);
  if (wav.clipped > 0) {
    const what = flags.bits === '32f' ? 'exceed full scale' : 'were clipped';
    console.error(`${wav.clipped} samples ${what}; lower the level, for example by --set gainDb=-12.`);
  }
  const level = peakDb === null ? 'silent' : `peak ${peakDb.toFixed(1)} dBFS`;
  console.log(
    `Rendered ${score.notes} notes, ${seconds.toFixed(2)} s, ${level}, in ${took.toFixed(1)} s: ${flags.output}`,
  );
}

function parseTail(text: string): number {
  const seconds = Number(text);
  if (!(seconds >= 0 && seconds <= 3600) || text.trim() === '')
    throw new InvalidArgumentError('It must lie between 0 and 3600 seconds.');
  return seconds;
}

export function register(program: Command): void {
  program
    .command('render')
    .description('play a MIDI file through a model into a WAV file')
    .argument('<notes>', 'MIDI file (.mid)')
    .requiredOption('-o, --output <file>', 'WAV file to write; it appears when it is complete')
    .option('--model <file>', 'model bundle (.timbre); without it the one that ships')
    .option('--preset <file|name>', "preset file, or name of a preset in the bundle; without it the bundle's first")
    .option(
      '--set <parameter=value>',
      'set a parameter (plain value) before the first note; may be repeated',
      parseSetting,
      [],
    )
    .option('--automate <file>', 'automation as a table: seconds,parameter,value')
    .option('--rate <hertz>', 'sample rate', wholeNumber(22_050, 192_000), 48_000)
    .option(
      '--block <frames>',
      'frames per call of the core; the result is the same for any',
      wholeNumber(1, MAX_BLOCK),
      128,
    )
    .addOption(new Option('--bits <depth>', 'sample format').choices(['16', '24', '32f']).default('24'))
    .option('--tail <seconds>', 'time after the last event; without it until the last voice has ended', parseTail)
    .option('--seed <n>', "seed of all randomness; without it the preset's", wholeNumber(0, 0xffffffff))
    .option('--json', 'print the result as JSON')
    .action(render);
}
