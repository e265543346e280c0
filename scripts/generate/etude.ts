// A short piece with chords, bends and automation, by which a stranger hears the instrument and the tests check it.
import { type MidiEvent, writeMidi } from 'midi-file';

const TICKS_PER_BEAT = 480;
const BAR = 4 * TICKS_PER_BEAT;
/** Beats a minute. */
export const ETUDE_TEMPO = 96;

interface Note {
  tick: number;
  key: number;
  ticks: number;
  velocity: number;
}

const secondsAt = (tick: number): number => (tick / TICKS_PER_BEAT) * (60 / ETUDE_TEMPO);

/** Am9, F maj 7, C, G: a bar each, notes spread by a few ticks as fingers spread them. */
const chords: Note[] = [
  [45, 52, 60, 64, 71],
  [41, 53, 57, 60, 64],
  [48, 55, 60, 64, 67],
  [43, 55, 59, 62, 69],
].flatMap((keys, bar) =>
  keys.map((key, i) => ({ tick: bar * BAR + 10 * i, key, ticks: BAR - 60 - 10 * i, velocity: 72 - 4 * i })),
);

/** A melody above, on a channel of its own; its last note is bent down by a whole tone and back. */
const melody: Note[] = [
  [1, 76, 1],
  [2, 79, 1],
  [3, 83, 1],
  [4.5, 81, 1.5],
  [6, 77, 2],
  [8, 76, 1],
  [9, 79, 1],
  [10, 84, 2],
  [12, 84, 4],
].map(([beat, key, beats]) => ({
  tick: beat * TICKS_PER_BEAT,
  key,
  ticks: beats * TICKS_PER_BEAT - 20,
  velocity: 104,
}));

/** The bend of the last note: half a beat still, half a beat down to -2 semitones, a beat there, half a beat back. */
const BEND_FROM = 12.5 * TICKS_PER_BEAT;
const bends = Array.from({ length: 121 }, (_, i) => {
  const beats = (i * 2) / 120;
  const depth = Math.max(0, Math.min(1, beats / 0.5, (2 - beats) / 0.5));
  return { tick: BEND_FROM + Math.round(beats * TICKS_PER_BEAT), value: Math.round(-8192 * depth) };
});

/** What the tests ask of the render: notes as [key, begin, end] in seconds, and where the bend is full. */
export const etudeScore = {
  notes: [...chords, ...melody].map(({ tick, key, ticks }) => ({
    key,
    begin: secondsAt(tick),
    end: secondsAt(tick + ticks),
  })),
  bent: {
    key: 84,
    semitones: -2,
    begin: secondsAt(BEND_FROM + 0.55 * TICKS_PER_BEAT),
    end: secondsAt(BEND_FROM + 1.45 * TICKS_PER_BEAT),
  },
  bars: [0, 1, 2, 3, 4].map((bar) => secondsAt(bar * BAR)),
};

function track(notes: Note[], channel: number, others: { tick: number; event: object }[] = []): MidiEvent[] {
  const timed = [
    ...notes.flatMap(({ tick, key, ticks, velocity }) => [
      { tick, event: { type: 'noteOn', channel, noteNumber: key, velocity } },
      { tick: tick + ticks, event: { type: 'noteOff', channel, noteNumber: key, velocity: 0 } },
    ]),
    ...others,
  ].sort((a, b) => a.tick - b.tick);
  let last = 0;
  const events = timed.map(({ tick, event }) => {
    const deltaTime = tick - last;
    last = tick;
    return { deltaTime, ...event } as MidiEvent;
  });
  return [...events, { deltaTime: 0, type: 'endOfTrack', meta: true }];
}

export function etudeMidi(): Uint8Array {
  const tempo = { tick: 0, event: { type: 'setTempo', meta: true, microsecondsPerBeat: 60_000_000 / ETUDE_TEMPO } };
  const pitchBends = bends.map(({ tick, value }) => ({ tick, event: { type: 'pitchBend', channel: 1, value } }));
  const header = { format: 1 as const, numTracks: 2, ticksPerBeat: TICKS_PER_BEAT };
  const tracks = [track(chords, 0, [tempo]), track(melody, 1, pitchBends)];
  return Uint8Array.from(writeMidi({ header, tracks }));
}

/** Brightness opens over the second bar and closes over the fourth. */
export function etudeLanes(): string {
  const [, second, third, fourth, end] = etudeScore.bars;
  const rows = [
    [0, 'macro1', 0.35],
    [second, 'macro1', 0.35],
    [third, 'macro1', 0.85],
    [fourth, 'macro1', 0.85],
    [end, 'macro1', 0.3],
  ];
  return `seconds,parameter,value\n${rows.map((row) => row.join(',')).join('\n')}\n`;
}
