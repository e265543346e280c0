// `timbrefold analyse`: a folder of sounds becomes features, on all cores.
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Command } from 'commander';
import { failedEntry, featuresIndex, ROW_FLOATS, type SoundEntry, silentFrames } from '../analysis/features.ts';
import type { AnalyseAnswer, AnalyseTask } from './analyse-file.ts';
import { builtFile, coreModule } from './core-module.ts';
import { checkReplaceable, type Features, writeFeatures } from './features-folder.ts';
import { startProgress } from './progress.ts';
import { resynthesise } from './resynthesise.ts';
import { soundTasks } from './sound-folder.ts';

/**
 * Analyses all tasks with `workers` threads; the result does not depend on their number. `done` is called after each sound. A thread that dies takes
 * only the sound it was at with it, as a failed entry.
 */
export async function analyseAll(
  tasks: readonly AnalyseTask[],
  workers: number,
  core: WebAssembly.Module,
  done: () => void = () => {},
): Promise<Features> {
  const entries = new Array<SoundEntry>(tasks.length);
  const frames = new Float32Array(tasks.length * ROW_FLOATS);
  let next = 0;
  const keep = ({ index, entry, frames: row }: AnalyseAnswer): void => {
    entries[index] = entry;
    frames.set(row ?? silentFrames(), index * ROW_FLOATS);
    done();
  };
  const runThread = (): Promise<void> =>
    new Promise((finish, fail) => {
      const worker = new Worker(builtFile('analyse-worker.mjs'), { workerData: { core } });
      let current: AnalyseTask | undefined;
      const step = (): void => {
        current = tasks[next++];
        if (current) worker.postMessage(current);
        else worker.terminate().then(() => finish(), fail);
      };
      worker.on('message', (answer: AnalyseAnswer) => {
        keep(answer);
        step();
      });
      worker.on('error', (error: Error) => {
        if (!current) return fail(error);
        keep({
          index: current.index,
          entry: failedEntry(current, `the analysis stopped: ${error.message}`),
          frames: null,
        });
        if (next < tasks.length) runThread().then(finish, fail);
        else finish();
      });
      step();
    });
  await Promise.all(Array.from({ length: Math.min(workers, tasks.length) }, runThread));
  return { index: featuresIndex(entries), frames };
}

interface AnalyseOptions {
  output: string;
  part?: boolean;
  json?: boolean;
  resynthesise?: string;
}

async function analyse(path: string, options: AnalyseOptions): Promise<void> {
  const tasks = soundTasks(path);
  if (tasks.length === 0) throw new Error(`${path} holds no sounds (.wav, .flac, .mp3, .ogg, .aiff).`);
  checkReplaceable(options.output);
  const started = performance.now();
  const progress = startProgress('Analysing', tasks.length);
  let features: Features;
  try {
    const workers = options.part ? 1 : availableParallelism();
    features = await analyseAll(tasks, workers, coreModule(), () => progress.step());
  } finally {
    progress.end();
  }
  const { sounds } = features.index;
  const failed = sounds.filter((sound) => sound.failed !== undefined);
  if (failed.length === sounds.length && !options.part) {
    const [{ file, failed: why }] = failed;
    const sentence =
      failed.length === 1 ? why : `none of the ${failed.length} sounds could be analysed; the first: ${file}: ${why}`;
    throw new Error(`${path}: ${sentence}`);
  }
  writeFeatures(options.output, features.index, features.frames);
  const seconds = (performance.now() - started) / 1000;
  if (options.resynthesise) await resynthesise(features, options.resynthesise, {});
  if (options.json) {
    const answer = {
      features: options.output,
      analysed: sounds.length - failed.length,
      failed: failed.map(({ file, failed: why }) => ({ file, failed: why })),
      seconds,
    };
    console.log(JSON.stringify(answer));
    return;
  }
  for (const sound of failed) console.error(`${sound.file}: ${sound.failed}`);
  console.log(
    `Analysed ${sounds.length - failed.length} of ${sounds.length} sounds in ${seconds.toFixed(1)} s: ${options.output}`,
  );
}

export function register(program: Command): void {
  program
    .command('analyse')
    .description(
      'analyse a folder of sounds, or one sound, into features: partials and noise bands over the time of a note',
    )
    .argument('<path>', 'folder (labels.json beside the sounds is respected) or sound file')
    .requiredOption('-o, --output <folder>', 'features folder to write')
    .option('--resynthesise <folder>', 'also play what was caught, as WAV files into this folder')
    .option(
      '--part',
      'one part of a larger analysis: on one thread, and no failure where none of its sounds can be used',
    )
    .option('--json', 'print the result as JSON')
    .action(analyse);
}
