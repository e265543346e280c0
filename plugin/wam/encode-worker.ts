// A sound becomes a preset: analysis, encoder and refinement in a Worker of their own, so that the decoder is never kept waiting. One sound, then it ends.
import { Analyser } from '../analysis/analyser.ts';
import { encodeSound } from '../analysis/encode.ts';
import { Core } from '../engine/core.ts';
import { readBundle } from '../model/bundle.ts';
import { configureWebRuntime, openWebGraph } from '../model/ort-web.ts';
import { bundleBytes } from './bundle-source.ts';
import type { EncodeTask, FromEncoder } from './thread-messages.ts';

const say = (message: FromEncoder): void => postMessage(message);

self.onmessage = ({ data }: MessageEvent<EncodeTask>): void => {
  encode(data).catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    say({ type: 'refused', sentence: `${data.name} could not be made a sound: ${why}` });
  });
};

async function encode({ core, source, runtimeUrl, name, samples }: EncodeTask): Promise<void> {
  say({ type: 'progress', text: `Listening to ${name}`, progress: -1 });
  const features = new Analyser(Core.fromModule(core)).analyse(samples, { key: null, velocity: null });
  configureWebRuntime(runtimeUrl);
  const { bytes, fileName } = await bundleBytes(source, () => {});
  const bundle = await readBundle(bytes, fileName);
  const encoder = await openWebGraph(bundle, 'encoder');
  if (!encoder) throw new Error(`the model ${bundle.manifest.name} has no encoder.`);
  const refiner = await openWebGraph(bundle, 'refine');
  const { manifest, identity, map } = bundle;
  const model = {
    manifest,
    identity,
    map,
    encode: encoder.run.bind(encoder),
    refine: refiner ? refiner.run.bind(refiner) : null,
  };
  const { preset, warnings } = await encodeSound(features, model, {
    name,
    refine: refiner !== null,
    onStep: (step, steps) => {
      say({ type: 'progress', text: `Refining ${name}`, progress: step / steps });
      return true;
    },
  });
  say({ type: 'encoded', preset, warnings });
}
