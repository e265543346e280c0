// Progress of long work on stderr: a bar where a person watches, a line every ten seconds where a log does.
import { SingleBar } from 'cli-progress';

const QUIET_MS = 10_000;

export interface Progress {
  step(): void;
  end(): void;
}

export function startProgress(what: string, total: number): Progress {
  if (process.stderr.isTTY) {
    const bar = new SingleBar({
      stream: process.stderr,
      format: `${what} {bar} {value}/{total}  {eta_formatted} left`,
      hideCursor: true,
      clearOnComplete: true,
    });
    bar.start(total, 0);
    return { step: () => bar.increment(), end: () => bar.stop() };
  }
  let done = 0;
  let told = performance.now();
  return {
    step: () => {
      done++;
      if (performance.now() - told < QUIET_MS) return;
      told = performance.now();
      process.stderr.write(`${what}: ${done} of ${total}\n`);
    },
    end: () => {},
  };
}
