// `npm run native [what]`: builds the native shell and runs its tests. What: a preset of native-shell/CMakePresets.json (release, asan, tsan), or
// `plugin`: release with the plug-in.
import { relative } from 'node:path';
import { SetupError, say } from './bootstrap.mjs';
import { buildCore } from './build/core.ts';
import { root } from './build/paths.ts';
import { build, folderOf, test } from './native/cmake.ts';
import { ensureJuce } from './native/juce.ts';
import { ensureOnnxRuntime } from './native/onnxruntime.ts';

const what = process.argv[2] ?? 'release';
const preset = what === 'plugin' ? 'release' : what;
try {
  const juce = what === 'plugin' ? await ensureJuce() : '';
  const { headers, library } = await ensureOnnxRuntime();
  say('compiling the core to WebAssembly');
  await buildCore();
  say(`building the native shell (${what})`);
  await build(preset, { TIMBREFOLD_JUCE: juce, TIMBREFOLD_ORT_HEADERS: headers, TIMBREFOLD_ORT_LIBRARY: library });
  say('testing the native shell');
  await test(preset);
  say(`the native shell is in ${relative(root, folderOf(preset))}`);
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  say(error.message);
  process.exit(1);
}
