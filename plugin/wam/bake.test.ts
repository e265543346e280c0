import { readFileSync } from 'node:fs';
import { tinyBundle } from '../../test/support/tiny-bundle.ts';
import type { SoundState } from '../instrument/messages.ts';
import { parameters } from '../instrument/parameters.ts';
import { readPreset, writePreset } from '../instrument/preset.ts';
import { type Bundle, readBundle } from '../model/bundle.ts';
import { coreModel } from '../model/core-model.ts';
import { bakedPreset } from './bake.ts';

describe('a preset of what is heard', () => {
  const module = new WebAssembly.Module(readFileSync(new URL('../../dist/core.wasm', import.meta.url)));
  let bundle: Bundle;
  beforeAll(async () => {
    bundle = await readBundle(tinyBundle(), 'tiny.timbre');
  });

  function state(values: Record<string, number>): SoundState {
    const [preset] = bundle.presets;
    const all = Object.fromEntries(parameters.map((p) => [p.id, p.default]));
    const corners = bundle.map.points.slice(0, 4).map(({ name, latent }) => ({ name, latent }));
    return { preset, corners, values: { ...all, mapX: preset.map.x, mapY: preset.map.y, ...values } };
  }
  const bake = (values: Record<string, number>) => bakedPreset(module, coreModel(bundle), state(values), 'Kept');

  test('at home it is the preset itself, with the macros and parameters as they are', () => {
    const kept = bake({ macro2: 0.75, tilt: 3 });
    expect(kept.latent).toEqual(bundle.presets[0].latent);
    expect(kept.macros[1]).toBe(0.75);
    expect(readPreset(writePreset(kept), 'kept.json').parameters).toEqual({ tilt: 3 });
  });

  test('on a point of the map, far from home, it is that point', () => {
    const home = bundle.presets[0].map;
    const far = bundle.map.points.reduce((a, b) =>
      Math.hypot(b.x - home.x, b.y - home.y) > Math.hypot(a.x - home.x, a.y - home.y) ? b : a,
    );
    const kept = bake({ mapX: far.x, mapY: far.y });
    expect(kept.map).toEqual({ x: far.x, y: far.y });
    // Home's own difference from the map reaches as far as exp(-(d / 0.15)^2).
    const reach = Math.exp(-((Math.hypot(far.x - home.x, far.y - home.y) / 0.15) ** 2));
    kept.latent.forEach((z, k) => {
      expect(Math.abs(z - far.latent[k])).toBeLessThan(0.01 + 5 * reach);
    });
  });

  test('wholly morphed into a corner it is the corner, and the morph is spent', () => {
    const corner = bundle.map.points[3];
    const kept = bake({ morphX: 1, morphY: 1, morphMix: 1 });
    kept.latent.forEach((z, k) => {
      expect(z).toBeCloseTo(corner.latent[k], 4);
    });
    expect(writePreset(kept)).not.toContain('morphMix');
  });

  test('macros are not baked in: they are applied after it', () => {
    const plain = bake({ mapX: 0.3, mapY: 0.7 });
    const bright = bake({ mapX: 0.3, mapY: 0.7, macro1: 1 });
    expect(bright.latent).toEqual(plain.latent);
    expect(bright.macros[0]).toBe(1);
  });
});
