// Sound files in: anything that decodes becomes mono at the analyser's rate.
import { readFileSync } from 'node:fs';
import samplerate from '@alexanderolsen/libsamplerate-js';
import decode from 'audio-decode';
import { ANALYSIS_RATE } from '../analysis/layout.ts';

/** Endings that are looked for in a folder. */
export const SOUND_ENDINGS = ['.wav', '.flac', '.mp3', '.ogg', '.oga', '.opus', '.aif', '.aiff'] as const;
/** Only this much of a long file is read, seconds. */
const LONGEST_SECONDS = 60;

const resamplers = new Map<number, ReturnType<typeof samplerate.create>>();

/** Reads a sound file as mono samples (mean of the channels) at ANALYSIS_RATE. Throws an Error whose message is a sentence naming no file. */
export async function readSound(path: string): Promise<Float32Array> {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new Error(
      code === 'ENOENT' ? 'the file is missing.' : `the file cannot be read (${code ?? 'unknown error'}).`,
    );
  }
  let sound: { channelData: Float32Array[]; sampleRate: number };
  try {
    sound = await decode(bytes);
  } catch {
    throw new Error('not an audio file (WAV, FLAC, MP3, Ogg and AIFF can be read).');
  }
  const { channelData, sampleRate } = sound;
  if (channelData.length === 0 || !(sampleRate > 0) || channelData[0].length === 0) {
    throw new Error('the file holds no sound.');
  }
  const mono = mixDown(channelData, Math.round(LONGEST_SECONDS * sampleRate));
  if (sampleRate === ANALYSIS_RATE) return mono;
  let resampler = resamplers.get(sampleRate);
  if (!resampler) {
    resampler = samplerate.create(1, sampleRate, ANALYSIS_RATE, {
      converterType: samplerate.ConverterType.SRC_SINC_BEST_QUALITY,
    });
    resamplers.set(sampleRate, resampler);
  }
  return Float32Array.from((await resampler).simple(mono));
}

function mixDown(channels: Float32Array[], longest: number): Float32Array {
  const mono = new Float32Array(Math.min(longest, channels[0].length));
  for (const channel of channels) {
    for (let n = 0; n < mono.length; n++) mono[n] += channel[n] / channels.length;
  }
  return mono;
}
