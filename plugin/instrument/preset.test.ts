// Presets: the same bytes from every shell, every flaw named, older versions brought forward.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { migratePreset } from './migrations.ts';
import { parameterById, parameters } from './parameters.ts';
import {
  modelMismatch,
  PRESET_VERSION,
  type Preset,
  parsePreset,
  presetEvents,
  readPreset,
  writePreset,
} from './preset.ts';

const sha256 = 'ab'.repeat(32);
const preset: Preset = {
  format: 'timbrefold-preset',
  version: 1,
  name: 'Glass',
  model: { id: 'timbrefold.atlas', sha256 },
  latent: [0.1, -2.5, 1 / 3],
  map: { x: 0.25, y: 0.75 },
  macros: [0.5, 0.6, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5],
  parameters: { gainDb: -3, attackMs: 20, sustain: 1 },
  seed: 7,
};

describe('writing', () => {
  test('keeps only what differs from the default, in the order of the table', () => {
    const text = writePreset(preset);
    expect(JSON.parse(text).parameters).toEqual({ attackMs: 20, gainDb: -3 });
    expect(Object.keys(JSON.parse(text).parameters)).toEqual(['attackMs', 'gainDb']);
    expect(text.endsWith('}\n')).toBe(true);
  });

  test('does not depend on the order of keys', () => {
    const shuffled = Object.fromEntries(Object.entries(preset).reverse()) as Preset;
    expect(writePreset({ ...shuffled, parameters: { sustain: 1, attackMs: 20, gainDb: -3 } })).toBe(
      writePreset(preset),
    );
  });

  test('reading and writing again gives the same bytes, and the same 32-bit latents', () => {
    const single = fc.float({ noNaN: true, noDefaultInfinity: true, min: -100, max: 100 });
    fc.assert(
      fc.property(fc.array(single, { minLength: 1, maxLength: 64 }), (latent) => {
        const text = writePreset({ ...preset, latent });
        const back = readPreset(text, 'x.json');
        expect(Float32Array.from(back.latent)).toEqual(Float32Array.from(latent, (v) => (v === 0 ? 0 : v)));
        expect(writePreset(back)).toBe(text);
      }),
    );
  });
});

describe('reading refuses, with the reason', () => {
  const cases: [string, unknown, string][] = [
    ['another format', { ...preset, format: 'x' }, 'it is not a Timbrefold preset'],
    ['no object', 3, 'it is not a Timbrefold preset'],
    [
      'a newer version',
      { ...preset, version: 9 },
      `it has version 9 and this Timbrefold reads up to ${PRESET_VERSION}`,
    ],
    ['an unknown parameter', { ...preset, parameters: { volume: 3 } }, 'it sets "volume", which is not a parameter'],
    ['a value out of range', { ...preset, parameters: { gainDb: 40 } }, 'gainDb is 40, outside -60 to 12'],
    ['a macro among the parameters', { ...preset, parameters: { macro1: 1 } }, '"macro1" stands under "parameters"'],
    ['seven macros', { ...preset, macros: [0, 0, 0, 0, 0, 0, 0] }, 'macros: '],
    ['a macro beyond 1', { ...preset, macros: [2, 0, 0, 0, 0, 0, 0, 0] }, 'macros[0]: '],
    ['no latent', { ...preset, latent: [] }, 'latent: '],
    ['a latent that is text', { ...preset, latent: ['1'] }, 'latent[0]: '],
    ['a hash that is none', { ...preset, model: { id: 'a', sha256: 'XYZ' } }, 'model.sha256: must be 64'],
  ];
  test.each(cases)('%s', (_, json, reason) => {
    expect(() => parsePreset(json, 'glass.json')).toThrow(reason);
    expect(() => parsePreset(json, 'glass.json')).toThrow(/^The preset glass\.json cannot be used: .+[^.]\.$/);
  });

  test('text that is no JSON, and a file too large', () => {
    expect(() => readPreset('{"format":', 'a.json')).toThrow('The preset a.json cannot be used: it is not JSON.');
    expect(() => readPreset(' '.repeat(2 << 20), 'a.json')).toThrow('it is larger than 1 MiB');
  });
});

test('a preset of another model is recognised, and said by both names', () => {
  const loaded = { id: 'timbrefold.atlas', sha256, name: 'Atlas', latentDim: 3 };
  expect(modelMismatch(preset, loaded)).toBeNull();
  expect(modelMismatch({ ...preset, model: { id: 'acme.brass', sha256: '0'.repeat(64) } }, loaded)).toBe(
    'The preset "Glass" was made for the model acme.brass (00000000); Atlas (timbrefold.atlas, abababab) is loaded.',
  );
  expect(modelMismatch(preset, { ...loaded, sha256: 'c'.repeat(64) })).toContain(
    '(abababab); Atlas (timbrefold.atlas, cccccccc)',
  );
  expect(modelMismatch(preset, { ...loaded, latentDim: 16 })).toBe('The preset "Glass" has 3 latents; Atlas has 16.');
});

test('events bring every parameter to its place', () => {
  const events = presetEvents(preset);
  expect(events.map(({ key }) => key)).toEqual(parameters.map(({ index }) => index));
  const plainOf = (id: string): number => events[parameterById(id).index].value;
  expect([plainOf('macro2'), plainOf('mapX'), plainOf('mapY'), plainOf('attackMs'), plainOf('decayMs')]).toEqual([
    0.6, 0.25, 0.75, 20, 500,
  ]);
});

describe('migrations', () => {
  test('version 1 passes unchanged', () => {
    const old = JSON.parse(writePreset(preset)) as Record<string, unknown>;
    expect(migratePreset(old, 1)).toBe(old);
    expect(parsePreset(old, 'x')).toEqual({
      ...preset,
      latent: [0.1, -2.5, 0.33333334],
      parameters: { attackMs: 20, gainDb: -3 },
    });
  });

  test('steps run one after the other and raise the version', () => {
    const steps = { 1: (p: object) => ({ ...p, a: 1 }), 2: (p: object) => ({ ...p, b: 2 }) };
    expect(migratePreset({ version: 1 }, 3, steps)).toEqual({ version: 3, a: 1, b: 2 });
    expect(() => migratePreset({ version: 1 }, 4, steps)).toThrow('no migration of presets from version 3 to 4');
  });
});
