// Sounds that cannot become a preset: one sentence that names the file, exit code 1, no preset written.

import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Workplace } from '../support/cli.ts';
import { monoWav } from '../support/wav-file.ts';

const place = new Workplace();
beforeAll(() => {
  writeFileSync(place.path('silent.wav'), monoWav(new Array<number>(24_000).fill(0)));
  writeFileSync(place.path('short.wav'), monoWav(Array.from({ length: 480 }, (_, i) => 0.5 * Math.sin(i * 0.06))));
  writeFileSync(place.path('text.wav'), 'This is no sound.');
  writeFileSync(place.path('empty.ogg'), '');
  const header = monoWav([]);
  writeFileSync(place.path('header.wav'), header.subarray(0, 30));
});
afterAll(() => place.remove());

test.each([
  ['silent.wav', /silent/],
  ['short.wav', /ms is too short; at least/],
  ['text.wav', /not an audio file/],
  ['empty.ogg', /not an audio file/],
  ['header.wav', /not an audio file|holds no|too short/],
  ['missing.wav', /missing|does not exist/],
])('encode %s', (name, reason) => {
  const before = place.list();
  const { code, stdout, stderr } = place.run('encode', name, '-o', 'preset.json');
  expect(code).toBe(1);
  expect(stdout).toBe('');
  expect(stderr).toMatch(new RegExp(`^timbrefold: .*${name.replace('.', '\\.')}.+\\.\\n$`));
  expect(stderr).toMatch(reason);
  expect(place.list()).toEqual(before);
});

test('analyse of a folder without sounds', () => {
  const { code, stderr } = place.run('analyse', '.', '-o', '.');
  expect(code).toBe(1);
  expect(stderr).toMatch(/^timbrefold: .+\.\n$/);
});
