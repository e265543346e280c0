// A sound becomes a preset: analysis, encoder and refinement in a Worker of their own, so that the decoder is never kept waiting.
import type { ToEncoder } from '../analysis/encode-messages.ts';
import { EncodeService } from '../analysis/encode-service.ts';
import { readBundle } from '../model/bundle.ts';
import { configureWebRuntime, openWebDecoder, openWebGraph } from '../model/ort-web.ts';
import { bundleBytes } from './bundle-source.ts';
import type { BundleSource } from './thread-messages.ts';

const service = new EncodeService<BundleSource>({
  runtime: { openDecoder: openWebDecoder, openGraph: openWebGraph },
  configure: configureWebRuntime,
  async readModel(source) {
    const { bytes, fileName } = await bundleBytes(source, () => {});
    return readBundle(bytes, fileName);
  },
  say: (message) => postMessage(message),
});

self.onmessage = ({ data }: MessageEvent<ToEncoder<BundleSource>>): void => {
  void service.take(data);
};
