import type { SoundState } from '../instrument/messages.ts';
import { auditionState, portraitState } from './beside.ts';

const state = {
  preset: { name: 'Tone', latent: [1, 2], map: { x: 0.25, y: 0.75 } },
  values: { gainDb: -6, attackMs: 40, macro1: 0.9, morphMix: 0.5, mapX: 0.9, position: 0.4, sustain: 0.2 },
  corners: [],
  path: [0, 0, 1, 1],
} as unknown as SoundState;

test('a latent is heard as itself, at home, with the loudness and envelope that are set', () => {
  const heard = auditionState(state, [3, 4]);
  expect(heard.preset.latent).toEqual([3, 4]);
  expect(heard.path).toEqual([]);
  const still = { gainDb: -6, attackMs: 40, sustain: 0.2 };
  expect(heard.values).toMatchObject({ ...still, macro1: 0.5, morphMix: 0, mapX: 0.25, mapY: 0.75, position: 0 });
});

test('a picture is of the whole note as its macros make it', () => {
  const drawn = portraitState(state);
  expect(drawn.values).toMatchObject({ macro1: 0.9, mapX: 0.9, position: 0, attackMs: 0, sustain: 1 });
  expect(drawn.preset).toBe(state.preset);
});
