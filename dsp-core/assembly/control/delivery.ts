// The staging area through which the shell hands tables and frames over, and where delivered frames go. Audio thread.
import {
  FRAME_HEADER,
  MAX_FRAME,
  MODEL_FRAME_SIZE,
  ROW_FRAME,
  ROW_SERIAL,
  ROW_SLOT,
  ROW_VOICE,
  STAGING_FLOATS,
} from '../generated/constants';
import { PHYSICAL_VOICES } from '../spectral/synthesis';
import { storeCached } from './cache';
import { storeFrame } from './frames';
import { modelInt, modelNeutral } from './model';
import { FREE, voiceAt } from './voice';

/** Floats from one delivered frame to the next: the longest frame, whatever the model. */
const DELIVERY_STRIDE: i32 = FRAME_HEADER + MAX_FRAME;
/** The header's numbers are whole and exact in a float up to here. */
const LARGEST_NAME: f32 = 16777216;

const staging: usize = memory.data(STAGING_FLOATS * 4, 16);

export function stagingPointer(): usize {
  return staging;
}

/** A number of a frame's header; -2, which names nothing, for one out of range or not a number. */
function name(frame: usize, field: i32): i32 {
  const value = load<f32>(frame + ((<usize>field) << 2));
  return value > -2 && value <= LARGEST_NAME ? <i32>value : -2;
}

/** Takes `count` frames from the staging area; one that nobody waits for any more is dropped. */
export function deliver(count: i32): void {
  const most = STAGING_FLOATS / DELIVERY_STRIDE;
  for (let i = 0; i < min(count, most); i++) {
    const frame = staging + <usize>(i * DELIVERY_STRIDE * 4);
    const slot = name(frame, ROW_SLOT);
    const place = name(frame, ROW_VOICE);
    const serial = name(frame, ROW_SERIAL);
    const number = name(frame, ROW_FRAME);
    if (place == -1) {
      storeCached(slot, serial, number, frame + FRAME_HEADER * 4);
    } else if (<u32>place < <u32>PHYSICAL_VOICES) {
      const voice = voiceAt(place);
      if (voice.state == FREE || voice.detached || voice.serial != serial || voice.slot != slot) continue;
      // Later frames have not been asked for, earlier ones come too late: something newer is being heard.
      if (number >= voice.nextFrame || number < 0 || (voice.hop > 0 && number <= voice.lastFrame)) continue;
      if (number == voice.renewedFrame && voice.renewals > 0) voice.renewals--;
      storeFrame(place, number, frame + FRAME_HEADER * 4, modelInt(slot, MODEL_FRAME_SIZE), modelNeutral(slot));
    }
  }
}
