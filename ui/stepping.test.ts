import fc from 'fast-check';
import { parameterById, parameters } from '../plugin/instrument/parameters.ts';
import { keyStep, stepBy } from './stepping.ts';
import { parseValue, shortValueText, valueText } from './value-text.ts';

describe('stepping', () => {
  const macro = parameterById('macro1');

  test('arrows, pages and ends', () => {
    expect(keyStep(macro, 0.5, 'ArrowUp')).toBeCloseTo(0.51);
    expect(keyStep(macro, 0.5, 'ArrowLeft', true)).toBeCloseTo(0.499);
    expect(keyStep(macro, 0.5, 'PageDown')).toBeCloseTo(0.4);
    expect(keyStep(macro, 0.5, 'Home')).toBe(0);
    expect(keyStep(macro, 0.5, 'End')).toBe(1);
    expect(keyStep(macro, 0.5, 'q')).toBeNull();
  });

  test('a stepped parameter moves by its own step at least', () => {
    expect(keyStep(parameterById('unison'), 3, 'ArrowUp', true)).toBe(4);
    expect(keyStep(parameterById('loopMode'), 2, 'ArrowUp')).toBe(2);
  });

  test('every step stays in range and moves the right way', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...parameters),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: -9, max: 9 }),
        (parameter, share, steps) => {
          const plain = parameter.min + share * (parameter.max - parameter.min);
          const next = stepBy(parameter, plain, steps);
          expect(next).toBeGreaterThanOrEqual(parameter.min);
          expect(next).toBeLessThanOrEqual(parameter.max);
          const slack = parameter.step + 1e-9 * Math.abs(parameter.max - parameter.min);
          if (steps > 0) expect(next).toBeGreaterThanOrEqual(plain - slack);
          if (steps < 0) expect(next).toBeLessThanOrEqual(plain + slack);
        },
      ),
    );
  });
});

describe('values as text', () => {
  test('shares are percent, others keep their unit', () => {
    expect(valueText(parameterById('macro1'), 0.62)).toBe('62 %');
    expect(shortValueText(parameterById('macro1'), 0.62)).toBe('62');
    expect(valueText(parameterById('attackMs'), 1500)).toBe('1.50 s');
    expect(valueText(parameterById('voiceMode'), 1)).toBe('Mono');
  });

  test.each([
    ['macro1', '62', 0.62],
    ['macro1', ' 62 % ', 0.62],
    ['macro1', '140', 1],
    ['attackMs', '1.5 s', 1500],
    ['attackMs', '1,5 s', 1500],
    ['attackMs', '20', 20],
    ['tilt', '−3', -3],
    ['voiceMode', 'legato', 2],
    ['unison', '2.7', 3],
  ])('%s takes "%s"', (id, text, expected) => {
    expect(parseValue(parameterById(id), text)).toBeCloseTo(expected);
  });

  test('what is no value is refused', () => {
    expect(parseValue(parameterById('macro1'), 'loud')).toBeNull();
    expect(parseValue(parameterById('attackMs'), '')).toBeNull();
  });

  test('what is shown can be typed again', () => {
    for (const parameter of parameters) {
      const typed = parseValue(parameter, valueText(parameter, parameter.default));
      expect(typed).not.toBeNull();
      expect(valueText(parameter, typed ?? Number.NaN)).toBe(valueText(parameter, parameter.default));
    }
  });
});
