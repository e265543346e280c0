// Sets up what a command needs on a fresh machine, and says so before it does. Dependency-free: it runs before `npm ci`.
//   node scripts/bootstrap.mjs play     packages of the npm registry: enough to play, render and build
//   node scripts/bootstrap.mjs python   also Python 3.11 with PyTorch: enough to train and evaluate
//   node scripts/bootstrap.mjs corpus   python and native, and the soundfonts, synthesizer and clips that Atlas learns from
//   node scripts/bootstrap.mjs native   play, and the Debian packages that the native shell is built with
//   node scripts/bootstrap.mjs bench    native, and the synthesizers that it is compared with
//   node scripts/bootstrap.mjs test     all of these, and what the tests drive: Chromium, FluidSynth, Ardour, Python's plug-in hosts
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
/** What checkouts share: downloads and what is built from them. */
export const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'timbrefold');
/** Python environments by purpose. */
const pythons = {
  training: {
    requirements: join(root, 'model-export', 'requirements.txt'),
    size: 'PyTorch is 5.4 GB, which takes a few minutes',
  },
  hosts: {
    requirements: join(root, 'test', 'hosts', 'requirements.txt'),
    size: 'the plug-in hosts pedalboard and DawDreamer are 300 MB',
  },
};

/** Debian packages by purpose; the command named is what proves that a package is there. */
const pythonPackages = { 'python3-venv': '/usr/lib/python3.11/ensurepip/__init__.py' };
const testPackages = {
  chromium: '/usr/bin/chromium',
  fluidsynth: '/usr/bin/fluidsynth',
  'fluid-soundfont-gm': '/usr/share/sounds/sf2/FluidR3_GM.sf2',
};

/** Hosts and tools that the tests of the plug-in drive. */
const hostPackages = {
  ardour: '/usr/bin/ardour7-lua',
  'lilv-utils': '/usr/bin/lv2info',
  xvfb: '/usr/bin/Xvfb',
  xdotool: '/usr/bin/xdotool',
  'dbus-daemon': '/usr/bin/dbus-run-session',
};

/** A host with windows, the sound server and the window manager it wants, and what makes pictures small (test/native/picture-in-host.ts). */
const pictureHostPackages = {
  jalv: '/usr/bin/jalv.gtk3',
  jackd2: '/usr/bin/jackd',
  openbox: '/usr/bin/openbox',
  pngquant: '/usr/bin/pngquant',
};

/** Synthesizers that `npm run bench:native` plays beside ours. */
const peerPackages = {
  'zynaddsubfx-lv2': '/usr/lib/lv2/ZynAddSubFX.lv2/manifest.ttl',
  amsynth: '/usr/lib/dssi/amsynth_dssi.so',
};

/** What Atlas' corpus is rendered from (model-export/configs/corpus.yaml). */
const corpusPackages = {
  fluidsynth: '/usr/bin/fluidsynth',
  'fluid-soundfont-gm': '/usr/share/sounds/sf2/FluidR3_GM.sf2',
  'musescore-general-soundfont': '/usr/share/sounds/sf3/MuseScore_General.sf3',
  'zynaddsubfx-lv2': '/usr/lib/lv2/ZynAddSubFX.lv2/manifest.ttl',
  'sonic-pi-samples': '/usr/share/sonic-pi/samples/README.md',
};

