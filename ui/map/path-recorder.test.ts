import { PathRecorder } from './path-recorder.ts';

describe('a recorded path', () => {
  test('is evenly spaced in time, not along its way', () => {
    const recorder = new PathRecorder();
    // Slow over the first tenth of the way, then fast.
    recorder.add(0, 0.5, 0);
    recorder.add(0.1, 0.5, 1000);
    recorder.add(1, 0.5, 2000);
    const made = recorder.finish();
    expect(made?.seconds).toBe(2);
    const path = made?.path ?? [];
    expect(path.length).toBe(2 * 64);
    expect(path[2 * 16]).toBeCloseTo(0.05, 6);
    expect(path[2 * 48]).toBeCloseTo(0.55, 6);
    expect(path.filter((_, i) => i % 2 === 1).every((y) => y === 0.5)).toBe(true);
  });

  test('keeps to the map and to what the core can hold', () => {
    const recorder = new PathRecorder();
    for (let ms = 0; ms <= 60_000; ms += 16) recorder.add(2 * Math.sin(ms), -1, ms);
    const path = recorder.finish()?.path ?? [];
    expect(path.length).toBe(2 * 256);
    expect(Math.min(...path)).toBe(0);
    expect(Math.max(...path)).toBeLessThanOrEqual(1);
    expect(Math.max(...path)).toBeGreaterThan(0.9);
  });

  test('a tap and a hand that stays are none', () => {
    const tap = new PathRecorder();
    tap.add(0.2, 0.2, 0);
    tap.add(0.6, 0.2, 40);
    expect(tap.finish()).toBeNull();
    const still = new PathRecorder();
    still.add(0.2, 0.2, 0);
    still.add(0.201, 0.2, 900);
    expect(still.finish()).toBeNull();
    expect(new PathRecorder().finish()).toBeNull();
  });
});
