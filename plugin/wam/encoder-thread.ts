// Opens the page's encoding Worker.
import { EncodingThread } from '../analysis/encoding-thread.ts';
import type { EncodeStage } from '../analysis/sound-encoder.ts';
import type { BundleSource, EncodeTask } from './thread-messages.ts';

/** A Worker for one sound; close it when the sound is let go. */
export function openEncodingThread(
  url: string,
  onProgress: (stage: EncodeStage, share: number) => void,
): EncodingThread<BundleSource> {
  return new EncodingThread(new Worker(url, { type: 'module', name: 'encoder' }), onProgress);
}

/** Refinement that follows encoding at once, seconds at most. */
const REFINE_SECONDS = 1.5;

const WORDS: Record<EncodeStage, string> = {
  listening: 'Listening to',
  encoding: 'Encoding',
  refining: 'Refining',
  playing: 'Comparing',
};

/** The preset of a sound, refined. `task.samples` goes to the Worker and is empty afterwards. @throws Error with a sentence */
export async function encodeInWorker(
  url: string,
  task: EncodeTask,
  onProgress: (text: string, progress: number) => void,
) {
  const thread = openEncodingThread(url, (stage, share) => onProgress(`${WORDS[stage]} ${task.name}`, share));
  try {
    const answer = await thread.encode({ ...task, refineSeconds: REFINE_SECONDS });
    if (!answer) throw new Error(`${task.name} was not encoded.`);
    return { preset: answer.sound.preset, warnings: answer.sound.warnings };
  } catch (error) {
    throw new Error(`${task.name} could not be made a sound: ${(error as Error).message}`);
  } finally {
    thread.close();
  }
}
