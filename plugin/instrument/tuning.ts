// Tunings in Scala's files: a scale (.scl) and a keyboard mapping (.kbm) become the pitch of every key. After huygens-fokker.org/scala, "scl_format" and "Mapping".
import { TUNING_KEYS } from './protocol.ts';

/** Characters of a file, notes of a scale and entries of a mapping, at most. */
const MAX_TEXT = 1 << 20;
const MAX_NOTES = 4096;
/** Without a mapping the scale begins at middle C, tuned as ever: MIDI note 60. */
const MIDDLE_C = 60;
const A4_KEY = 69;
const A4_HZ = 440;
/** Reference frequencies that can be meant, Hz. */
const LOWEST_HZ = 1;
const HIGHEST_HZ = 30_000;
const CENTS_PER_OCTAVE = 1200;

/** A file that is no tuning; the message is a sentence for the musician. */
export class TuningError extends Error {
  override readonly name = 'TuningError';
}

/** A scale: cents of degrees 1..n above degree 0; the last is the interval at which it begins again. */
export interface Scale {
  description: string;
  cents: readonly number[];
}

/** Which degree each key plays, and where the scale lies. */
export interface KeyboardMap {
  /** Keys first..last are tuned, the others stay as they are. */
  first: number;
  last: number;
  /** The key of the first entry. */
  middle: number;
  referenceKey: number;
  referenceHz: number;
  /** Scale degree by which the pattern moves up when it begins again; with no entries: the scale's own. */
  octaveDegree: number;
  /** Degree of each key of the pattern, null where the key does not sound; empty: the degrees in turn. */
  degrees: readonly (number | null)[];
}

type Refuse = (why: string) => never;

/** Lines that are no comments, and how to refuse; `source` names the file in sentences. */
function linesOf(text: string, source: string, what: string): { lines: string[]; refuse: Refuse } {
  const refuse: Refuse = (why) => {
    throw new TuningError(`${what} ${source} cannot be used: ${why}.`);
  };
  if (text.length > MAX_TEXT) refuse(`it is larger than ${MAX_TEXT >> 20} MiB`);
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\r|\n/)
    .filter((line) => !line.startsWith('!'));
  return { lines, refuse };
}

/** The first word of a line: what follows a value is a remark. */
const word = (line: string | undefined): string => line?.trim().split(/\s+/)[0] ?? '';

function wholeNumber(line: string | undefined, low: number, high: number, name: string, refuse: Refuse): number {
  const text = word(line);
  if (text === '') return refuse(`${name} is missing`);
  const value = Number(text);
  if (!Number.isInteger(value) || value < low || value > high) {
    return refuse(`${name} must be a whole number from ${low} to ${high}, not "${text.slice(0, 40)}"`);
  }
  return value;
}

/** Cents of one line of a scale: "701.955" is cents, "3/2" and "2" are ratios. */
function pitchCents(line: string, degree: number, refuse: Refuse): number {
  const text = word(line);
  if (/^[-+]?(\d+\.\d*|\.\d+)$/.test(text)) return Number(text);
  const [, above, below = '1'] = /^(\d+)(?:\/(\d+))?$/.exec(text) ?? [];
  const ratio = Number(above) / Number(below);
  if (!Number.isFinite(ratio) || ratio <= 0) {
    return refuse(`degree ${degree} is "${text.slice(0, 40)}", which is neither cents (701.955) nor a ratio (3/2)`);
  }
  return CENTS_PER_OCTAVE * Math.log2(ratio);
}

/**
 * Reads a scale from the text of a .scl file; `source` names the file in sentences.
 * @throws TuningError
 */
export function readScale(text: string, source: string): Scale {
  const { lines, refuse } = linesOf(text, source, 'The scale');
  // The description may be empty, so it is a line of its own whatever it holds.
  const [description, count, ...rest] = lines;
  if (count === undefined)
    return refuse('it holds no scale (a description, the number of notes and the notes are wanted)');
  const wanted = wholeNumber(count, 1, MAX_NOTES, 'the number of notes', refuse);
  const pitches = rest.filter((line) => line.trim() !== '').slice(0, wanted);
  if (pitches.length < wanted) refuse(`it announces ${wanted} notes and holds ${pitches.length}`);
  const cents = pitches.map((line, i) => pitchCents(line, i + 1, refuse));
  return { description: description.trim(), cents };
}

