// The columns of a frame that are no levels: pitch, vibrato, detunes and release, measured from the audio.
import { describe, expect, test } from '@jest/globals';
import {
  DETUNES,
  fakeModel,
  newCore,
  off,
  on,
  PARTIALS,
  render,
  rich,
  richModel,
  rms,
  set,
  sine,
  toDb,
  tone,
} from './fixture.ts';
import { centsBetween, fitSinusoids, frequencyNear, hzOfKey, largestStep } from './measure.ts';

const RATE = 48_000;
const HOP = 256;

/** Cents against `hz` at every hop from `from`, and how many hops. */
function pitchCurve(samples: Float32Array, from: number, hops: number, hz: number): Float32Array {
  return Float32Array.from({ length: hops }, (_, i) =>
    centsBetween(frequencyNear(samples, from + i * HOP - 512, 1024, hz, RATE), hz),
  );
}

describe('pitch', () => {
  test('cents that move over the note are followed', () => {
    // 40 cents flat at the onset, in tune after half a second.
    const scoop = rich(sine, (row) => ({ cents: -40 * Math.max(0, 1 - 2 * row.tau) }));
    const { left } = render(newCore({ model: richModel() }), RATE, [on(0, 69)], scoop, 8192);
    const curve = pitchCurve(left, 20 * HOP, 160, 440);
    curve.forEach((cents, i) => {
      const seconds = ((20 + i) * HOP) / RATE;
      if (Math.abs(seconds - 0.5) > 0.03) expect(Math.abs(cents + 40 * Math.max(0, 1 - 2 * seconds))).toBeLessThan(0.5);
    });
  });

  test('a wild number is kept within an octave, one that is none counts as 0', () => {
    for (const [cents, semitones] of [
      [1e30, 12],
      [-1e30, -12],
      [Number.NaN, 0],
    ]) {
      const { left } = render(
        newCore({ model: richModel() }),
        RATE / 2,
        [on(0, 57)],
        rich(tone, () => ({ cents })),
        8192,
      );
      const hz = hzOfKey(57 + semitones);
      expect(Math.abs(centsBetween(frequencyNear(left, 4800, 9600, hz, RATE), hz))).toBeLessThan(0.5);
    }
  });
});

describe('vibrato', () => {
  const length = 105_600;

  /** Least squares of a pitch curve on one rate: depth, and the share of the curve's power that it does not explain. */
  function vibratoOf(samples: Float32Array, hz: number, rateHz: number): { depth: number; rest: number } {
    const curve = pitchCurve(samples, 20 * HOP, 350, hz);
    const { amplitudes, residualPower, power } = fitSinusoids(curve, 0, curve.length, [rateHz], RATE / HOP);
    return { depth: amplitudes[0], rest: residualPower / power };
  }

  test.each([
    [30, 5.5],
    [8, 7],
    [100, 3],
  ])('%d cents deep at %d Hz', (depth, rateHz) => {
    const vibrating = rich(sine, () => ({ vibrato: [depth, rateHz] }));
    const { left } = render(newCore({ model: richModel() }), length, [on(0, 69)], vibrating, 8192);
    const measured = vibratoOf(left, 440, rateHz);
    expect(measured.depth / depth).toBeGreaterThan(0.98);
    expect(measured.depth / depth).toBeLessThan(1.02);
    expect(measured.rest).toBeLessThan(0.01);
    expect(vibratoOf(left, 440, rateHz * 1.1).rest).toBeGreaterThan(0.2);
  });

  test('it goes on where the frame stands still, and each note has its own phase, the same each time', () => {
    const vibrating = rich(sine, () => ({ vibrato: [30, 6] }));
    const play = (): { left: Float32Array; asked: number } => {
      const core = newCore({ model: richModel({ sustainStart: 0, sustainEnd: 0.1 }) });
      const { left, rows } = render(core, length, [set(0, 'spread', 0), on(0, 69)], vibrating, 8192);
      return { left, asked: rows.length };
    };
    const { left, asked } = play();
    expect(asked).toBeLessThan(20);
    expect(vibratoOf(left, 440, 6).depth).toBeGreaterThan(29);
    expect(play().left).toEqual(left);
    // A second note of the same key, later: another phase.
    const core = newCore({ model: richModel() });
    const late = 192 * HOP;
    const { left: both } = render(core, late + length, [on(0, 69), off(10, 69), on(late, 69)], vibrating, 8192);
    const first = pitchCurve(left, 20 * HOP, 32, 440);
    const second = pitchCurve(both, late + 20 * HOP, 32, 440);
    expect(Math.max(...first.map((cents, i) => Math.abs(cents - second[i])))).toBeGreaterThan(5);
  });

  test('depth that comes and goes leaves no step in the sound', () => {
    const coming = rich(sine, (row) => ({
      vibrato: [50 * Math.abs(Math.sin(20 * row.tau)), 6 + 2 * Math.sin(9 * row.tau)],
    }));
    const { left } = render(newCore({ model: richModel() }), RATE, [on(0, 69)], coming, 8192);
    const still = render(
      newCore({ model: richModel() }),
      RATE,
      [on(0, 69)],
      rich(sine, () => ({})),
      8192,
    );
    expect(largestStep(left, 2000)).toBeLessThan(1.06 * largestStep(still.left, 2000));
  });

  test('depth and rate out of range are kept in range', () => {
    const wild = rich(sine, () => ({ vibrato: [1e9, -5] }));
    const { left } = render(newCore({ model: richModel() }), RATE / 2, [on(0, 69)], wild, 8192);
    // A rate of 0 leaves the phase where it began: a constant shift of at most 200 cents.
    const hz = frequencyNear(left, 4800, 512, 440, RATE);
    expect(Math.abs(centsBetween(hz, 440))).toBeLessThan(200.5);
  });
});

