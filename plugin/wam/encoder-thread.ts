// Runs one encoding in a Worker of its own, from its start to its preset.
import type { EncodeTask, FromEncoder } from './thread-messages.ts';

export type Encoded = Extract<FromEncoder, { type: 'encoded' }>;

/** The preset of a sound. `task.samples` goes to the Worker and is empty afterwards. @throws Error with a sentence */
export function encodeInWorker(
  url: string,
  task: EncodeTask,
  onProgress: (text: string, progress: number) => void,
): Promise<Encoded> {
  const worker = new Worker(url, { type: 'module', name: 'encoder' });
  return new Promise<Encoded>((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<FromEncoder>) => {
      if (data.type === 'progress') onProgress(data.text, data.progress);
      else if (data.type === 'encoded') resolve(data);
      else reject(new Error(data.sentence));
    };
    worker.onerror = () => reject(new Error('The listener could not be started; reload the page to try again.'));
    worker.postMessage(task, [task.samples.buffer]);
  }).finally(() => worker.terminate());
}