/**
 * Reads a keyboard mapping from the text of a .kbm file; `source` names the file in sentences.
 * @throws TuningError
 */
export function readKeyboardMap(text: string, source: string): KeyboardMap {
  const { lines: all, refuse } = linesOf(text, source, 'The keyboard mapping');
  const lines = all.filter((line) => line.trim() !== '');
  const top = TUNING_KEYS - 1;
  const size = wholeNumber(lines[0], 0, MAX_NOTES, 'the number of entries', refuse);
  const first = wholeNumber(lines[1], 0, top, 'the first key', refuse);
  const last = wholeNumber(lines[2], first, top, 'the last key', refuse);
  const middle = wholeNumber(lines[3], 0, top, 'the middle key', refuse);
  const referenceKey = wholeNumber(lines[4], 0, top, 'the reference key', refuse);
  const hz = word(lines[5]);
  const referenceHz = Number(hz);
  if (hz === '' || !(referenceHz >= LOWEST_HZ && referenceHz <= HIGHEST_HZ)) {
    refuse(`the reference frequency must lie between ${LOWEST_HZ} and ${HIGHEST_HZ} Hz, not "${hz.slice(0, 40)}"`);
  }
  const octaveDegree = wholeNumber(lines[6], 0, MAX_NOTES, 'the degree of the formal octave', refuse);
  // Keys that do not sound may be left out at the end.
  const degrees = Array.from({ length: size }, (_, i) => {
    const entry = lines[7 + i];
    if (entry === undefined || /^x$/i.test(word(entry))) return null;
    return wholeNumber(entry, 0, MAX_NOTES, `entry ${i + 1}`, refuse);
  });
  return { first, last, middle, referenceKey, referenceHz, octaveDegree, degrees };
}

const modulo = (value: number, by: number): number => value - by * Math.floor(value / by);

/** Cents of a degree, of any sign and beyond the scale's end. */
function degreeCents({ cents }: Scale, degree: number): number {
  const place = modulo(degree, cents.length);
  return Math.floor(degree / cents.length) * cents[cents.length - 1] + (place === 0 ? 0 : cents[place - 1]);
}

/** Twelve equal steps: the scale where only a mapping is given. */
export const equalTemperament: Scale = {
  description: '12-tone equal temperament',
  cents: Array.from({ length: 12 }, (_, i) => 100 * (i + 1)),
};

/** The mapping where only a scale is given: degree 0 on middle C, at its usual pitch. */
export const plainMap: KeyboardMap = {
  first: 0,
  last: TUNING_KEYS - 1,
  middle: MIDDLE_C,
  referenceKey: MIDDLE_C,
  referenceHz: A4_HZ * 2 ** ((MIDDLE_C - A4_KEY) / 12),
  octaveDegree: 0,
  degrees: [],
};

/** Cents of a key above the middle key, null where the mapping leaves it out. */
function keyCents(scale: Scale, map: KeyboardMap, key: number): number | null {
  const steps = key - map.middle;
  const { length } = map.degrees;
  if (length === 0) return degreeCents(scale, steps);
  const degree = map.degrees[modulo(steps, length)];
  if (degree === null) return null;
  return Math.floor(steps / length) * degreeCents(scale, map.octaveDegree) + degreeCents(scale, degree);
}

/**
 * What each of the TUNING_KEYS keys plays, as a MIDI note with its fraction by A4 = 440 Hz: for `Core.setTuning` and the session. null: the key does
 * not sound.
 * @throws TuningError where the mapping's reference key is one that does not sound
 */
export function tuningNotes(scale: Scale = equalTemperament, map: KeyboardMap = plainMap): (number | null)[] {
  const reference = keyCents(scale, map, map.referenceKey);
  if (reference === null) {
    throw new TuningError(
      `The keyboard mapping cannot be used: its reference key ${map.referenceKey} is one that it leaves out.`,
    );
  }
  const referenceNote = A4_KEY + 12 * Math.log2(map.referenceHz / A4_HZ);
  return Array.from({ length: TUNING_KEYS }, (_, key) => {
    if (key < map.first || key > map.last) return key;
    const cents = keyCents(scale, map, key);
    return cents === null ? null : referenceNote + (cents - reference) / 100;
  });
}
