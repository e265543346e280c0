// `npm run native [preset]`: builds the native shell and runs its tests; the presets are those of native-shell/CMakePresets.json (release, asan, tsan).
import { relative } from 'node:path';
import { SetupError, say } from './bootstrap.mjs';
import { buildCore } from './build/core.ts';
import { root } from './build/paths.ts';
import { build, folderOf, test } from './native/cmake.ts';
import { ensureJuce } from './native/juce.ts';
import { ensureOnnxRuntime } from './native/onnxruntime.ts';

const preset = process.argv[2] ?? 'release';
/** The sanitizers' builds are for our own code: core, decoder and engine, without the plug-in. */
const withPlugin = preset === 'release';
try {
  const juce = withPlugin ? await ensureJuce() : '';
  const { headers, library } = await ensureOnnxRuntime();
  say('compiling the core to WebAssembly');
  await buildCore();
  say(`building the native shell (${preset})`);
  await build(preset, { TIMBREFOLD_JUCE: juce, TIMBREFOLD_ORT_HEADERS: headers, TIMBREFOLD_ORT_LIBRARY: library });
  say('testing the native shell');
  await test(preset);
  say(`the native shell is in ${relative(root, folderOf(preset))}`);
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  say(error.message);
  process.exit(1);
}
