// One sound file through the analyser: its entry of sounds.json and its frames, or the sentence why not.
import { type Analyser, UnfitSound } from '../analysis/analyser.ts';
import { analysedEntry, failedEntry, type SoundEntry } from '../analysis/features.ts';
import { readSound } from './audio-file.ts';

export interface AnalyseTask {
  /** Place in the list of sounds. */
  index: number;
  path: string;
  name: string;
  file: string;
  key: number | null;
  velocity: number | null;
  /** When the key was let go, seconds from the start of the file; null where nobody said. */
  holdSeconds: number | null;
}

export interface AnalyseAnswer {
  index: number;
  entry: SoundEntry;
  /** null where the analysis failed. */
  frames: Float32Array | null;
}

export async function analyseFile(analyser: Analyser, task: AnalyseTask): Promise<AnalyseAnswer> {
  const { index } = task;
  let samples: Float32Array;
  try {
    samples = await readSound(task.path);
  } catch (error) {
    return { index, entry: failedEntry(task, (error as Error).message), frames: null };
  }
  try {
    const features = analyser.analyse(samples, task);
    return { index, entry: analysedEntry(task, features), frames: features.frames };
  } catch (error) {
    if (!(error instanceof UnfitSound)) throw error;
    return { index, entry: failedEntry(task, error.message), frames: null };
  }
}
