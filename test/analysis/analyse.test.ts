// `timbrefold analyse`, `resynthesise` and `encode` as a person runs them: what is written, what is said, what stays untouched.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ROW_FLOATS } from '../../plugin/analysis/features.ts';
import { l60 } from '../../plugin/analysis/l60.ts';
import { addNoise, testCore, tone } from '../../plugin/analysis/testing/synthetic.ts';
import { analyseAll } from '../../plugin/cli/analyse.ts';
import { readSound } from '../../plugin/cli/audio-file.ts';
import { coreModule } from '../../plugin/cli/core-module.ts';
import { readFeatures } from '../../plugin/cli/features-folder.ts';
import { soundTasks } from '../../plugin/cli/sound-folder.ts';
import { WavWriter } from '../../plugin/cli/wav-writer.ts';
import { Workplace } from '../support/cli.ts';

const place = new Workplace();
const sounds = place.path('sounds');
const string = addNoise(
  tone({ f0Hz: 196, seconds: 1.5, partials: 24, inharmonicity: 2e-4, levelDb: (k) => -16 - k, decay: (k) => 4 + k }),
  -95,
);
const pipe = addNoise(
  tone({ f0Hz: 523.25, seconds: 1.5, partials: 8, levelDb: (k) => -14 - 5 * k, attack: 0.05 }),
  -85,
);
const write = (name: string, samples: Float32Array, rate = 48_000): void => {
  const wav = new WavWriter(join(sounds, name), rate, '32f', 1);
  wav.write([samples], samples.length);
  wav.finish();
};

beforeAll(() => {
  mkdirSync(sounds);
  write('string.wav', string);
  write('pipe.wav', pipe);
  write('silent.wav', new Float32Array(48_000));
  write('short.wav', string.subarray(0, 480));
  writeFileSync(join(sounds, 'text.wav'), 'not a sound at all');
  writeFileSync(join(sounds, 'notes.txt'), 'left alone');
  const labels = {
    sounds: [
      { file: 'string.wav', key: 55, velocity: 0.8 },
      { file: 'gone.wav', key: 60 },
    ],
  };
  writeFileSync(join(sounds, 'labels.json'), JSON.stringify(labels));
});
afterAll(() => place.remove());

describe('a folder of sounds', () => {
  test('becomes features, with a sentence for each sound that cannot be used', () => {
    const { code, stdout } = place.run('analyse', 'sounds', '-o', 'features', '--json');
    expect(code).toBe(0);
    const answer = JSON.parse(stdout);
    expect(answer.analysed).toBe(2);
    expect(answer.failed).toEqual([
      { file: 'gone.wav', failed: 'the file is missing.' },
      { file: 'short.wav', failed: '10 ms is too short; at least 30 ms are needed.' },
      { file: 'silent.wav', failed: 'silent.' },
      { file: 'text.wav', failed: 'not an audio file (WAV, FLAC, MP3, Ogg and AIFF can be read).' },
    ]);
    const { index, frames } = readFeatures(place.path('features'));
    expect(index.sounds.map(({ name }) => name)).toEqual(['gone', 'pipe', 'short', 'silent', 'string', 'text']);
    const found = index.sounds[4];
    expect(found.key).toBe(55);
    expect(found.velocity).toBe(0.8);
    expect(Math.abs((found.pitch ?? 0) - 55)).toBeLessThan(0.01);
    expect(Math.abs((index.sounds[1].pitch ?? 0) - 72)).toBeLessThan(0.01);
    // A failed sound keeps a row of silence.
    expect(frames.subarray(0, ROW_FLOATS).every((v) => v === -100)).toBe(true);
    expect(place.list()).toEqual(['features', 'sounds']);
  });

  test('gives the same features whatever the number of threads', async () => {
    const tasks = soundTasks(sounds);
    const one = await analyseAll(tasks, 1, coreModule());
    const three = await analyseAll(tasks, 3, coreModule());
    expect(three.index).toEqual(one.index);
    expect(Buffer.from(three.frames.buffer).equals(Buffer.from(one.frames.buffer))).toBe(true);
  });

  test('comes back as sound that is near the original', async () => {
    const { code } = place.run(
      'resynthesise',
      'features',
      '-o',
      'heard',
      '--seconds',
      '1.5',
      '--only',
      'string',
      'pipe',
    );
    expect(code).toBe(0);
    const core = testCore();
    for (const [name, original] of [
      ['string', string],
      ['pipe', pipe],
    ] as const) {
      const heard = await readSound(place.path(`heard/${name}.wav`));
      expect(l60(original, heard, 48_000, core)).toBeLessThan(3);
    }
    const again = place.run('resynthesise', 'features', '-o', 'heard', '--only', 'nobody');
    expect(again.code).toBe(1);
    expect(again.stderr).toContain('There is no sound "nobody" in these features.');
  });
});

