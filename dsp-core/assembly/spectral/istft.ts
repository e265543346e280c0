// Back to samples: one inverse FFT per channel, the resynthesis window, overlap-add of two frames. Audio thread.
import { EVEN_SAMPLES, realInverseSplit } from './fft';
import { fftSize, hopSize, MAX_HOP, PHYSICAL_VOICES, resynthesisWindow } from './geometry';
import { imaginaryPart, realPart } from './spectra';

const CHANNEL: i32 = MAX_HOP * 4;
const VOICE: i32 = 2 * CHANNEL;

/** Finished samples of every voice and channel, and the falling half of its last frame. */
const segments: usize = memory.data(PHYSICAL_VOICES * VOICE, 16);
const tails: usize = memory.data(PHYSICAL_VOICES * VOICE, 16);
/** 1 when the right tail of a voice is its own, 0 when it equals the left one. */
const split: usize = memory.data(PHYSICAL_VOICES, 16);
/** 1 when the right segment of a voice is its own. */
const splitSegment: usize = memory.data(PHYSICAL_VOICES, 16);

/** Empties the overlap of a voice. */
export function clearOverlap(voice: i32): void {
  memory.fill(tails + <usize>(voice * VOICE), 0, VOICE);
  memory.fill(segments + <usize>(voice * VOICE), 0, VOICE);
  store<u8>(split + <usize>voice, 0);
  store<u8>(splitSegment + <usize>voice, 0);
}

/** Adds the rising half of the frame (see realInverseSplit) to a tail, giving a segment; the falling half becomes the tail. */
function overlap(odd: usize, segment: usize, tail: usize): void {
  const half = (<usize>hopSize()) << 1; // hop / 2 floats, in bytes
  const window = resynthesisWindow();
  const last = (<usize>fftSize()) << 1; // size / 2 floats, in bytes
  const even = odd + EVEN_SAMPLES;
  for (let i: usize = 0; i < half; i += 16) {
    const rising = last - half + i;
    const to = i << 1;
    let a = v128.load(even + rising);
    let b = v128.load(odd + rising);
    let low = f32x4.mul(v128.shuffle<f32>(a, b, 0, 4, 1, 5), v128.load(window + to));
    let high = f32x4.mul(v128.shuffle<f32>(a, b, 2, 6, 3, 7), v128.load(window + to, 16));
    v128.store(segment + to, f32x4.add(low, v128.load(tail + to)));
    v128.store(segment + to, f32x4.add(high, v128.load(tail + to, 16)), 16);
    a = v128.load(even + i);
    b = v128.load(odd + i);
    const falling = window + (half << 1) + to;
    low = f32x4.mul(v128.shuffle<f32>(a, b, 0, 4, 1, 5), v128.load(falling));
    high = f32x4.mul(v128.shuffle<f32>(a, b, 2, 6, 3, 7), v128.load(falling, 16));
    v128.store(tail + to, low);
    v128.store(tail + to, high, 16);
  }
}

/** The spectra as they stand become the voice's newest frame. */
export function transformFrame(voice: i32, stereo: bool): void {
  const size = fftSize();
  const bytes = (<usize>hopSize()) << 2;
  const segmentL = segments + <usize>(voice * VOICE);
  const tailL = tails + <usize>(voice * VOICE);
  const segmentR = segmentL + CHANNEL;
  const tailR = tailL + CHANNEL;
  const own = load<u8>(split + <usize>voice) != 0;
  if (stereo && !own) memory.copy(tailR, tailL, bytes);
  const left = realInverseSplit(size, realPart(0), imaginaryPart(0));
  // A frame in the middle after one to the sides: the right tail still differs, the new frame is the same.
  if (own && !stereo) overlap(left, segmentR, tailR);
  overlap(left, segmentL, tailL);
  if (stereo) {
    overlap(realInverseSplit(size, realPart(1), imaginaryPart(1)), segmentR, tailR);
  }
  store<u8>(split + <usize>voice, stereo ? 1 : 0);
  store<u8>(splitSegment + <usize>voice, stereo || own ? 1 : 0);
}

/** A frame of silence: the last one fades out, without a transform. */
export function silentFrame(voice: i32): void {
  const bytes = (<usize>hopSize()) << 2;
  const at = <usize>(voice * VOICE);
  const own = load<u8>(split + <usize>voice) != 0;
  memory.copy(segments + at, tails + at, bytes);
  memory.fill(tails + at, 0, bytes);
  if (own) {
    memory.copy(segments + at + CHANNEL, tails + at + CHANNEL, bytes);
    memory.fill(tails + at + CHANNEL, 0, bytes);
  }
  store<u8>(splitSegment + <usize>voice, own ? 1 : 0);
  store<u8>(split + <usize>voice, 0);
}

/** `hopSize` finished samples of a voice's channel (0 left, 1 right). */
export function segmentOf(voice: i32, channel: i32): usize {
  const at = segments + <usize>(voice * VOICE);
  return channel == 1 && load<u8>(splitSegment + <usize>voice) != 0 ? at + CHANNEL : at;
}
