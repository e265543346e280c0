// Scala's files: what they say becomes the pitch of every key, and what is wrong with one is said in a sentence.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { plainMap, readKeyboardMap, readScale, TuningError, tuningNotes } from './tuning.ts';

const hz = (note: number | null): number => 440 * 2 ** (((note ?? Number.NaN) - 69) / 12);

const MEANTONE = `! meanquar.scl
!
1/4-comma meantone scale. Pietro Aaron's temperament (1523)
 12
!
 76.04900 cents
 193.15686
 310.26471
 5/4
 503.42157
 579.47057
 696.57843
 25/16
 889.73529
 1006.84314
 1082.89214
 2/1 the octave
`;

const WHITE_KEYS = `! white keys only, a' = 432 Hz
12
0
127
60
69
432.0
12
0
x
2
x
4
5
x
7
x
9
x
11
`;

describe('scales', () => {
  test('cents, ratios, whole numbers, remarks and comments are read', () => {
    const scale = readScale(MEANTONE, 'meanquar.scl');
    expect(scale.description).toBe("1/4-comma meantone scale. Pietro Aaron's temperament (1523)");
    expect(scale.cents).toHaveLength(12);
    expect(scale.cents[3]).toBeCloseTo(386.3137, 4);
    expect(scale.cents[11]).toBe(1200);
  });

  test('an empty description, Windows line ends, a byte order mark and a negative degree', () => {
    expect(readScale('\uFEFF\r\n2\r\n-5.0\r\n3\r\n', 'x').cents).toEqual([-5, 1200 * Math.log2(3)]);
  });

  test.each([
    ['', 'it holds no scale'],
    ['name', 'it holds no scale'],
    ['name\nseven\n', 'the number of notes must be a whole number from 1 to 4096, not "seven"'],
    ['name\n0\n', 'the number of notes must be a whole number from 1 to 4096, not "0"'],
    ['name\n3\n100.0\n200.0\n', 'it announces 3 notes and holds 2'],
    ['name\n1\nfifth\n', 'degree 1 is "fifth", which is neither cents (701.955) nor a ratio (3/2)'],
    ['name\n1\n-3/2\n', 'degree 1 is "-3/2"'],
    ['name\n1\n3/0\n', 'degree 1 is "3/0"'],
    ['name\n1\n0/3\n', 'degree 1 is "0/3"'],
    ['x'.repeat((1 << 20) + 1), 'it is larger than 1 MiB'],
  ])('%j is refused', (text, why) => {
    expect(() => readScale(text, 'my.scl')).toThrow(TuningError);
    expect(() => readScale(text, 'my.scl')).toThrow(`The scale my.scl cannot be used: ${why}`);
  });

  test('whatever a file holds, it is read or refused with a sentence', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom('1', '/', '.', '\n', 'x', ' ', '!') })),
        (text) => {
          for (const read of [readScale, readKeyboardMap]) {
            try {
              read(text, 'x');
            } catch (error) {
              if (!(error instanceof TuningError) || !/ cannot be used: .+[^.]\.$/s.test(error.message)) return false;
            }
          }
          return true;
        },
      ),
    );
  });
});

