// The request rows waiting for the shell. Audio thread.
import {
  MAX_LATENT,
  MAX_REQUESTS,
  ROW_FRAME,
  ROW_HEADER,
  ROW_PITCH,
  ROW_PRIORITY,
  ROW_SERIAL,
  ROW_SLOT,
  ROW_TAU,
  ROW_VELOCITY,
  ROW_VOICE,
} from '../generated/constants';

/** Floats from one row to the next: the widest row, so that rows of models of different size lie side by side. */
const ROW_STRIDE: i32 = ROW_HEADER + MAX_LATENT;
const rows: usize = memory.data(MAX_REQUESTS * (ROW_HEADER + MAX_LATENT) * 4, 16);
let count: i32 = 0;

export function requestRows(): usize {
  return rows;
}

export function requestsWaiting(): i32 {
  return count;
}

/** Forgets the first `taken` rows; the rest moves to the front. */
export function dropRows(taken: i32): void {
  if (taken <= 0) return;
  if (taken >= count) {
    count = 0;
    return;
  }
  count -= taken;
  memory.copy(rows, rows + <usize>(taken * ROW_STRIDE * 4), <usize>(count * ROW_STRIDE * 4));
}

/** Forgets the rows of one model slot. */
export function dropSlotRows(slot: i32): void {
  let kept = 0;
  for (let i = 0; i < count; i++) {
    const row = rows + <usize>(i * ROW_STRIDE * 4);
    if (<i32>load<f32>(row, ROW_SLOT << 2) == slot) continue;
    if (kept != i) memory.copy(rows + <usize>(kept * ROW_STRIDE * 4), row, ROW_STRIDE * 4);
    kept++;
  }
  count = kept;
}

/** Appends a row; returns the address of its latent for the caller to fill, 0 when MAX_REQUESTS wait. */
export function appendRow(
  slot: i32,
  voice: i32,
  serial: i32,
  frame: i32,
  tau: f32,
  pitch: f32,
  velocity: f32,
  priority: i32,
): usize {
  if (count == MAX_REQUESTS) return 0;
  const row = rows + <usize>(count++ * ROW_STRIDE * 4);
  store<f32>(row, <f32>slot, ROW_SLOT << 2);
  store<f32>(row, <f32>voice, ROW_VOICE << 2);
  store<f32>(row, <f32>serial, ROW_SERIAL << 2);
  store<f32>(row, <f32>frame, ROW_FRAME << 2);
  store<f32>(row, tau, ROW_TAU << 2);
  store<f32>(row, pitch, ROW_PITCH << 2);
  store<f32>(row, velocity, ROW_VELOCITY << 2);
  store<f32>(row, <f32>priority, ROW_PRIORITY << 2);
  return row + ROW_HEADER * 4;
}
