// The door of the spectral part: a voice's frame from levels to samples. One frame of one voice at a time:
// shapeFrames (shape.ts), beginFrame, addPartials for every layer, addNoise, endFrame, then `segment`. All on the audio thread but `prepareSpectral`.
import { fftSize, PHYSICAL_VOICES, prepareGeometry } from './geometry';
import { clearOverlap, segmentOf, silentFrame, transformFrame } from './istft';
import { soundingBands, soundingPartials } from './levels';
import { prepareLobes } from './lobes';
import { addNoiseBands, prepareNoise, startNoise } from './noise';
import { addPartialLobes, startPartials } from './partials';
import { resetShape } from './shape';
import { clearSpectrum, foldNegative } from './spectra';

export { fftSize, hopSize, PHYSICAL_VOICES } from './geometry';

let frameStereo: bool = false;
let frameSounds: bool = false;

/** Takes the sample rate in Hz (22,050..192,000), builds all tables, silences every voice. Not on the audio thread: some ten milliseconds. */
export function prepareSpectral(sampleRate: f32): void {
  prepareGeometry(sampleRate);
  prepareLobes(fftSize());
  prepareNoise();
  resetShape();
  for (let voice = 0; voice < PHYSICAL_VOICES; voice++) startVoice(voice, <u32>voice);
}

/** Makes a physical voice (0..PHYSICAL_VOICES-1) new: random phases, a random place in the noise, nothing overlapping. */
export function startVoice(voice: i32, seed: u32): void {
  startPartials(voice, seed);
  startNoise(voice, seed);
  clearOverlap(voice);
}

/** Begins a frame. Without `stereo` only the left channel is made, and `segment` answers with it for both. May change from frame to frame. */
export function beginFrame(voice: i32, stereo: bool): void {
  frameStereo = stereo;
  frameSounds = soundingPartials() > 0 || soundingBands() > 0;
  if (!frameSounds) return;
  clearSpectrum(0, fftSize());
  if (stereo) clearSpectrum(1, fftSize());
}

/**
 * Adds the partials of one unison layer (0..MAX_UNISON-1) at pitch `f0Hz` (at the frame's centre) with linear gains. `inharmonicity` B 0..0.02,
 * `stretch`: partial k is moved by k^stretch. A layer that misses a frame does not advance: call each every frame. Before addNoise.
 */
export function addPartials(
  voice: i32,
  layer: i32,
  f0Hz: f32,
  inharmonicity: f32,
  stretch: f32,
  gainL: f32,
  gainR: f32,
): void {
  addPartialLobes(voice, layer, frameStereo, f0Hz, inharmonicity, stretch, gainL, gainR);
}

/** Adds the noise bands; `width` 0..1 from the same noise on both sides to uncorrelated noise. At most once a frame. */
export function addNoise(voice: i32, gainL: f32, gainR: f32, width: f32): void {
  addNoiseBands(voice, frameStereo, gainL, gainR, width);
}

/** Ends the frame: the samples between the last frame's centre and this one's are now complete. */
export function endFrame(voice: i32): void {
  if (!frameSounds) {
    silentFrame(voice);
    return;
  }
  foldNegative(0);
  if (frameStereo) foldNegative(1);
  transformFrame(voice, frameStereo);
}

/** The `hopSize` floats that `endFrame` completed, channel 0 left or 1 right; valid until the voice's next `endFrame`. */
export function segment(voice: i32, channel: i32): usize {
  return segmentOf(voice, channel);
}