describe('keys', () => {
  test('equal steps on the plain mapping are the keys themselves', () => {
    tuningNotes().forEach((note, key) => {
      expect(note).toBeCloseTo(key, 9);
    });
  });

  test('a scale begins at middle C, at its usual pitch, and repeats by its last degree', () => {
    const notes = tuningNotes(readScale(MEANTONE, 'x'));
    expect(hz(notes[60])).toBeCloseTo(261.6256, 3);
    expect(hz(notes[64]) / hz(notes[60])).toBeCloseTo(1.25, 6);
    expect(hz(notes[72]) / hz(notes[60])).toBeCloseTo(2, 9);
    expect(hz(notes[52]) / hz(notes[48])).toBeCloseTo(1.25, 6);
  });

  test('scales that repeat at a twelfth go on below degree 0', () => {
    const bohlenPierce = readScale(
      `BP\n13\n${Array.from({ length: 13 }, (_, i) => `${(1901.955 * (i + 1)) / 13}`).join('\n')}`,
      'x',
    );
    const notes = tuningNotes(bohlenPierce);
    expect(hz(notes[73]) / hz(notes[60])).toBeCloseTo(3, 5);
    expect(hz(notes[47]) / hz(notes[60])).toBeCloseTo(1 / 3, 6);
  });

  test('a mapping leaves keys out and sets the reference', () => {
    const scale = readScale(MEANTONE, 'x');
    const notes = tuningNotes(scale, readKeyboardMap(WHITE_KEYS, 'white.kbm'));
    expect(notes[61]).toBeNull();
    expect(notes[70]).toBeNull();
    expect(hz(notes[69])).toBeCloseTo(432, 9);
    expect(hz(notes[81])).toBeCloseTo(864, 9);
    // From C to A: 889.735 cents of meantone.
    expect(hz(notes[69]) / hz(notes[60])).toBeCloseTo(2 ** (889.73529 / 1200), 6);
  });

  test('seven white keys of a seven-note scale: the pattern moves by its own octave', () => {
    const scale = readScale('just\n7\n9/8\n5/4\n4/3\n3/2\n5/3\n15/8\n2/1', 'x');
    const map = readKeyboardMap('12\n0\n127\n60\n60\n264\n7\n0\nx\n1\nx\n2\n3\nx\n4\nx\n5\nx\n6', 'x');
    const notes = tuningNotes(scale, map);
    expect(hz(notes[67]) / hz(notes[60])).toBeCloseTo(1.5, 9);
    expect(hz(notes[79]) / hz(notes[60])).toBeCloseTo(3, 9);
    expect(hz(notes[43]) / hz(notes[60])).toBeCloseTo(0.375, 9);
  });

  test('keys outside first and last stay as they are; entries left out at the end do not sound', () => {
    const notes = tuningNotes(undefined, readKeyboardMap('3\n50\n70\n60\n60\n300.0\n2\n0\n1', 'x'));
    expect(notes[49]).toBe(49);
    expect(notes[71]).toBe(71);
    expect(hz(notes[60])).toBeCloseTo(300, 9);
    expect(notes[62]).toBeNull();
    expect((notes[63] ?? 0) - (notes[60] ?? 0)).toBeCloseTo(2, 9);
  });

  test('a mapping of no entries plays the degrees in turn', () => {
    const notes = tuningNotes(undefined, readKeyboardMap('0\n0\n127\n60\n69\n442.0\n0', 'x'));
    notes.forEach((note, key) => {
      expect(note).toBeCloseTo(key + 12 * Math.log2(442 / 440), 9);
    });
  });

  test('a reference key that does not sound is refused', () => {
    expect(() => tuningNotes(undefined, { ...plainMap, degrees: [0, null], referenceKey: 61 })).toThrow(
      'The keyboard mapping cannot be used: its reference key 61 is one that it leaves out.',
    );
  });

  test.each([
    ['', 'the number of entries is missing'],
    ['0\n0', 'the last key is missing'],
    ['0\n60\n50\n60\n60\n440\n0', 'the last key must be a whole number from 60 to 127, not "50"'],
    ['0\n0\n127\n60\n200\n440\n0', 'the reference key must be a whole number from 0 to 127, not "200"'],
    ['0\n0\n127\n60\n69\nfast\n0', 'the reference frequency must lie between 1 and 30000 Hz, not "fast"'],
    ['0\n0\n127\n60\n69\n440.0', 'the degree of the formal octave is missing'],
    ['1\n0\n127\n60\n69\n440.0\n12\n1.5', 'entry 1 must be a whole number from 0 to 4096, not "1.5"'],
  ])('the mapping %j is refused', (text, why) => {
    expect(() => readKeyboardMap(text, 'my.kbm')).toThrow(`The keyboard mapping my.kbm cannot be used: ${why}`);
  });
});