describe('what cannot be done is said, and nothing is touched', () => {
  test.each([
    ['silent.wav', 'silent.'],
    ['short.wav', '10 ms is too short; at least 30 ms are needed.'],
    ['text.wav', 'not an audio file (WAV, FLAC, MP3, Ogg and AIFF can be read).'],
  ])('%s, analysed and encoded', (file, sentence) => {
    writeFileSync(place.path('kept.json'), 'mine');
    const path = `sounds/${file}`;
    const analysed = place.run('analyse', path, '-o', 'nothing');
    expect(analysed.code).toBe(1);
    expect(analysed.stderr).toContain(`${path}: ${sentence}`);
    expect(existsSync(place.path('nothing'))).toBe(false);
    const encoded = place.run('encode', path, '-o', 'kept.json');
    expect(encoded.code).toBe(1);
    expect(encoded.stderr).toContain(`${path}: ${sentence}`);
    expect(readFileSync(place.path('kept.json'), 'utf8')).toBe('mine');
  });

  test('where no sound can be used there are no features, unless they are one part of more', () => {
    mkdirSync(place.path('bad'));
    writeFileSync(place.path('bad/text.wav'), 'not a sound at all');
    const { code, stderr } = place.run('analyse', 'bad', '-o', 'none');
    expect(code).toBe(1);
    expect(stderr).toContain('not an audio file');
    expect(existsSync(place.path('none'))).toBe(false);
    expect(place.run('analyse', 'bad', '-o', 'part', '--part').code).toBe(0);
    const { sounds: entries } = readFeatures(place.path('part')).index;
    expect(entries.map(({ failed }) => failed)).toEqual([expect.stringContaining('not an audio file')]);
  });

  test('a folder that holds something else is not replaced', () => {
    const { code, stderr } = place.run('analyse', 'sounds', '-o', 'sounds');
    expect(code).toBe(1);
    expect(stderr).toContain('sounds exists and is not a features folder');
    expect(existsSync(join(sounds, 'notes.txt'))).toBe(true);
  });

  test('labels that are not JSON, a path that does not exist, features that are none', () => {
    mkdirSync(place.path('odd'));
    writeFileSync(place.path('odd/labels.json'), '{');
    expect(place.run('analyse', 'odd', '-o', 'x').stderr).toContain('labels.json is not JSON');
    expect(place.run('analyse', 'nowhere', '-o', 'x').stderr).toContain('nowhere does not exist.');
    expect(place.run('resynthesise', 'odd', '-o', 'x').stderr).toContain('odd is not a features folder');
    expect(place.run('analyse', 'sounds').code).toBe(2);
  });
});

test('a sound becomes a preset of the model that ships', () => {
  const { code, stdout } = place.run('encode', 'sounds/string.wav', '-o', 'string.json', '--refine', '--json');
  expect(code).toBe(0);
  const answer = JSON.parse(stdout);
  expect(Math.abs(answer.pitch - 55)).toBeLessThan(0.01);
  expect(answer.refined.after).toBeLessThan(answer.refined.before);
  expect(answer.l60).toBeLessThan(12);
  const preset = JSON.parse(readFileSync(place.path('string.json'), 'utf8'));
  expect(preset.format).toBe('timbrefold-preset');
  expect(preset.name).toBe('string');
});

test('another sample rate is resampled to 48 kHz at the same pitch and level', async () => {
  const rate = 44_100;
  const sine = Float32Array.from({ length: rate }, (_, n) => 0.5 * Math.sin((2 * Math.PI * 1000 * n) / rate));
  write('other.wav', sine, rate);
  const heard = await readSound(join(sounds, 'other.wav'));
  expect(Math.abs(heard.length - 48_000)).toBeLessThan(100);
  let crossings = 0;
  let energy = 0;
  for (let n = 4801; n <= 43_200; n++) {
    if (heard[n - 1] < 0 && heard[n] >= 0) crossings++;
    energy += heard[n] ** 2;
  }
  expect(Math.abs(crossings - 800)).toBeLessThanOrEqual(1);
  expect(Math.sqrt(energy / 38_400)).toBeCloseTo(0.5 / Math.SQRT2, 3);
});
