// The model that ships keeps its promises: it passes its check, and every one of its presets sounds, over the keyboard, without clipping.

import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { shippedModel } from '../../plugin/cli/model-file.ts';
import { Core } from '../../plugin/engine/core.ts';
import { OfflineEngine, renderToArrays, type TimedEvent } from '../../plugin/engine/offline.ts';
import { presetEvents } from '../../plugin/instrument/preset.ts';
import { EVENT } from '../../plugin/instrument/protocol.ts';
import { type Bundle, readBundle } from '../../plugin/model/bundle.ts';
import { coreModel } from '../../plugin/model/core-model.ts';
import type { ModelDecoder } from '../../plugin/model/onnx-decoder.ts';
import { openNodeDecoder } from '../../plugin/model/ort-node.ts';
import { dist } from '../../scripts/build/paths.ts';
import { Workplace } from '../support/cli.ts';
import { rms } from '../support/measure.ts';

const RATE = 48_000;
const KEYS = [36, 60, 84];

let bundle: Bundle;
let decoder: ModelDecoder;
const place = new Workplace();
beforeAll(async () => {
  bundle = await readBundle(new Uint8Array(readFileSync(shippedModel())), 'atlas.timbre');
  decoder = await openNodeDecoder(bundle);
});
afterAll(async () => {
  place.remove();
  await decoder.dispose();
});

test('it is no larger than 12 MB and passes its check', () => {
  expect(statSync(shippedModel()).size).toBeLessThan(12e6);
  const { code, stdout } = place.run('check', '--json');
  expect(JSON.parse(stdout)).toMatchObject({ ok: true });
  expect(code).toBe(0);
});

describe('its presets', () => {
  test('have names of their own', () => {
    const names = bundle.presets.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThanOrEqual(8);
  });

  test('sound on every key, finite, audible and unclipped', async () => {
    const module = new WebAssembly.Module(readFileSync(join(dist, 'core.wasm')));
    const wrong: string[] = [];
    for (const preset of bundle.presets) {
      const engine = new OfflineEngine({
        core: Core.fromModule(module),
        decoder,
        model: coreModel(bundle),
        sampleRate: RATE,
        seed: preset.seed,
        latent: preset.latent,
        mapX: preset.map.x,
        mapY: preset.map.y,
        events: presetEvents(preset),
      });
      for (const key of KEYS) {
        const begin = engine.rendered;
        const event = (frame: number, kind: number): TimedEvent => ({
          frame: begin + frame,
          kind,
          channel: 0,
          key,
          value: 1,
        });
        const { left } = await renderToArrays(
          engine,
          [event(0, EVENT.noteOn), event(0.4 * RATE, EVENT.noteOff)],
          0.6 * RATE,
        );
        const level = 20 * Math.log10(rms(left.subarray(0, 0.4 * RATE)));
        const peak = left.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
        if (!(level > -60 && peak < 1))
          wrong.push(`${preset.name}, key ${key}: ${level.toFixed(1)} dB, peak ${peak.toFixed(2)}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(decoder.replaced).toBe(0);
  });
});
