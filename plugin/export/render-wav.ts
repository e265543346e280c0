// Notes of the present sound as one WAV file in memory.
import type { TimedEvent } from '../engine/offline.ts';
import type { ExportFormat } from '../instrument/messages.ts';
import { stopIfCancelled } from './errors.ts';
import { openSound, type SoundSource } from './sound.ts';
import { WavEncoder } from './wav-format.ts';

/** After the last event a render ends when the last voice does, this much later at most. */
const LONGEST_TAIL_SECONDS = 60;

export interface RenderWatch {
  /** Gets the share that is done, 0..1. */
  onProgress?: (share: number) => void;
  signal?: AbortSignal;
}

export interface RenderedWav {
  /** The file in pieces, in order. */
  parts: Uint8Array<ArrayBuffer>[];
  seconds: number;
  /** Largest magnitude; 1 is full scale. */
  peak: number;
  clipped: number;
}

/** `events` in order of time, at least one. @throws ExportCancelled, or an Error with a sentence */
export async function renderWav(
  source: SoundSource,
  events: readonly TimedEvent[],
  { sampleRate, bits }: ExportFormat,
  { onProgress, signal }: RenderWatch = {},
): Promise<RenderedWav> {
  const engine = openSound(source, sampleRate);
  const encoder = new WavEncoder(sampleRate, bits, 2, source.state.preset.seed);
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const sink = (left: Float32Array, right: Float32Array, count: number): void => {
    stopIfCancelled(signal);
    parts.push(encoder.encode([left, right], count).slice());
  };
  const last = events[events.length - 1].frame;
  await engine.render(events, last + 1, sink, { onProgress });
  await engine.renderTail(LONGEST_TAIL_SECONDS * sampleRate, sink);
  const footer = encoder.footer();
  return {
    parts: [encoder.header(footer.length), ...parts, footer],
    seconds: engine.rendered / sampleRate,
    peak: encoder.peak,
    clipped: encoder.clipped,
  };
}
