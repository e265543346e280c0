// `timbrefold export`: files of a sound as a musician and a sampler expect them.
import { readFileSync, writeFileSync } from 'node:fs';
import { unzipSync } from 'fflate';
import wavefile from 'wavefile';
import { readPresetLink } from '../../plugin/export/preset-link.ts';
import { Workplace } from '../support/cli.ts';
import { midiFile, note } from '../support/midi.ts';
import { tinyBundle } from '../support/tiny-bundle.ts';
import { readWav } from '../support/wav.ts';

interface Sample {
  rate: number;
  frames: number;
  loop: { dwStart: number; dwEnd: number } | null;
  left: Float64Array;
}

function readSample(bytes: Uint8Array): Sample {
  const wav = new wavefile.WaveFile(bytes);
  const { sampleRate } = wav.fmt as { sampleRate: number };
  const { loops } = wav.smpl as unknown as { loops: { dwStart: number; dwEnd: number }[] };
  const [left] = wav.getSamples(false, Float64Array) as unknown as Float64Array[];
  return { rate: sampleRate, frames: left.length, loop: loops[0] ?? null, left };
}

describe('timbrefold export', () => {
  const place = new Workplace();
  const model = place.path('tiny.timbre');
  beforeAll(() => writeFileSync(model, tinyBundle()));
  afterAll(() => place.remove());
  const run = (...args: string[]) => place.run('export', ...args, '--model', model);

  test('a note is held as long as asked, a scale climbs an octave', () => {
    expect(
      run('note', '--key', '69', '--seconds', '1', '--rate', '44100', '--bits', '32f', '-o', 'note.wav').code,
    ).toBe(0);
    const one = readWav(place.path('note.wav'));
    expect(one.sampleRate).toBe(44_100);
    expect(one.left.length).toBeGreaterThan(44_100);
    expect(one.left.length).toBeLessThan(2.5 * 44_100);
    const said = run('scale', '--scale', 'minor', '--seconds', '0.2', '--preset', 'Bright', '--json');
    expect(said.code).toBe(0);
    expect(JSON.parse(said.stdout)).toMatchObject({ file: 'bright-minor.wav', preset: 'Bright' });
    expect(readWav(place.path('bright-minor.wav')).left.length).toBeGreaterThan(8 * 0.2 * 48_000);
  });

  test('a MIDI file is rendered to the same samples as by "render"', () => {
    writeFileSync(place.path('tune.mid'), midiFile([[...note(0, 60, 480), ...note(480, 64, 480)]]));
    expect(run('midi', 'tune.mid', '-o', 'a.wav').code).toBe(0);
    expect(place.run('render', 'tune.mid', '--model', model, '-o', 'b.wav').code).toBe(0);
    expect(readFileSync(place.path('a.wav')).equals(readFileSync(place.path('b.wav')))).toBe(true);
  });

  test('a multisample has a sample for every key and layer, loops where the sound rests, and an .sfz that names them all', () => {
    const asked = ['--low', '48', '--high', '60', '--step', '6', '--layers', '2', '--seconds', '3.5'];
    const held = run('multisample', ...asked, '--set', 'freeze=1', '-o', 'held.zip', '--json');
    expect(held.code).toBe(0);
    const files = unzipSync(readFileSync(place.path('held.zip')));
    const sfz = new TextDecoder().decode(files['plain/plain.sfz']);
    const regions = sfz.split('<region>').slice(1);
    expect(regions).toHaveLength(6);
    const keys = new Set<number>();
    const velocities = new Set<number>();
    for (const region of regions) {
      const field = (name: string): string => new RegExp(`\\b${name}=(\\S+)`).exec(region)?.[1] ?? '';
      const sample = readSample(files[`plain/${field('sample')}`]);
      expect(sample.loop).not.toBeNull();
      expect(Number(field('loop_start'))).toBe(sample.loop?.dwStart);
      expect(Number(field('loop_end'))).toBe(sample.loop?.dwEnd);
      expect(sample.loop?.dwEnd).toBe(sample.frames - 1);
      for (let key = Number(field('lokey')); key <= Number(field('hikey')); key++) keys.add(key);
      for (let v = Number(field('lovel')); v <= Number(field('hivel')); v++) velocities.add(v);
      // What follows the end in the loop goes on as the sound does: no step larger than the sound's own.
      const { start, end } = { start: sample.loop?.dwStart ?? 0, end: sample.loop?.dwEnd ?? 0 };
      let steepest = 0;
      for (let i = start + 1; i <= end; i++)
        steepest = Math.max(steepest, Math.abs(sample.left[i] - sample.left[i - 1]));
      expect(Math.abs(sample.left[start] - sample.left[end])).toBeLessThan(1.2 * steepest);
    }
    expect(keys.size).toBe(128);
    expect(velocities.size).toBe(127);
  });

  test('a sound that dies away is sampled to its end, without a loop', () => {
    const asked = ['--low', '60', '--high', '60', '--layers', '1', '--seconds', '1'];
    const fading = ['--set', 'sustain=0', '--set', 'decayMs=1500'];
    expect(run('multisample', ...asked, ...fading, '-o', 'fading.zip').code).toBe(0);
    const files = unzipSync(readFileSync(place.path('fading.zip')));
    expect(new TextDecoder().decode(files['plain/plain.sfz'])).toContain('loop_mode=no_loop');
    const { loop, left } = readSample(files['plain/samples/C4-1.wav']);
    expect(loop).toBeNull();
    expect(Math.max(...left.subarray(-64).map(Math.abs))).toBeLessThan(1e-3);
  });

  test('a link brings the preset to another command, exactly', () => {
    const { stdout } = run('link', '--preset', 'Bright', '--set', 'macro2=0.75', '--set', 'tilt=3');
    const link = stdout.trim();
    expect(readPresetLink(link)).toMatchObject({ name: 'Bright', latent: [1, 0, 0, 0], parameters: { tilt: 3 } });
    expect(readPresetLink(link).macros[1]).toBe(0.75);
    const settings = ['--set', 'macro2=0.75', '--set', 'tilt=3'];
    run('note', '--seconds', '0.3', '--preset', 'Bright', ...settings, '-o', 'named.wav');
    run('note', '--seconds', '0.3', '--preset', `http://localhost/${link}`, '-o', 'linked.wav');
    expect(readFileSync(place.path('linked.wav')).equals(readFileSync(place.path('named.wav')))).toBe(true);
  });

  test('says what it cannot do, and leaves nothing behind', () => {
    const before = place.list();
    expect(run('multisample', '--low', '60', '--high', '50').stderr).toContain(
      'The highest key must be a whole number from 60',
    );
    expect(run('note', '--seconds', '0').stderr).toContain('The time a key is held must be from 0.05 to 60');
    expect(run('midi').stderr).toContain('Which MIDI file?');
    expect(run('note', '--preset', 'x#preset=1.AAAA').stderr).toContain('damaged or was cut off');
    expect(run('song').code).toBe(2);
    expect(place.list()).toEqual(before);
  });
});
