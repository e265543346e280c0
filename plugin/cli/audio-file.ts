// Sound files in: anything that decodes becomes mono at the analyser's rate.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import samplerate from '@alexanderolsen/libsamplerate-js';
import decode from 'audio-decode';
import { ANALYSIS_RATE } from '../analysis/layout.ts';
import { mixDown } from '../analysis/mix-down.ts';

/** Endings that are looked for in a folder. */
export const SOUND_ENDINGS = ['.wav', '.flac', '.mp3', '.ogg', '.oga', '.opus', '.aif', '.aiff'] as const;
/** Only the beginning of a long file is heard, seconds. */
export const LONGEST_SECONDS = 60;
/** Bytes that are read of a long file (two hours, decoded, would fill the memory): enough for LONGEST_SECONDS of packed or of plain sound at 192 kHz. */
const PACKED_BYTES = 24 << 20;
const PLAIN_BYTES = 96 << 20;
/** What may stand in a WAV file before its samples. */
const WAV_HEAD_BYTES = 1 << 20;

export interface SoundFile {
  /** Mean of the channels at ANALYSIS_RATE, LONGEST_SECONDS of it at most. */
  samples: Float32Array;
  /** Whether the file goes on behind that. */
  longer: boolean;
}

/** Reads a sound file. Throws an Error whose message is a sentence naming no file. */
export async function readSoundFile(path: string): Promise<SoundFile> {
  const { bytes, whole } = readBeginning(path);
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
  const longest = Math.round(LONGEST_SECONDS * sampleRate);
  const longer = !whole || channelData[0].length > longest;
  const mono = mixDown(channelData, longest);
  if (sampleRate === ANALYSIS_RATE) return { samples: mono, longer };
  return { samples: await resample(mono, sampleRate), longer };
}

/** Brings samples to ANALYSIS_RATE, second by second: the converter's own buffers hold no more than a few. */
async function resample(samples: Float32Array, rate: number): Promise<Float32Array> {
  const out = new Float32Array(Math.round((samples.length * ANALYSIS_RATE) / rate));
  const converter = await samplerate.create(1, rate, ANALYSIS_RATE, {
    converterType: samplerate.ConverterType.SRC_SINC_BEST_QUALITY,
  });
  try {
    // Silence behind the end drives the filter's last samples out.
    for (let from = 0, at = 0; at < out.length && from < samples.length + 2 * rate; from += rate) {
      const piece = new Float32Array(rate);
      piece.set(samples.subarray(from, from + rate));
      const made = { frames: 0 };
      const got = converter.full(piece, new Float32Array(2 * ANALYSIS_RATE), made);
      const count = Math.min(made.frames, out.length - at);
      out.set(got.subarray(0, count), at);
      at += count;
    }
  } finally {
    converter.destroy();
  }
  return out;
}

/** The samples of a sound file, see `readSoundFile`. */
export async function readSound(path: string): Promise<Float32Array> {
  return (await readSoundFile(path)).samples;
}

/** Bytes of a file that hold its first LONGEST_SECONDS, by its first ones. */
function beginningBytes(head: Buffer): number {
  const kind = head.toString('latin1', 0, 4);
  if (kind === 'FORM') return PLAIN_BYTES;
  if (kind !== 'RIFF') return PACKED_BYTES;
  const format = head.indexOf('fmt ');
  const bytesPerSecond = format >= 0 && format + 20 <= head.length ? head.readUInt32LE(format + 16) : 0;
  return bytesPerSecond > 0 ? Math.min(PLAIN_BYTES, LONGEST_SECONDS * bytesPerSecond + WAV_HEAD_BYTES) : PLAIN_BYTES;
}

/** The bytes of a file, or of its beginning where it is long. */
function readBeginning(path: string): { bytes: Uint8Array; whole: boolean } {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const { size } = fstatSync(file);
    const head = Buffer.alloc(4096);
    readSync(file, head, 0, head.length, 0);
    const bytes = new Uint8Array(Math.min(size, beginningBytes(head)));
    let at = 0;
    for (let got = -1; at < bytes.length && got !== 0; at += got)
      got = readSync(file, bytes, at, bytes.length - at, at);
    return { bytes: bytes.subarray(0, at), whole: at >= size };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new Error(
      code === 'ENOENT' ? 'the file is missing.' : `the file cannot be read (${code ?? 'unknown error'}).`,
    );
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
