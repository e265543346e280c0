// The page's side of the parity test: the same pump on ONNX Runtime Web.
import { readBundle } from '../../plugin/model/bundle.ts';
import { configureWebRuntime, openWebDecoder } from '../../plugin/model/ort-web.ts';
import { play, type ScoreRequest } from './play-offline.ts';

/** Float32 numbers as base64 of their bytes. */
interface PlayedText {
  audio: string;
  rows: string;
  frames: string;
}

declare global {
  interface Window {
    playScore?: (request: ScoreRequest) => Promise<PlayedText>;
  }
}

function base64(numbers: Float32Array): string {
  const bytes = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}

const bytesOf = async (name: string): Promise<Uint8Array> => new Uint8Array(await (await fetch(name)).arrayBuffer());

window.playScore = async (request) => {
  configureWebRuntime(new URL('./', location.href).href);
  const bundle = await readBundle(await bytesOf('atlas.timbre'), 'atlas.timbre');
  const decoder = await openWebDecoder(bundle);
  const module = await WebAssembly.compile(await (await fetch('core.wasm')).arrayBuffer());
  const { audio, rows, frames } = await play(request, module, bundle, decoder);
  return { audio: base64(audio), rows: base64(rows), frames: base64(frames) };
};
