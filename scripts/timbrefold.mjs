#!/usr/bin/env node
// The `timbrefold` command. In a checkout it first builds what is missing or older than its sources; in a package it just starts dist/cli.mjs.
// Dependency-free: it runs before anything is installed.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const cli = join(root, 'dist', 'cli.mjs');

/** What each built file is made from. */
const built = {
  core: { file: join(root, 'dist', 'core.wasm'), sources: ['dsp-core/assembly', 'scripts/build'] },
  cli: {
    file: cli,
    sources: [
      'plugin/analysis',
      'plugin/cli',
      'plugin/engine',
      'plugin/instrument',
      'plugin/model',
      'scripts/build',
      'package.json',
    ],
  },
};

/** Time of the latest change of a file or of anything within a folder, ms. */
function newest(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))));
}

const isCheckout = existsSync(join(root, 'plugin', 'cli', 'main.ts'));
const isStale = ({ file, sources }) => {
  const age = newest(file);
  return age === 0 || sources.some((source) => newest(join(root, source)) > age);
};

/** Builds the named parts in a process of its own, quiet unless it fails; says whether it succeeded. */
function build(names) {
  const args = [join(root, 'node_modules', 'tsx', 'dist', 'cli.mjs'), join(root, 'scripts', 'build.ts'), ...names];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  if (status !== 0) console.error(`timbrefold: building ${names.join(' and ')} failed.\n${stdout}${stderr}`);
  return status === 0;
}

async function prepare() {
  if (!isCheckout) return existsSync(cli);
  const stale = Object.keys(built).filter((name) => isStale(built[name]));
  if (stale.length === 0) return true;
  if (!existsSync(join(root, 'node_modules', 'tsx'))) {
    const { bootstrap } = await import(pathToFileURL(join(root, 'scripts', 'bootstrap.mjs')).href);
    try {
      await bootstrap('play');
    } catch (error) {
      console.error(`timbrefold: ${error.message}`);
      return false;
    }
  }
  return build(stale);
}

if (await prepare()) await import(pathToFileURL(cli).href);
else {
  if (!isCheckout) console.error('timbrefold: dist/cli.mjs is missing; install the package again.');
  process.exitCode = 1;
}
