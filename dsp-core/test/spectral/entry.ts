// Test entry of the spectral part: exports what the product keeps to itself. Compiled by build.ts beside it, never shipped.
import { MAX_FRAME } from '../../assembly/generated/constants';
import { shapeFrames } from '../../assembly/spectral/shape';
import { addNoise, addPartials, beginFrame, endFrame } from '../../assembly/spectral/synthesis';

export { fftBuffer, fftForward, fftInverse, fftSpectrum } from '../../assembly/spectral/fft';
export { resynthesisWindow } from '../../assembly/spectral/geometry';
export { bandAmplitudes, partialAmplitudes, soundingBands, soundingPartials } from '../../assembly/spectral/levels';
export { setFrameLayout, shapedPower, shapeFrames } from '../../assembly/spectral/shape';
export {
  addNoise,
  addPartials,
  beginFrame,
  endFrame,
  fftSize,
  hopSize,
  prepareSpectral,
  segment,
  startVoice,
} from '../../assembly/spectral/synthesis';

const frames: usize = memory.data(2 * MAX_FRAME * 4, 16);

/** Room for two payloads, MAX_FRAME floats each. */
export function framesPointer(): usize {
  return frames;
}

/** A voice's whole frame, mono, without shaping beyond interpolation; for measuring time. */
export function renderFrames(voice: i32, count: i32, f0Hz: f32, stereo: bool): void {
  for (let i = 0; i < count; i++) {
    shapeFrames(frames, frames + MAX_FRAME * 4, 0.5, f0Hz, 0.0, 0.0, 0.0, 0.0);
    beginFrame(voice, stereo);
    addPartials(voice, 0, f0Hz, 0.0001, 0.0, 0.5, 0.5);
    addNoise(voice, 0.5, 0.5, 0.0);
    endFrame(voice);
  }
}
