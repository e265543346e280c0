// A folder of everything that can be wrong with a sound: each is named with the reason and skipped; what is only unusual is analysed.
import { mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Analyser } from '../../plugin/analysis/analyser.ts';
import { addNoise, testCore, tone } from '../../plugin/analysis/testing/synthetic.ts';
import { analyseFile } from '../../plugin/cli/analyse-file.ts';
import { readSoundFile } from '../../plugin/cli/audio-file.ts';
import { soundTasks } from '../../plugin/cli/sound-folder.ts';
import { WavWriter } from '../../plugin/cli/wav-writer.ts';
import { Workplace } from '../support/cli.ts';

const place = new Workplace();
const folder = place.path('sounds');
const note = tone({ f0Hz: 261.63, seconds: 0.6, partials: 8, levelDb: (k) => -14 - 3 * k });

function write(name: string, channels: Float32Array[], rate = 48_000): void {
  const wav = new WavWriter(join(folder, name), rate, '32f', channels.length as 1 | 2);
  wav.write(channels, channels[0].length);
  wav.finish();
}

/** A sine of 440 Hz, half a second, at a rate of its own. */
function sine(rate: number): Float32Array {
  return Float32Array.from({ length: rate / 2 }, (_, n) => 0.3 * Math.sin((2 * Math.PI * 440 * n) / rate));
}

beforeAll(() => {
  mkdirSync(folder);
  write('clipped.wav', [note.map((v) => Math.max(-1, Math.min(1, 8 * v)))]);
  write('loud.wav', [note.map((v) => 2 * v)]);
  write('noise.wav', [addNoise(new Float32Array(30_000), -70)]);
  write('labelled-noise.wav', [addNoise(new Float32Array(30_000), -70)]);
  write('sharp.wav', [
    tone({ f0Hz: 261.63 * 2 ** (0.62 / 12), seconds: 0.6, partials: 8, levelDb: (k) => -14 - 3 * k }),
  ]);
  write('left-only.wav', [note, new Float32Array(note.length)]);
  write('opposite.wav', [note, note.map((v) => -v)]);
  for (const rate of [8000, 22_050, 96_000, 192_000]) write(`rate-${rate}.wav`, [sine(rate)], rate);
  write('minute.wav', [new Float32Array(61 * 8000).map((_, n) => 0.3 * Math.sin(n * 0.3))], 8000);
  const whole = readFileSync(join(folder, 'rate-96000.wav'));
  writeFileSync(join(folder, 'cut.wav'), whole.subarray(0, whole.length >> 1));
  writeFileSync(join(folder, 'torn.wav'), Buffer.concat([whole.subarray(0, 20), Buffer.alloc(4000, 0xa5)]));
  writeFileSync(join(folder, 'nothing.flac'), '');
  mkdirSync(join(folder, 'folder.wav'));
  const labels = {
    sounds: [
      { file: 'sharp.wav', key: 60 },
      { file: 'labelled-noise.wav', key: 60 },
      { file: 'folder.wav', key: 60 },
    ],
  };
  writeFileSync(join(folder, 'labels.json'), JSON.stringify(labels));
});
afterAll(() => place.remove());

test('each is named with its reason, or analysed', async () => {
  const analyser = new Analyser(testCore());
  const answers: Record<string, string | number> = {};
  for (const task of soundTasks(folder)) {
    const { entry } = await analyseFile(analyser, task);
    answers[entry.file] = entry.failed ?? Math.round(entry.pitch as number);
  }
  expect(answers).toEqual({
    'clipped.wav': expect.stringMatching(/^clipped: \d+\.\d % of its samples stand at full scale\.$/),
    'cut.wav': 69,
    'folder.wav': 'the file cannot be read (EISDIR).',
    'labelled-noise.wav': expect.any(Number),
    'left-only.wav': 60,
    'loud.wav': 60,
    'minute.wav': 'it lasts longer than 60 s; cut single notes out of it.',
    'noise.wav': 'no pitch was found; if it has one, say its key in labels.json.',
    'nothing.flac': 'not an audio file (WAV, FLAC, MP3, Ogg and AIFF can be read).',
    'opposite.wav': 60,
    'rate-192000.wav': 69,
    'rate-22050.wav': 69,
    'rate-8000.wav': 69,
    'rate-96000.wav': 69,
    'sharp.wav': expect.stringMatching(/^mistuned: it sounds 6\d cents above the key 60 that labels\.json says\.$/),
    'torn.wav': expect.stringMatching(/^(not an audio file|the file holds no sound)/),
  });
});

test('of a file of two hours only the beginning is read', async () => {
  const rate = 8000;
  const bytes = 7200 * rate * 2;
  const path = place.path('hours.wav');
  const header = Buffer.alloc(44);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(36 + bytes, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  [1, 1].forEach((v, i) => {
    header.writeUInt16LE(v, 20 + 2 * i);
  });
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE(2 * rate, 28);
  [2, 16].forEach((v, i) => {
    header.writeUInt16LE(v, 32 + 2 * i);
  });
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(bytes, 40);
  writeFileSync(path, header);
  // The rest is a hole in the file: silence that takes no room.
  truncateSync(path, 44 + bytes);
  const { samples, longer } = await readSoundFile(path);
  expect(longer).toBe(true);
  expect(Math.abs(samples.length - 60 * 48_000)).toBeLessThan(200);
});
