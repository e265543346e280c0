// Makes a sound file a preset, and refines it: the encoder that every shell shares, in a Worker of the view.
import type { ToEncoder } from '../analysis/encode-messages.ts';
import { EncodeService } from '../analysis/encode-service.ts';
import { readBundle } from '../model/bundle.ts';
import { openWebDecoder, openWebGraph } from '../model/ort-web.ts';
import type { ModelFile } from './model-bytes.ts';
import { prepareRuntime } from './runtime.ts';

let folder = '';
const service = new EncodeService<ModelFile>({
  runtime: { openDecoder: openWebDecoder, openGraph: openWebGraph },
  configure: (runtimeUrl) => {
    folder = runtimeUrl;
  },
  async readModel({ bytes, fileName, runtime }) {
    await prepareRuntime(folder, runtime);
    return readBundle(bytes, fileName);
  },
  say: (message) => postMessage(message),
});

self.onmessage = ({ data }: MessageEvent<ToEncoder<ModelFile>>): void => {
  void service.take(data);
};
