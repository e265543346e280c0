// The native shell from nothing: what it is built with, the core it carries, the build itself.
import { say } from '../bootstrap.mjs';
import { buildCore } from '../build/core.ts';
import { buildEditor } from '../build/editor.ts';
import { build } from './cmake.ts';
import { ensureJuce } from './juce.ts';
import { ensureOnnxRuntime } from './onnxruntime.ts';

/** Builds a preset of native-shell/CMakePresets.json, with the plug-in where that is asked for. @throws SetupError */
export async function buildShell(preset: string, plugin: boolean): Promise<void> {
  const juce = plugin ? await ensureJuce() : '';
  const { headers, library } = await ensureOnnxRuntime();
  say('compiling the core to WebAssembly');
  await buildCore();
  if (plugin) {
    say("packing the plug-in's face");
    await buildEditor();
  }
  say(`building the native shell (${preset}); the first time this takes minutes`);
  await build(preset, { TIMBREFOLD_JUCE: juce, TIMBREFOLD_ORT_HEADERS: headers, TIMBREFOLD_ORT_LIBRARY: library });
}
