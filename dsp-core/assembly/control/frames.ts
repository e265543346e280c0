// The frames each physical voice holds: a ring of payloads by frame number, and where frame numbers lie on the hop grid.
import { DENSE_FRAMES, MAX_FRAME, SPARSE_STRIDE } from '../generated/constants';
import { PHYSICAL_VOICES } from '../spectral/synthesis';
import { MOST_HOPS } from './lookahead';

/** Frames of a voice's ring. */
export const FRAME_RING: i32 = 32;
const RING_MASK: i32 = FRAME_RING - 1;
if (FRAME_RING < DENSE_FRAMES + MOST_HOPS / SPARSE_STRIDE + 4)
  ERROR('The ring must hold what is asked for and what is heard.');

if (MAX_FRAME % 4 != 0) ERROR('Columns are copied four at a time.');

const PAYLOAD_BYTES: i32 = MAX_FRAME * 4;
const payloads: usize = memory.data(PHYSICAL_VOICES * FRAME_RING * MAX_FRAME * 4, 16);
/** Frame number whose payload lies in a place of the ring, -1 for none. */
const present: usize = memory.data(PHYSICAL_VOICES * FRAME_RING * 4, 16);
/** Frame number in a place that repeats the frame before it, -1 for none. */
const repeats: usize = memory.data(PHYSICAL_VOICES * FRAME_RING * 4, 16);

function place(voice: i32, frame: i32): usize {
  return (<usize>(voice * FRAME_RING + (frame & RING_MASK))) << 2;
}

/** Payload of a frame's place in the ring of a voice. */
export function payload(voice: i32, frame: i32): usize {
  return payloads + <usize>((voice * FRAME_RING + (frame & RING_MASK)) * PAYLOAD_BYTES);
}

export function hasFrame(voice: i32, frame: i32): bool {
  return load<i32>(present + place(voice, frame)) == frame;
}

export function clearFrames(voice: i32): void {
  for (let i = 0; i < FRAME_RING; i++) {
    store<i32>(present + place(voice, i), -1);
    store<i32>(repeats + place(voice, i), -1);
  }
}

/**
 * Copies the columns of a frame; what is not finite becomes the column's `neutral` (see modelNeutral). Rounds `floats` up to a multiple of 4: all
 * have room for MAX_FRAME.
 */
export function copyColumns(to: usize, from: usize, floats: i32, neutral: usize): void {
  for (let i: usize = 0, end = (<usize>floats) << 2; i < end; i += 16) {
    const value = v128.load(from + i);
    // x - x is 0 for every finite number and NaN for the others.
    const finite = f32x4.eq(f32x4.sub(value, value), f32x4.splat(0));
    v128.store(to + i, v128.bitselect(value, v128.load(neutral + i), finite));
  }
}

/** Takes a delivered frame of `floats` columns. Frames marked as repeats of it are filled too. */
export function storeFrame(voice: i32, frame: i32, from: usize, floats: i32, neutral: usize): void {
  copyColumns(payload(voice, frame), from, floats, neutral);
  markFrame(voice, frame);
}

/** Says that the payload of a frame has been written in place; frames marked as repeats of it are filled too. */
export function markFrame(voice: i32, frame: i32): void {
  store<i32>(present + place(voice, frame), frame);
  for (let next = frame + 1; load<i32>(repeats + place(voice, next)) == next; next++) {
    memory.copy(payload(voice, next), payload(voice, next - 1), PAYLOAD_BYTES);
    store<i32>(present + place(voice, next), next);
    store<i32>(repeats + place(voice, next), -1);
    if (next - frame == RING_MASK) break;
  }
}

/** Says that a frame is to come, whatever was there. */
export function forgetFrame(voice: i32, frame: i32): void {
  store<i32>(present + place(voice, frame), -1);
  store<i32>(repeats + place(voice, frame), -1);
}

/** Says that a frame is the same as the one before it, which is there or has been asked for. */
export function repeatFrame(voice: i32, frame: i32): void {
  if (hasFrame(voice, frame - 1)) {
    memory.copy(payload(voice, frame), payload(voice, frame - 1), PAYLOAD_BYTES);
    store<i32>(present + place(voice, frame), frame);
  } else {
    store<i32>(repeats + place(voice, frame), frame);
  }
}

/** Hop of the voice's grid at which frame j sits: every hop below DENSE_FRAMES, then every SPARSE_STRIDE hops. */
export function frameHop(frame: i32): i32 {
  return frame < DENSE_FRAMES ? frame : DENSE_FRAMES - 1 + (frame - DENSE_FRAMES + 1) * SPARSE_STRIDE;
}

/** The last frame at or before a hop. */
export function frameBefore(hop: i32): i32 {
  return hop < DENSE_FRAMES ? hop : DENSE_FRAMES - 1 + (hop - DENSE_FRAMES + 1) / SPARSE_STRIDE;
}
