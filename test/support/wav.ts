// Reads the stereo WAV files that the command line writes, independently of the writer.
import { readFileSync } from 'node:fs';

export interface Wav {
  sampleRate: number;
  bits: number;
  float: boolean;
  left: Float32Array;
  right: Float32Array;
}

export function readWav(path: string): Wav {
  const bytes = readFileSync(path);
  if (bytes.toString('latin1', 0, 4) !== 'RIFF' || bytes.toString('latin1', 8, 16) !== 'WAVEfmt ')
    throw new Error('No WAV file.');
  if (bytes.readUInt32LE(4) !== bytes.length - 8) throw new Error('The RIFF size is wrong.');
  const float = bytes.readUInt16LE(20) === 3;
  const channels = bytes.readUInt16LE(22);
  const sampleRate = bytes.readUInt32LE(24);
  const bits = bytes.readUInt16LE(34);
  const size = bits / 8;
  if (channels !== 2 || bytes.readUInt32LE(28) !== sampleRate * 2 * size || bytes.readUInt16LE(32) !== 2 * size) {
    throw new Error('The format chunk contradicts itself.');
  }
  if (bytes.toString('latin1', 36, 40) !== 'data' || bytes.readUInt32LE(40) !== bytes.length - 44)
    throw new Error('The data size is wrong.');
  const frames = (bytes.length - 44) / (2 * size);
  const sample = (at: number): number =>
    float ? bytes.readFloatLE(at) : bytes.readIntLE(at, size) / (2 ** (bits - 1) - 1);
  const channel = (c: number): Float32Array =>
    Float32Array.from({ length: frames }, (_, i) => sample(44 + (2 * i + c) * size));
  return { sampleRate, bits, float, left: channel(0), right: channel(1) };
}
