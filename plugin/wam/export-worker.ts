// One export in a Worker of its own, beside the sound that plays: a core, a decoder, the offline pump. It ends with its file; to cancel, end it.
import { runExport } from '../export/export.ts';
import { readBundle } from '../model/bundle.ts';
import { coreModel } from '../model/core-model.ts';
import { configureWebRuntime, openWebDecoder } from '../model/ort-web.ts';
import { bundleBytes } from './bundle-source.ts';
import type { ExportTask, FromExporter } from './thread-messages.ts';

const say = (message: FromExporter): void => postMessage(message);

self.onmessage = ({ data }: MessageEvent<ExportTask>): void => {
  make(data).catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    say({ type: 'refused', sentence: `The export failed: ${/[.!?]$/.test(why) ? why : `${why}.`}` });
  });
};

async function make({ core, source, runtimeUrl, state, tuning, job, format }: ExportTask): Promise<void> {
  say({ type: 'progress', text: 'Preparing the export', progress: -1 });
  configureWebRuntime(runtimeUrl);
  const { bytes, fileName } = await bundleBytes(source, () => {});
  const bundle = await readBundle(bytes, fileName);
  const decoder = await openWebDecoder(bundle);
  const sound = { core, model: coreModel(bundle), decoder, state, tuning, modelName: bundle.manifest.name };
  const text = job.kind === 'multisample' ? 'Playing every key' : 'Rendering';
  const file = await runExport(sound, job, format, {
    onProgress: (progress) => say({ type: 'progress', text, progress }),
  });
  say({ type: 'exported', fileName: file.fileName, data: new Blob(file.parts), text: file.text });
}
