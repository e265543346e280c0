// A preset goes into an address and comes out the same; damaged, cut, foreign and hostile addresses are one sentence.
import { deflateSync } from 'fflate';
import { type Preset, writePreset } from '../instrument/preset.ts';
import { MAX_LATENT } from '../instrument/protocol.ts';
import { hasPreset, readPresetLink, writePresetLink } from './preset-link.ts';

const preset = (latents: number): Preset => ({
  format: 'timbrefold-preset',
  version: 1,
  name: 'Glass & Brass – »süß«',
  model: { id: 'timbrefold.atlas', sha256: 'a'.repeat(64) },
  latent: Array.from({ length: latents }, (_, i) => Math.fround(Math.sin(i * 12.9898) * 3)),
  map: { x: 0.25, y: 0.75 },
  macros: [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 1],
  parameters: { tilt: -1.5, unison: 3 },
  seed: 7,
});

describe('a preset link', () => {
  test.each([1, 16, MAX_LATENT])('holds every number of a preset with %d latents', (latents) => {
    const link = writePresetLink(preset(latents));
    expect(link).toMatch(/^#preset=1\.[A-Za-z0-9_-]+$/);
    const back = readPresetLink(link);
    expect(back.latent.map(Math.fround)).toEqual(preset(latents).latent);
    expect(writePreset(back)).toBe(writePreset(preset(latents)));
  });

  test('is short enough for a message', () => {
    expect(writePresetLink(preset(320 <= MAX_LATENT ? 320 : MAX_LATENT)).length).toBeLessThan(2500);
  });

  test('is told from other fragments', () => {
    expect(hasPreset('#preset=1.AAAA')).toBe(true);
    expect(hasPreset('#settings')).toBe(false);
    expect(hasPreset('')).toBe(false);
  });

  test('that was cut off, changed or is of the future is refused in a sentence', () => {
    const link = writePresetLink(preset(16));
    const damaged = 'The preset of this link cannot be used: the address is damaged or was cut off.';
    for (const bad of [link.slice(0, -20), '#preset=', '#preset=1.', '#preset=1.%%%', `${link.slice(0, 40)}AAAA`]) {
      expect(() => readPresetLink(bad)).toThrow(damaged);
    }
    expect(() => readPresetLink(link.replace('=1.', '=9.'))).toThrow('it has version 9');
    expect(() => readPresetLink(`#preset=1.${'A'.repeat(70_000)}`)).toThrow('the address is too long');
  });

  test('whose bytes would unpack without end is refused', () => {
    const bomb = Buffer.from(deflateSync(new Uint8Array(40_000_000))).toString('base64url');
    expect(bomb.length).toBeLessThan(64_000);
    expect(() => readPresetLink(`#preset=1.${bomb}`)).toThrow('damaged');
  });

  test('whose preset breaks the rules is refused as a file would be', () => {
    const link = writePresetLink({ ...preset(4), parameters: {} });
    const packed = Buffer.from(link.split('.')[1], 'base64url');
    expect(packed.length).toBeGreaterThan(50);
    const bytes = Buffer.concat([Buffer.from([1, 0, 0, 0, 0, 0]), Buffer.from(JSON.stringify({ format: 'other' }))]);
    expect(() => readPresetLink(`#preset=1.${Buffer.from(deflateSync(bytes)).toString('base64url')}`)).toThrow(
      'it is not a Timbrefold preset',
    );
  });
});
