// The exports of core.wasm and nothing else; plugin/engine/core.ts is their typed face and says what each does.
export { countVoices as activeVoices } from './control/allocation';
export { deliver, stagingPointer } from './control/delivery';
export {
  configureModel,
  outputLeft,
  outputRight,
  prepare,
  process,
  protocolVersion,
  pushEvent,
  reset,
  setCorner,
  setPath,
  setSeed,
  setSound,
  setStrict,
  setTuning,
  silentSamples,
} from './control/engine';
export { globalLatent as latentPointer } from './control/latent';
export { announceBlock } from './control/lookahead';
export { voiceReport } from './control/report';
export {
  dropRows as clearRequests,
  requestRows as requestsPointer,
  requestsWaiting as requestCount,
} from './control/requests';
export { brokenCount as faults, lateCount as underruns } from './control/sound';
export { fftBuffer, fftForward, fftInverse, fftSpectrum } from './spectral/fft';
export { fftSize, hopSize } from './spectral/synthesis';
