// The exports of core.wasm and nothing else; plugin/engine/core.ts is their typed face and says what each does.
export {
  activeVoices,
  clearRequests,
  configureModel,
  deliver,
  faults,
  latentPointer,
  outputLeft,
  outputRight,
  prepare,
  process,
  protocolVersion,
  pushEvent,
  requestCount,
  requestsPointer,
  reset,
  setCorner,
  setSeed,
  setSound,
  setStrict,
  stagingPointer,
  underruns,
  voiceReport,
} from './control/engine';
export { fftBuffer, fftForward, fftInverse, fftSpectrum } from './spectral/fft';
export { fftSize, hopSize } from './spectral/synthesis';
