// Freezes the parameter table: ids and order are in presets and sessions of musicians and never change.
import fc from 'fast-check';
import { formatPlain, parameterById, parameters, snap, toNormalised, toPlain } from './parameters.ts';

const frozen =
  'macro1 macro2 macro3 macro4 macro5 macro6 macro7 macro8 mapX mapY reach driftDepth driftRate morphX morphY morphMix ' +
  'position speed freeze loopMode loopStart loopEnd attackMs decayMs sustain releaseMs tilt oddEven stretch noiseBalance ' +
  'formantShift unison detune spread voiceMode voices glideMs bendRange transpose fineTune a4Hz velocityToLevel pressureToLevel ' +
  'pressureMacro pressureDepth slideMacro slideDepth mpe mpeBendRange gainDb pathDepth pathReach pathSync pathSeconds pathBeats ' +
  'naturalRelease';

describe('the parameter table', () => {
  test('keeps ids and order for ever (append new ones to the frozen list)', () => {
    expect(parameters.map((p) => p.id).join(' ')).toBe(frozen);
    expect(parameters.map((p) => p.index)).toEqual(parameters.map((_, i) => i));
  });

  test('has defaults inside their ranges and on their steps, and a name for every choice', () => {
    for (const p of parameters) {
      expect(p.min).toBeLessThan(p.max);
      expect(snap(p, p.default)).toBe(p.default);
      if (p.choices) expect(p.choices).toHaveLength(p.max - p.min + 1);
    }
  });

  test('goes from plain to normalised and back', () => {
    fc.assert(
      fc.property(fc.constantFrom(...parameters), fc.double({ min: 0, max: 1, noNaN: true }), (p, position) => {
        const plain = toPlain(p, position);
        expect(plain).toBeGreaterThanOrEqual(p.min);
        expect(plain).toBeLessThanOrEqual(p.max);
        expect(toPlain(p, toNormalised(p, plain))).toBeCloseTo(plain, 6);
      }),
    );
  });

  test('reads as a musician reads it', () => {
    expect(formatPlain(parameterById('attackMs'), 1500)).toBe('1.50 s');
    expect(formatPlain(parameterById('voiceMode'), 2)).toBe('Legato');
    expect(formatPlain(parameterById('gainDb'), -6)).toBe('-6.0 dB');
    expect(formatPlain(parameterById('unison'), 3)).toBe('3 voices');
    expect(formatPlain(parameterById('unison'), 1)).toBe('1 voice');
  });

  test('names near ids when one is unknown', () => {
    expect(() => parameterById('macro9')).toThrow(/no parameter "macro9"; did you mean macro1/);
    expect(() => parameterById('zzz')).toThrow(/docs\/parameters\.md/);
  });
});
