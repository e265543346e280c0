// `timbrefold render` from MIDI to WAV: pitches, onsets, bends, tempo and automation are those of the score, and the bytes are always the same.

import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { runCli } from '../../plugin/cli/run.ts';
import { Workplace } from '../support/cli.ts';
import { amplitudeAt, centsOff, firstSound, keyHertz, rms } from '../support/measure.ts';
import { type At, bend, midiFile, note, noteOff, noteOn, program, tempo } from '../support/midi.ts';
import { tinyBundle } from '../support/tiny-bundle.ts';
import { readWav, type Wav } from '../support/wav.ts';

const RATE = 48_000;
/** At 120 quarter notes a minute and 480 ticks each. */
const SAMPLES_PER_TICK = 50;

const place = new Workplace();
beforeAll(() => writeFileSync(place.path('tiny.timbre'), tinyBundle()));
afterAll(() => place.remove());

/** In this process, which is quicker; where it matters a test starts one of its own. */
async function render(tracks: At[][], ...args: string[]): Promise<Wav> {
  writeFileSync(place.path('score.mid'), midiFile(tracks));
  const said: unknown[] = [];
  const error = jest.spyOn(console, 'error').mockImplementation((text: unknown) => void said.push(text));
  const log = jest.spyOn(console, 'log').mockImplementation(() => {});
  const files = [place.path('score.mid'), '--model', place.path('tiny.timbre'), '-o', place.path('out.wav')];
  const code = await runCli(['render', ...files, '--bits', '32f', ...args]);
  error.mockRestore();
  log.mockRestore();
  if (code !== 0) throw new Error(said.join('\n'));
  return readWav(place.path('out.wav'));
}

const seconds = (wav: Wav, from: number, to: number): Float32Array =>
  wav.left.subarray(Math.round(from * wav.sampleRate), Math.round(to * wav.sampleRate));

describe('pitch', () => {
  test('single notes from A1 to C7 are within 1 cent', async () => {
    const keys = [33, 45, 60, 69, 84, 96];
    const wav = await render([keys.flatMap((key, i) => note(960 * i, key, 900))]);
    keys.forEach((key, i) => {
      expect(Math.abs(centsOff(seconds(wav, i + 0.3, i + 0.9), RATE, key))).toBeLessThan(1);
    });
  });

  test('every note of a chord is within 1 cent', async () => {
    const keys = [48, 55, 64, 71];
    const wav = await render([keys.flatMap((key) => note(0, key, 960))]);
    for (const key of keys) expect(Math.abs(centsOff(seconds(wav, 0.2, 0.9), RATE, key))).toBeLessThan(1);
  });

  test('a bend moves it by the range, exactly, and back', async () => {
    const track = [noteOn(0, 60), bend(480, 8191), bend(960, -8192), noteOff(1440, 60)];
    const wav = await render([track], '--set', 'bendRange=12');
    expect(Math.abs(centsOff(seconds(wav, 0.05, 0.48), RATE, 60))).toBeLessThan(1);
    expect(Math.abs(centsOff(seconds(wav, 0.55, 0.98), RATE, 72))).toBeLessThan(1);
    expect(Math.abs(centsOff(seconds(wav, 1.05, 1.48), RATE, 48))).toBeLessThan(1);
  });

  test('after a glide of an octave it is within 1 cent', async () => {
    const track = [noteOn(0, 57), noteOn(480, 69), noteOff(1440, 57), noteOff(1440, 69)];
    const wav = await render([track], '--set', 'voiceMode=2', '--set', 'glideMs=100');
    expect(Math.abs(centsOff(seconds(wav, 0.75, 1.45), RATE, 69))).toBeLessThan(1);
  });

  test('at another sample rate it is the same', async () => {
    const wav = await render([note(0, 69, 960)], '--rate', '96000');
    expect(wav.sampleRate).toBe(96_000);
    expect(Math.abs(centsOff(seconds(wav, 0.2, 0.7), wav.sampleRate, 69))).toBeLessThan(1);
  });
});

