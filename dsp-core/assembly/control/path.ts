// A recorded path over the map: a closed line of points that moves the place on the map round and round (docs/contracts.md, "The path"). Audio thread.
import {
  MAX_PATH_POINTS,
  P_MAP_X,
  P_MAP_Y,
  P_PATH_BEATS,
  P_PATH_DEPTH,
  P_PATH_REACH,
  P_PATH_SECONDS,
  P_PATH_SYNC,
  TEMPO_DEFAULT_BPM,
  TEMPO_MAX_BPM,
  TEMPO_MIN_BPM,
} from '../generated/constants';
import { choice, parameter } from './parameters';
import { clamp01, isFinite32 } from './units';

/** A host's song position that agrees with the path within so many beats says nothing new: a bounce does not depend on how often it is told. */
const SAME_BEATS: f64 = 0.02;

/** x and y of each point in turn. */
const points: usize = memory.data(MAX_PATH_POINTS * 8, 16);
let count: i32 = 0;
let centreX: f32 = 0;
let centreY: f32 = 0;
/** Share of the loop that is done, 0..1. */
let phase: f64 = 0;
let tempo: f64 = TEMPO_DEFAULT_BPM;

/** Takes `number` points from a table of x and y in turn, kept inside 0..1; 0 points: no path. False, and the path stays, where it cannot be one. */
export function setPathPoints(table: usize, number: i32): bool {
  if (<u32>number > <u32>MAX_PATH_POINTS) return false;
  const floats = (<usize>(2 * number)) << 2;
  for (let i: usize = 0; i < floats; i += 4) if (!isFinite32(load<f32>(table + i))) return false;
  count = number;
  let sumX: f64 = 0;
  let sumY: f64 = 0;
  for (let i: usize = 0; i < floats; i += 8) {
    const x = clamp01(load<f32>(table + i));
    const y = clamp01(load<f32>(table + i, 4));
    store<f32>(points + i, x);
    store<f32>(points + i, y, 4);
    sumX += <f64>x;
    sumY += <f64>y;
  }
  centreX = <f32>(sumX / <f64>max(1, number));
  centreY = <f32>(sumY / <f64>max(1, number));
  return true;
}

/** The loop begins anew; path and tempo stay. */
export function rewindPath(): void {
  phase = 0;
}

export function setTempo(bpm: f32): void {
  tempo = <f64>min(TEMPO_MAX_BPM, max(TEMPO_MIN_BPM, bpm));
}

/** The song stands at `beats` (quarter notes): a loop counted in beats goes there. */
export function setSongPosition(beats: f32): void {
  if (choice(P_PATH_SYNC) == 0 || !isFinite32(beats)) return;
  const loop = <f64>parameter(P_PATH_BEATS);
  let share = <f64>beats / loop;
  share -= Math.floor(share);
  const off = Math.abs(share - phase);
  if (min(off, 1 - off) * loop > SAME_BEATS) phase = share;
}

/** Whether the path moves the place on the map. */
export function pathSounds(): bool {
  return count > 0 && parameter(P_PATH_DEPTH) > 0;
}

/**
 * Moves on by `seconds`. A loop in seconds stands at its beginning while nothing sounds, so that a phrase begins where the path does; one in beats
 * runs on. True when what sounds has moved.
 */
export function stepPath(seconds: f64, silent: bool): bool {
  if (!pathSounds()) return false;
  const before = phase;
  if (choice(P_PATH_SYNC) == 1) phase += (seconds * tempo) / (60 * <f64>parameter(P_PATH_BEATS));
  else if (silent) phase = 0;
  else phase += seconds / <f64>parameter(P_PATH_SECONDS);
  phase -= Math.floor(phase);
  return phase != before && (!silent || choice(P_PATH_SYNC) == 0);
}

/** A coordinate (0 x, 1 y) of the path now: straight between points that are evenly spaced over the loop, from the last on to the first. */
function coordinate(axis: usize): f32 {
  const at = phase * <f64>count;
  const from = min(count - 1, <i32>at);
  const a = load<f32>(points + ((<usize>from) << 3) + (axis << 2));
  const b = load<f32>(points + ((<usize>((from + 1) % count)) << 3) + (axis << 2));
  return a + <f32>(at - <f64>from) * (b - a);
}

function moved(place: f32, axis: usize, centre: f32): f32 {
  if (!pathSounds()) return place;
  const target = centre + parameter(P_PATH_REACH) * (coordinate(axis) - centre);
  return clamp01(place + parameter(P_PATH_DEPTH) * (target - place));
}

/** The place on the map as heard: the parameters, moved by the path. */
export function heardMapX(): f32 {
  return moved(parameter(P_MAP_X), 0, centreX);
}

export function heardMapY(): f32 {
  return moved(parameter(P_MAP_Y), 1, centreY);
}