describe('detunes', () => {
  const cents = [4, -9, 25, -60, 12, 0, 110, -3];

  test('every partial is where the column says, within a tenth of a cent, the fundamental too', () => {
    const detuned = rich(tone, () => ({ detunes: cents }));
    const { left } = render(newCore({ model: richModel() }), RATE, [on(0, 57)], detuned, 8192);
    for (let k = 1; k <= PARTIALS; k++) {
      const hz = k * 220 * 2 ** ((cents[k - 1] ?? 0) / 1200);
      expect(Math.abs(centsBetween(frequencyNear(left, 4800, 24_000, hz, RATE), hz))).toBeLessThan(0.1);
    }
  });

  test('they come on top of inharmonicity and stretch', () => {
    const stiff = rich(tone, () => ({ detunes: cents }));
    const bell = (row: Parameters<typeof stiff>[0], payload: Float32Array): void => {
      stiff(row, payload);
      payload[PARTIALS + 4] = 0.001;
    };
    const { left } = render(newCore({ model: richModel() }), RATE, [set(0, 'stretch', 0.02), on(0, 57)], bell, 8192);
    for (let k = 1; k <= DETUNES; k++) {
      const series = k * Math.sqrt((1 + 0.001 * k * k) / 1.001) * k ** Math.fround(0.02);
      const hz = 220 * series * 2 ** (cents[k - 1] / 1200);
      expect(Math.abs(centsBetween(frequencyNear(left, 4800, 24_000, hz, RATE), hz))).toBeLessThan(0.1);
    }
  });

  test('a note with them does not detune one without', () => {
    const model = richModel();
    const plain = fakeModel();
    const core = newCore({ model });
    core.setModel(plain, 1);
    core.setSound(plain.mean, 0.5, 0.5);
    const { left } = render(core, RATE / 2, [on(0, 57)], tone, 8192);
    expect(left).toEqual(render(newCore({ model: plain }), RATE / 2, [on(0, 57)], tone, 8192).left);
  });

  test('detunes of nothing change nothing', () => {
    const { left } = render(
      newCore({ model: richModel() }),
      RATE / 2,
      [on(0, 57)],
      rich(tone, () => ({})),
      8192,
    );
    const plain = render(newCore(), RATE / 2, [on(0, 57)], tone, 8192).left;
    expect(Math.max(...left.map((sample, i) => Math.abs(sample - plain[i])))).toBeLessThan(1e-4);
  });

  test('partials crossing each other at the top of the range stay in order and finite', () => {
    const crossing = rich(tone, (row) => ({
      detunes: [0, 0, 0, 1200, -1200, 900 * Math.sin(30 * row.tau), 1e9, Number.NaN],
    }));
    const core = newCore({ model: richModel() });
    const { left } = render(core, RATE / 2, [on(0, 108), on(0, 100)], crossing, 8192);
    expect(left.every(Number.isFinite)).toBe(true);
    expect(core.faults).toBe(0);
  });
});

describe('release', () => {
  /** dB per second by which the sound falls between 50 and 150 ms after note-off. */
  function fallAfter(release: number, values: Record<string, number>): number {
    const settings = Object.entries(values).map(([id, value]) => set(0, id, value));
    const events = [...settings, on(0, 69), off(RATE / 2, 69)];
    const voicing = rich(sine, () => ({ release }));
    const { left } = render(newCore({ model: richModel() }), RATE, events, voicing, 8192);
    const at = (seconds: number): number => {
      const from = RATE / 2 + Math.round(seconds * RATE);
      return toDb(rms(left, from, from + 1200));
    };
    return (at(0.05) - at(0.15)) / 0.1;
  }

  test('at the defaults a note falls as the model says', () => {
    for (const release of [20, 100, 240, 500]) expect(fallAfter(release, {})).toBeCloseTo(release, 0);
  });

  test('releaseMs shortens and lengthens it in proportion', () => {
    expect(fallAfter(100, { releaseMs: 125 })).toBeCloseTo(200, 0);
    expect(fallAfter(100, { releaseMs: 500 })).toBeCloseTo(50, 0);
  });

  test('naturalRelease fades between the player’s release and the model’s', () => {
    expect(fallAfter(60, { naturalRelease: 0 })).toBeCloseTo(240, 0);
    expect(fallAfter(60, { naturalRelease: 0.5 })).toBeCloseTo(120, 0);
  });

  test('it is kept between 3 and 1000 dB a second, and 60 dB in 60 s', () => {
    expect(fallAfter(0.1, {})).toBeCloseTo(3, 0);
    expect(fallAfter(3, { releaseMs: 10_000 })).toBeCloseTo(1, 0);
    expect(fallAfter(1e9, { releaseMs: 2500 })).toBeCloseTo(100, 0);
  });

  test('a model that does not know leaves it to the player', () => {
    for (const unknown of [0, -50, Number.NaN]) expect(fallAfter(unknown, {})).toBeCloseTo(240, 0);
  });

  test('it is that of the frame heard at note-off', () => {
    const later = rich(sine, (row) => ({ release: row.tau < 0.25 ? 50 : 150 }));
    const fall = (seconds: number): number => {
      const end = Math.round(seconds * RATE);
      const { left } = render(newCore({ model: richModel() }), RATE, [on(0, 69), off(end, 69)], later, 8192);
      return (toDb(rms(left, end + 2400, end + 3600)) - toDb(rms(left, end + 7200, end + 8400))) / 0.1;
    };
    expect(fall(0.15)).toBeCloseTo(50, 0);
    expect(fall(0.5)).toBeCloseTo(150, 0);
  });
});