describe('time', () => {
  test.each([0, 1, 333])('a note at tick %d sounds from that very sample', async (tick) => {
    const wav = await render([note(tick, 60, 240)]);
    expect(firstSound(wav.left)).toBe(tick * SAMPLES_PER_TICK);
  });

  test('the tempo may change under way, in a track of its own', async () => {
    // One beat of 500 ms, then one of 250 ms; the note is on the third.
    const wav = await render([[tempo(0, 500_000), tempo(480, 250_000)], note(960, 60, 240)]);
    expect(firstSound(wav.left)).toBe(36_000);
  });

  test('the render ends when the last voice has, or as long after the last note as asked', async () => {
    const auto = await render([note(0, 60, 480)]);
    expect(auto.left.length).toBeGreaterThan(0.5 * RATE);
    expect(auto.left.length).toBeLessThan(5 * RATE);
    expect(rms(auto.left.subarray(-200))).toBeLessThan(1e-4);
    const fixed = await render([note(0, 60, 480)], '--tail', '1.5');
    expect(fixed.left.length).toBe(0.5 * RATE + 1 + 1.5 * RATE);
    expect(rms(seconds(fixed, 1.5, 2))).toBeLessThan(0.01 * rms(seconds(fixed, 0.2, 0.4)));
  });
});

describe('sound', () => {
  /** Level of partial 12 against the first, dB: rises with the model's brightness. */
  const brightness = (wav: Wav, from: number): number => {
    const x = seconds(wav, from, from + 0.2);
    return 20 * Math.log10(amplitudeAt(x, RATE, 12 * keyHertz(57)) / amplitudeAt(x, RATE, keyHertz(57)));
  };

  test('automation of a macro brightens the note while it lasts, along the line', async () => {
    writeFileSync(place.path('lanes.csv'), 'seconds,parameter,value\n0.4,macro1,0\n1.4,macro1,1\n');
    const track = [note(0, 57, 1920)];
    const moved = await render(track, '--automate', place.path('lanes.csv'), '--set', 'macro1=0');
    const still = await render(track, '--set', 'macro1=0');
    expect(moved.left.subarray(0, 0.4 * RATE)).toEqual(still.left.subarray(0, 0.4 * RATE));
    const path = [0.1, 0.6, 0.9, 1.2, 1.7].map((from) => brightness(moved, from));
    for (let i = 1; i < path.length; i++) expect(path[i]).toBeGreaterThan(path[i - 1] + 1);
    expect(path[4] - brightness(still, 1.7)).toBeGreaterThan(15);
  });

  test('a macro set beforehand is heard from the first sample', async () => {
    expect(brightness(await render([note(0, 57, 960)], '--set', 'macro1=1'), 0.02)).toBeGreaterThan(
      brightness(await render([note(0, 57, 960)], '--set', 'macro1=0'), 0.02) + 15,
    );
  });

  test('a preset of the bundle is chosen by its name', async () => {
    const plain = await render([note(0, 57, 960)], '--preset', 'plain');
    const bright = await render([note(0, 57, 960)], '--preset', 'Bright');
    expect(brightness(bright, 0.3)).toBeGreaterThan(brightness(plain, 0.3) + 5);
  });

  test('velocity is loudness', async () => {
    const wav = await render([[...note(0, 57, 480, 120), ...note(960, 57, 480, 30)]]);
    expect(rms(seconds(wav, 0.1, 0.4))).toBeGreaterThan(2 * rms(seconds(wav, 1.1, 1.4)));
  });
});

