// What the bench plays: sixteen voices that never rest.
import type { Score } from './host.ts';

export const VOICES = 16;
const LOWEST = 36;
const STEP = 3;

/** Sixteen keys, each struck once a second and held for nearly all of it, one after the other; repeats every second. */
export const sixteenVoices = (): Score => ({
  notes: Array.from({ length: VOICES }, (_, i): [number, number, number, number][] => [
    [i / VOICES, 0x90, LOWEST + STEP * i, 100],
    [i / VOICES + 0.97, 0x80, LOWEST + STEP * i, 0],
  ]).flat(),
  repeatSeconds: 1,
});

/** The same while a macro is automated every 10 ms, so that every frame of every voice has to be decoded anew. */
export const sixteenMovingVoices = (): Score => ({
  ...sixteenVoices(),
  moves: [
    [0, 'releaseMs', 10],
    [0, 'driftDepth', 0.3],
    ...Array.from({ length: 100 }, (_, i): [number, string, number] => [
      i / 100,
      'macro1',
      0.5 + 0.4 * Math.sin((2 * Math.PI * i) / 100),
    ]),
  ],
});

/** Sixteen keys struck at once and held for `seconds`, every frame of them decoded anew as above. */
export const sixteenHeldVoices = (seconds: number): Score => ({
  notes: Array.from({ length: VOICES }, (_, i): [number, number, number, number] => [0, 0x90, LOWEST + STEP * i, 100]),
  moves: [
    [0, 'driftDepth', 0.3],
    ...Array.from({ length: 100 * seconds }, (_, i): [number, string, number] => [
      i / 100,
      'macro1',
      0.5 + 0.4 * Math.sin((2 * Math.PI * i) / 100),
    ]),
  ],
});
