// A session survives being written and read; what is damaged is refused by a sentence.
import { describe, expect, test } from '@jest/globals';
import { readSession, type Session, writeSession } from './session.ts';

const preset = {
  format: 'timbrefold-preset' as const,
  version: 1 as const,
  name: 'Halo',
  model: { id: 'timbrefold.atlas', sha256: 'a'.repeat(64) },
  latent: [0.25, -1.5],
  map: { x: 0.5, y: 0.25 },
  macros: [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.75],
  parameters: { attackMs: 20 },
  seed: 7,
};
const corner = { name: 'A', latent: [0, 1] };
const session: Session = {
  preset,
  values: { macro1: 0.3 },
  corners: [corner, corner, corner, corner],
  modelName: 'Atlas',
};

describe('a session', () => {
  test('is the same after a way through JSON', () => {
    expect(readSession(JSON.parse(JSON.stringify(writeSession(session))))).toEqual(session);
  });

  test.each([
    ['nothing', null, 'it is empty'],
    ['something else', { format: 'x' }, 'it is not a state of Timbrefold'],
    ['a newer version', { ...writeSession(session), version: 2 }, 'it has version 2'],
    ['three corners', { ...writeSession(session), corners: [corner, corner, corner] }, 'corners are damaged'],
    [
      'a corner of another size',
      { ...writeSession(session), corners: Array(4).fill({ name: '', latent: [1] }) },
      'corners',
    ],
    ['a preset without latent', { ...writeSession(session), preset: { ...preset, latent: undefined } }, 'latent'],
  ])('that is %s is refused', (_what, json, why) => {
    expect(() => readSession(json)).toThrow(why);
  });

  test('drops values that are no numbers and keeps the others', () => {
    const json = { ...writeSession(session), values: { macro1: 'loud', macro2: 0.5, macro3: Number.NaN } };
    expect(readSession(json).values).toEqual({ macro2: 0.5 });
  });
});