describe('bytes', () => {
  const score = [
    [tempo(0, 400_000)],
    [
      ...note(0, 48, 500),
      ...note(11, 52, 500),
      ...note(203, 59, 700),
      bend(300, 4000),
      bend(600, -4000),
      ...note(700, 64, 100),
    ],
    [...note(100, 36, 900, 90, 1), program(5, 4, 1)],
  ];
  const hash = async (...args: string[]): Promise<string> => {
    await render(score, '--automate', place.path('bytes.csv'), '--set', 'driftDepth=0.5', '--set', 'unison=3', ...args);
    return createHash('sha256')
      .update(readFileSync(place.path('out.wav')))
      .digest('hex');
  };
  beforeAll(() =>
    writeFileSync(place.path('bytes.csv'), '0.1,macro1,0.2\n0.9,macro1,0.9\n0.3,mapX,0.1\n0.8,mapX,0.9\n'),
  );

  test('are the same at every block size, and twice', async () => {
    const first = await hash('--block', '128');
    for (const block of ['32', '128', '509', '4096']) expect(await hash('--block', block)).toBe(first);
    // A process of its own knows nothing of the renders before.
    const before = readFileSync(place.path('out.wav'));
    const common = ['--automate', 'bytes.csv', '--set', 'driftDepth=0.5', '--set', 'unison=3', '--bits', '32f'];
    expect(place.run('render', 'score.mid', '--model', 'tiny.timbre', '-o', 'again.wav', ...common).code).toBe(0);
    expect(readFileSync(place.path('again.wav')).equals(before)).toBe(true);
  });

  test('differ with the seed', async () => {
    expect(await hash('--seed', '2')).not.toBe(await hash('--seed', '3'));
  });

  test('16 and 24 bit round what 32-bit float holds; the dither repeats', async () => {
    const float = await render(score);
    for (const bits of ['16', '24'] as const) {
      const wav = await render(score, '--bits', bits);
      expect(wav.bits).toBe(Number(bits));
      expect(wav.left.length).toBe(float.left.length);
      const step = 1 / (2 ** (wav.bits - 1) - 1);
      const worst = wav.left.reduce((most, value, i) => Math.max(most, Math.abs(value - float.left[i])), 0);
      expect(worst).toBeLessThanOrEqual(step * (bits === '16' ? 1.5 : 0.51) + 1e-7);
      if (bits === '16') expect((await render(score, '--bits', bits)).left).toEqual(wav.left);
    }
  });
});

test('--json says what was done', async () => {
  writeFileSync(place.path('score.mid'), midiFile([[...note(0, 60, 480), program(0, 3)]]));
  const { code, stdout, stderr } = place.run(
    'render',
    'score.mid',
    '--model',
    'tiny.timbre',
    '-o',
    'out.wav',
    '--json',
    '--set',
    'gainDb=12',
  );
  expect(code).toBe(0);
  expect(stderr).toBe('');
  const answer = JSON.parse(stdout) as Record<string, unknown>;
  const wav = readWav(place.path('out.wav'));
  expect(answer).toMatchObject({
    notes: 1,
    programChangesIgnored: 1,
    sampleRate: RATE,
    bits: '24',
    frames: wav.left.length,
    preset: 'Plain',
  });
  expect(answer.peakDb).toBeCloseTo(
    20 * Math.log10(Math.max(...wav.left.map(Math.abs), ...wav.right.map(Math.abs))),
    1,
  );
});

test('what exceeds full scale is cut off, counted and said', async () => {
  const loud = [40, 47, 52, 55, 59, 64, 67, 71].flatMap((key) => note(0, key, 240, 127));
  const gain = ['--set', 'gainDb=12', '--set', 'velocityToLevel=0'];
  const wav = await render([loud], ...gain, '--bits', '16', '--json');
  expect(Math.max(...wav.left)).toBe(1);
  const over = (x: Float32Array): number => x.filter((value) => Math.abs(value) > 1).length;
  const float = await render([loud], ...gain);
  const clipped = over(float.left) + over(float.right);
  expect(clipped).toBeGreaterThan(0);
  const { stderr, stdout } = place.run('render', 'score.mid', '--model', 'tiny.timbre', '-o', 'out.wav', ...gain);
  expect(stderr).toBe(`${clipped} samples were clipped; lower the level, for example by --set gainDb=-12.\n`);
  expect(stdout).toMatch(/^Rendered 8 notes, /);
});
