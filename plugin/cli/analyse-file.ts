// One sound file through the analyser: its entry of sounds.json and its frames, or the sentence why not.
import { type Analyser, type SoundFeatures, UnfitSound } from '../analysis/analyser.ts';
import { analysedEntry, failedEntry, type SoundEntry } from '../analysis/features.ts';
import { LONGEST_SECONDS, readSoundFile, type SoundFile } from './audio-file.ts';

/** A sound with more of its samples at full scale, in flat tops, has lost its spectrum. */
const MOST_CLIPPED = 0.001;
/** A sound farther from its labelled key is not that key. */
const MOST_CENTS = 58;

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
  const refuse = (why: string): AnalyseAnswer => ({ index, entry: failedEntry(task, why), frames: null });
  let sound: SoundFile;
  try {
    sound = await readSoundFile(task.path);
  } catch (error) {
    return refuse((error as Error).message);
  }
  if (sound.longer) return refuse(`it lasts longer than ${LONGEST_SECONDS} s; cut single notes out of it.`);
  try {
    const features = analyser.analyse(sound.samples, task);
    const flaw = flawOf(features, task.key);
    return flaw ? refuse(flaw) : { index, entry: analysedEntry(task, features), frames: features.frames };
  } catch (error) {
    if (!(error instanceof UnfitSound)) throw error;
    return refuse(error.message);
  }
}

/** Why a sound should not be learned from, though it can be analysed; null where nothing is wrong. */
function flawOf({ clipped, pitched, pitch }: SoundFeatures, key: number | null): string | null {
  if (clipped > MOST_CLIPPED) return `clipped: ${(100 * clipped).toFixed(1)} % of its samples stand at full scale.`;
  if (!pitched) return 'no pitch was found; if it has one, say its key in labels.json.';
  if (key === null) return null;
  // Octaves apart is a matter of counting; the rest is not.
  const off = pitch - key;
  const cents = 100 * (off - 12 * Math.round(off / 12));
  if (Math.abs(cents) < MOST_CENTS) return null;
  return `mistuned: it sounds ${Math.abs(cents).toFixed(0)} cents ${cents > 0 ? 'above' : 'below'} the key ${key} that labels.json says.`;
}
