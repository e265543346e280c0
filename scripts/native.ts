// `npm run native [what]`: builds the native shell, runs its tests and installs the plug-in for the user. What: `plugin` leaves out the installing;
// `core`, `asan` and `tsan` are builds without JUCE (as it ships, with sanitizers) and their tests.
import { relative } from 'node:path';
import { SetupError, say } from './bootstrap.mjs';
import { root } from './build/paths.ts';
import { folderOf, test } from './native/cmake.ts';
import { install } from './native/install.ts';
import { buildShell } from './native/shell.ts';

/** By what is asked for: the preset of native-shell/CMakePresets.json, and whether the plug-in is part of it. */
const BUILDS = {
  all: { preset: 'release', plugin: true },
  plugin: { preset: 'release', plugin: true },
  core: { preset: 'core', plugin: false },
  asan: { preset: 'asan', plugin: false },
  tsan: { preset: 'tsan', plugin: false },
};

const what = process.argv[2] ?? 'all';
if (!(what in BUILDS)) {
  say(`there is no native build called "${what}"; choose from ${Object.keys(BUILDS).join(', ')}.`);
  process.exit(2);
}
const { preset, plugin } = BUILDS[what as keyof typeof BUILDS];
try {
  await buildShell(preset, plugin);
  say('testing the native shell');
  await test(preset);
  say(`the native shell is in ${relative(root, folderOf(preset))}`);
  if (what === 'all') for (const { name, place } of install(folderOf(preset))) say(`${name} is installed: ${place}`);
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  say(error.message);
  process.exit(1);
}
