// How fast a sound falls once its key is let go, measured where the moment of letting go is known.
import { MAX_RELEASE_DB, MIN_RELEASE_DB } from '../instrument/protocol.ts';
import { ANALYSIS_RATE } from './layout.ts';

/** Levels are taken over windows this long and this far apart, seconds. */
const WINDOW_SECONDS = 0.02;
const STEP_SECONDS = 0.005;
/** The level at the release is the mean over this long before it, the fall of the held sound that over this long, seconds. */
const BEFORE_SECONDS = 0.06;
const HELD_SECONDS = 0.5;
/** Below this (dB re full scale) there is nothing left to fall. */
const SILENT_DB = -75;
/** The fall is followed this far, dB, and no deeper than this (dB re full scale), where 16-bit recordings end. */
const DEPTH_DB = 40;
const BOTTOM_DB = -84;
/** A fall heard for less than both of these says nothing: dB, seconds. */
const LEAST_DB = 3;
const LEAST_SECONDS = 0.15;

/** The straight line through points of level over time. */
class Line {
  count = 0;
  private t = 0;
  private l = 0;
  private tt = 0;
  private tl = 0;

  add(seconds: number, db: number): void {
    this.count++;
    this.t += seconds;
    this.l += db;
    this.tt += seconds * seconds;
    this.tl += seconds * db;
  }

  get mean(): number {
    return this.l / this.count;
  }

  /** dB per second by which the line falls. */
  get fall(): number {
    const spread = this.count * this.tt - this.t * this.t;
    return spread > 0 ? -(this.count * this.tl - this.t * this.l) / spread : 0;
  }
}

/**
 * dB per second by which `sound` (at ANALYSIS_RATE) falls after sample `off`, over and above its fall when held, within MIN_RELEASE_DB..MAX_RELEASE_DB.
 * 0 where that cannot be measured: the sound had ended before, or its recording ends too soon after.
 */
export function measureRelease(sound: Float32Array, off: number): number {
  const window = Math.round(WINDOW_SECONDS * ANALYSIS_RATE);
  const step = Math.round(STEP_SECONDS * ANALYSIS_RATE);
  const level = (centre: number): number => {
    let sum = 0;
    for (let n = centre - (window >> 1); n < centre + (window >> 1); n++) sum += sound[n] * sound[n];
    return 10 * Math.log10(sum / window + 1e-12);
  };
  const before = Math.round(BEFORE_SECONDS * ANALYSIS_RATE);
  if (off - before < window || off + window >= sound.length) return 0;
  const held = new Line();
  for (
    let at = Math.max(window, off - Math.round(HELD_SECONDS * ANALYSIS_RATE));
    at + (window >> 1) <= off;
    at += step
  ) {
    held.add((at - off) / ANALYSIS_RATE, level(at));
  }
  const end = new Line();
  for (let at = off - before; at + (window >> 1) <= off; at += step) end.add(0, level(at));
  if (end.mean < SILENT_DB) return 0;
  const bottom = Math.max(end.mean - DEPTH_DB, BOTTOM_DB);
  const released = new Line();
  let fallen = 0;
  for (let at = off; at + (window >> 1) < sound.length; at += step) {
    const db = level(at);
    fallen = end.mean - db;
    released.add((at - off) / ANALYSIS_RATE, db);
    if (db < bottom) break;
  }
  const seconds = (released.count - 1) * STEP_SECONDS;
  if (fallen < LEAST_DB && seconds < LEAST_SECONDS) return 0;
  // A fall within a window or two is as fast as can be told.
  const slope = released.count > 3 ? released.fall - Math.max(0, held.fall) : MAX_RELEASE_DB;
  return Math.min(MAX_RELEASE_DB, Math.max(MIN_RELEASE_DB, slope));
}
