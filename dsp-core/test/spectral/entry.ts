// Test entry of the spectral part: exports what the product keeps to itself. Compiled by build.ts beside it, never shipped.
export { fftBuffer, fftForward, fftInverse, fftSpectrum } from '../../assembly/spectral/fft';
