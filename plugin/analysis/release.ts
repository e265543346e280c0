// How fast a sound falls once its key is let go, measured where the moment of letting go is known.
import { ANALYSIS_RATE } from './layout.ts';

/** Levels are taken over windows this long and this far apart, seconds. */
const WINDOW_SECONDS = 0.02;
const STEP_SECONDS = 0.005;
/** The level at the release is the mean over this long before it, seconds. */
const BEFORE_SECONDS = 0.06;
/** Below this (dB re full scale) there is nothing left to fall. */
const SILENT_DB = -75;
/** The fall is followed this far, dB, and no deeper than this (dB re full scale), where 16-bit recordings end. */
const DEPTH_DB = 40;
const BOTTOM_DB = -84;
/** A fall heard for less than both of these says nothing: dB, seconds. */
const LEAST_DB = 3;
const LEAST_SECONDS = 0.15;
/** What is not falling is taken to fall as slowly as this, and nothing falls faster than that, dB per second. */
const SLOWEST = 3;
const FASTEST = 1000;

/**
 * dB per second by which `sound` (at ANALYSIS_RATE) falls after sample `off`: the slope of the line through its level. 0 where that cannot be measured: the
 * sound had ended before, or its recording ends too soon after.
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
  const first = off - before;
  if (first < window || off + window >= sound.length) return 0;
  let held = 0;
  let windows = 0;
  for (let at = first; at + (window >> 1) <= off; at += step, windows++) held += level(at);
  held /= windows;
  if (held < SILENT_DB) return 0;
  const bottom = Math.max(held - DEPTH_DB, BOTTOM_DB);
  let count = 0;
  let st = 0;
  let sl = 0;
  let stt = 0;
  let stl = 0;
  let fallen = 0;
  for (let at = off; at + (window >> 1) < sound.length; at += step) {
    const t = (at - off) / ANALYSIS_RATE;
    const db = level(at);
    fallen = held - db;
    count++;
    st += t;
    sl += db;
    stt += t * t;
    stl += t * db;
    if (db < bottom) break;
  }
  const seconds = (count - 1) * STEP_SECONDS;
  if (fallen < LEAST_DB && seconds < LEAST_SECONDS) return 0;
  const spread = count * stt - st * st;
  // A fall within a window or two is as fast as can be told.
  const slope = spread > 0 && count > 3 ? -(count * stl - st * sl) / spread : FASTEST;
  return Math.min(FASTEST, Math.max(SLOWEST, slope));
}