const nativePackages = {
  'g++': '/usr/bin/g++',
  cmake: '/usr/bin/cmake',
  'ninja-build': '/usr/bin/ninja',
  ccache: '/usr/bin/ccache',
  'dpkg-dev': '/usr/bin/dpkg-source',
  patchelf: '/usr/bin/patchelf',
  'libsimde-dev': '/usr/include/simde/wasm/simd128.h',
  'doctest-dev': '/usr/include/doctest/doctest.h',
  'nlohmann-json3-dev': '/usr/include/nlohmann/json.hpp',
  'libmd-dev': '/usr/include/sha256.h',
  'libminizip-dev': '/usr/include/minizip/unzip.h',
  'liblilv-dev': '/usr/include/lilv-0/lilv/lilv.h',
  'dssi-dev': '/usr/include/dssi.h',
  'libasound2-dev': '/usr/include/alsa/asoundlib.h',
  'libx11-dev': '/usr/include/X11/Xlib.h',
  'libxext-dev': '/usr/include/X11/extensions/XShm.h',
  'libxinerama-dev': '/usr/include/X11/extensions/Xinerama.h',
  'libxrandr-dev': '/usr/include/X11/extensions/Xrandr.h',
  'libxcursor-dev': '/usr/include/X11/Xcursor/Xcursor.h',
  'libfreetype-dev': '/usr/include/freetype2/ft2build.h',
  'libfontconfig-dev': '/usr/include/fontconfig/fontconfig.h',
  'libwebkit2gtk-4.1-dev': '/usr/include/webkitgtk-4.1/webkit2/webkit2.h',
  'libgtk-3-dev': '/usr/include/gtk-3.0/gtk/gtk.h',
  'libpng-dev': '/usr/include/libpng16/png.h',
  'libjpeg-dev': '/usr/include/jpeglib.h',
  'zlib1g-dev': '/usr/include/zlib.h',
  'ladspa-sdk': '/usr/include/ladspa.h',
};

export class SetupError extends Error {}

/** One sentence for the person who waits. */
export function say(sentence) {
  console.error(`timbrefold: ${sentence}`);
}

function sha256(...files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(readFileSync(file));
  return hash.digest('hex').slice(0, 16);
}

/** Runs a command with its output in view; resolves when it succeeded, rejects with a sentence otherwise. */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', cwd: root, ...options });
    child.on('error', (error) => reject(new SetupError(`"${command}" could not be started: ${error.message}.`)));
    child.on('exit', (code) => {
      if (code === 0) resolve();
      else
        reject(
          new SetupError(`"${[command, ...args].join(' ')}" failed (exit code ${code}); its message stands above.`),
        );
    });
  });
}

function checkNode() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < 20) throw new SetupError(`Node ${process.versions.node} is too old; Timbrefold needs Node 20 or newer.`);
}

/** `npm ci` once for each state of the lock file. */
async function ensureNodeModules() {
  const stamp = join(root, 'node_modules', '.timbrefold-lock');
  const wanted = sha256(join(root, 'package-lock.json'));
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  say('installing the npm packages (about 600 MB, once)');
  await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' },
  });
  writeFileSync(stamp, wanted);
}

/** Installs missing Debian packages when it may; otherwise stops with the exact line to run. */
async function ensureDebianPackages(packages) {
  const missing = Object.keys(packages).filter((name) => !existsSync(packages[name]));
  if (missing.length === 0) return;
  const line = `apt-get install --yes --no-install-recommends ${missing.join(' ')}`;
  const asRoot = process.getuid?.() === 0;
  if (!existsSync('/usr/bin/apt-get')) {
    throw new SetupError(
      `these programs are needed and this is no Debian system: ${missing.join(', ')}. Please install them.`,
    );
  }
  const sudo = !asRoot && spawnSync('sudo', ['-n', 'true']).status === 0 ? ['sudo'] : [];
  if (!asRoot && sudo.length === 0) {
    throw new SetupError(
      `Debian packages are missing. Please run this, then try again:\n\n    sudo apt-get update && sudo ${line}\n`,
    );
  }
  say(`installing Debian packages: ${missing.join(', ')}`);
  const quiet = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, stdio: ['ignore', 'ignore', 'inherit'] };
  const apt = (...words) => run(...((all) => [all[0], all.slice(1)])([...sudo, ...words]), quiet);
  await apt('apt-get', 'update', '--quiet=2');
  await apt(...line.split(' '), '--quiet=2');
}

