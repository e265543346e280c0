// How many hops ahead frames are asked for. In real time a long block of the host needs more: what is asked for inside it cannot come before its end. Audio thread.
import { HOP, LOOKAHEAD_HOPS, MAX_BLOCK } from '../generated/constants';
import { hop, now, sampleRate, strict } from './clock';

/** Hops beyond those of a block, in which the decoder answers: as many as LOOKAHEAD_HOPS leaves blocks of two hops. */
const SPARE_HOPS: i32 = 2;
/** Nothing is asked for earlier than this: enough for a block of MAX_BLOCK. */
export const MOST_HOPS: i32 = MAX_BLOCK / HOP + SPARE_HOPS;

/** The longest block of late, and since the last look back. */
let longest: i32 = 0;
let longestSince: i32 = 0;
let lookBackAt: i64 = 0;
let hops: i32 = LOOKAHEAD_HOPS;

function follow(block: i32): void {
  longest = block;
  hops = max(LOOKAHEAD_HOPS, min(MOST_HOPS, (block + hop - 1) / hop + SPARE_HOPS));
}

/** Forgets all blocks; time begins anew. */
export function clearBlocks(): void {
  longestSince = 0;
  lookBackAt = now;
  follow(0);
}

/** A block of the host of `frames` samples begins. A longer one counts at once, a shorter one when for a second none was longer: hosts cut single blocks at events. */
export function announceBlock(frames: i32): void {
  const block = max(0, min(frames, MAX_BLOCK));
  longestSince = max(longestSince, block);
  if (block > longest) follow(block);
  if (now - lookBackAt < <i64>sampleRate) return;
  if (longestSince < longest) follow(longestSince);
  longestSince = block;
  lookBackAt = now;
}

/** Hops between the boundary at which a frame is asked for and the one at which it is needed. */
export function lookaheadHops(): i32 {
  return strict ? LOOKAHEAD_HOPS : hops;
}
