// Decodes a sound file with the web view's own codecs, to one channel at the analyser's rate.
import { ANALYSIS_RATE } from '../analysis/layout.ts';

/** What is analysed at most, seconds: a note is shorter. */
const LONGEST_SECONDS = 20;

/** @throws RangeError with a sentence */
export async function readAudio(bytes: ArrayBuffer, fileName: string): Promise<Float32Array<ArrayBuffer>> {
  let decoded: AudioBuffer;
  try {
    // The context's rate is the one that decodeAudioData resamples to.
    decoded = await new OfflineAudioContext(1, 1, ANALYSIS_RATE).decodeAudioData(bytes);
  } catch {
    throw new RangeError(`${fileName} is no sound that can be read here; WAV, FLAC, MP3 and Ogg are safe choices.`);
  }
  const length = Math.min(decoded.length, LONGEST_SECONDS * ANALYSIS_RATE);
  const mono = new Float32Array(length);
  for (let channel = 0; channel < decoded.numberOfChannels; channel++) {
    const data = decoded.getChannelData(channel);
    for (let i = 0; i < length; i++) mono[i] += data[i] / decoded.numberOfChannels;
  }
  return mono;
}