/** The Python of this checkout's requirements, for "training" or "hosts"; the environment is shared by all checkouts that want the same. */
export function pythonPath(purpose = 'training') {
  return join(pythonHome(purpose), 'bin', 'python');
}

function pythonHome(purpose) {
  return join(cache, `python-${sha256(pythons[purpose].requirements)}`);
}

async function ensurePython(purpose) {
  const { requirements, size } = pythons[purpose];
  const home = pythonHome(purpose);
  const ready = join(home, '.ready');
  if (existsSync(ready)) return;
  const python = ['python3.11', 'python3'].find(
    (name) => spawnSync(name, ['-c', 'import sys; sys.exit(sys.version_info < (3, 11))']).status === 0,
  );
  if (!python) throw new SetupError(`Python 3.11 or newer is needed for ${purpose}; please install it.`);
  const hasVenv = spawnSync(python, ['-c', 'import ensurepip, venv']).status === 0;
  if (!hasVenv) await ensureDebianPackages(pythonPackages);
  await alone(`${home}.lock`, async () => {
    if (existsSync(ready)) return;
    say(`installing Python packages for ${purpose} into ${home}: ${size} (once, shared between checkouts)`);
    rmSync(home, { recursive: true, force: true });
    mkdirSync(cache, { recursive: true });
    await run(python, ['-m', 'venv', home]);
    const args = ['-m', 'pip', 'install', '--disable-pip-version-check', '--requirement', requirements];
    const started = Date.now();
    const tick = setInterval(
      () => say(`still installing Python packages, ${Math.round((Date.now() - started) / 1000)} s`),
      20_000,
    );
    try {
      await run(pythonPath(purpose), process.stderr.isTTY ? args : [...args, '--quiet']);
    } finally {
      clearInterval(tick);
    }
    writeFileSync(ready, '');
  });
}

/** Runs `work` while no other checkout does the same; a lock older than an hour was left by a process that died. */
export async function alone(lock, work) {
  mkdirSync(dirname(lock), { recursive: true });
  for (let waited = false; ; waited = true) {
    try {
      mkdirSync(lock);
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      if (Date.now() - statSync(lock, { throwIfNoEntry: false })?.mtimeMs > 3_600_000)
        rmSync(lock, { recursive: true, force: true });
      else if (!waited) say('another checkout is installing the same; waiting for it');
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }
  try {
    await work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

const tasks = {
  node: ensureNodeModules,
  training: () => ensurePython('training'),
  hosts: () => ensurePython('hosts'),
  nativePackages: () => ensureDebianPackages(nativePackages),
  peerPackages: () => ensureDebianPackages({ ...nativePackages, ...peerPackages }),
  corpusPackages: () => ensureDebianPackages({ ...nativePackages, ...corpusPackages }),
  pictureHostPackages: () => ensureDebianPackages(pictureHostPackages),
  testPackages: () => ensureDebianPackages({ ...testPackages, ...nativePackages, ...hostPackages }),
};

/** What is set up for a purpose, in order. */
const purposes = {
  play: ['node'],
  python: ['node', 'training'],
  corpus: ['node', 'corpusPackages', 'training'],
  native: ['node', 'nativePackages'],
  bench: ['node', 'peerPackages', 'hosts'],
  picture: ['node', 'testPackages', 'pictureHostPackages'],
  test: ['node', 'testPackages', 'training', 'hosts'],
};

/** Sets up for `purpose`, one of `purposes`. */
export async function bootstrap(purpose) {
  checkNode();
  for (const task of purposes[purpose]) await tasks[task]();
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const purpose = process.argv[2] ?? 'play';
  if (!(purpose in purposes)) {
    say(`there is no set-up called "${purpose}"; choose from ${Object.keys(purposes).join(', ')}.`);
    process.exit(2);
  }
  bootstrap(purpose).catch((error) => {
    if (!(error instanceof SetupError)) throw error;
    say(error.message);
    process.exit(1);
  });
}
