// The picture of a sound that a UI draws: the spectrogram in bytes.
import type { SoundPicture } from '../instrument/messages.ts';
import type { FftSource } from './fft.ts';
import { ANALYSIS_RATE } from './layout.ts';
import { spectrogram } from './spectrogram.ts';

/** Picture of a mono sound at ANALYSIS_RATE, `width` columns wide. */
export function soundPicture(sound: Float32Array, width: number, source: FftSource): SoundPicture {
  const { height, levels } = spectrogram(sound, ANALYSIS_RATE, width, source);
  const bytes = Uint8Array.from(levels, (level) => Math.round(255 * Math.min(1, level)));
  return { width, height, levels: bytes, seconds: sound.length / ANALYSIS_RATE };
}
