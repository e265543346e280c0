// Puts the built plug-in where this user's hosts look for it. Only the user's own folders are touched.
import { cpSync, existsSync, mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { SetupError } from '../bootstrap.mjs';
import { artefacts, lv2, standalone, vst3 } from './artefacts.ts';

export interface Installed {
  name: string;
  /** Where it went. */
  place: string;
}

interface Part {
  name: string;
  from: string;
  to: string;
}

/** What is installed on this system, and where its hosts look. macOS and Windows: as their vendors document it, not yet tried. */
function partsFor(platform: NodeJS.Platform, build: string): Part[] {
  const home = homedir();
  if (platform === 'darwin') {
    const plugins = join(home, 'Library', 'Audio', 'Plug-Ins');
    return [
      { name: 'VST3', from: vst3(build), to: join(plugins, 'VST3', 'Timbrefold.vst3') },
      {
        name: 'AU',
        from: join(artefacts(build), 'AU', 'Timbrefold.component'),
        to: join(plugins, 'Components', 'Timbrefold.component'),
      },
      {
        name: 'Standalone',
        from: join(standalone(build), 'Timbrefold.app'),
        to: join(home, 'Applications', 'Timbrefold.app'),
      },
    ];
  }
  if (platform === 'win32') {
    const local = process.env.LOCALAPPDATA ?? join(home, 'AppData', 'Local');
    return [
      { name: 'VST3', from: vst3(build), to: join(local, 'Programs', 'Common', 'VST3', 'Timbrefold.vst3') },
      { name: 'Standalone', from: standalone(build), to: join(local, 'Programs', 'Timbrefold') },
    ];
  }
  return [
    { name: 'VST3', from: vst3(build), to: join(home, '.vst3', 'Timbrefold.vst3') },
    { name: 'LV2', from: lv2(build), to: join(home, '.lv2', 'Timbrefold.lv2') },
    { name: 'Standalone', from: standalone(build), to: join(home, '.local', 'lib', 'timbrefold') },
  ];
}

/** Replaces what was installed before: a host that plays the old one keeps it until it closes it. */
function replace({ name, from, to }: Part): void {
  if (!existsSync(from)) throw new SetupError(`The ${name} that was to be installed is not in ${from}.`);
  mkdirSync(dirname(to), { recursive: true });
  const growing = join(dirname(to), `.${basename(to)}.part`);
  rmSync(growing, { recursive: true, force: true });
  cpSync(from, growing, { recursive: true });
  rmSync(to, { recursive: true, force: true });
  renameSync(growing, to);
}

/** Installs what lies in the folder of a build. @throws SetupError */
export function install(build: string, platform: NodeJS.Platform = process.platform): Installed[] {
  const parts = partsFor(platform, build);
  for (const part of parts) replace(part);
  const installed = parts.map(({ name, to }) => ({ name, place: to }));
  if (platform !== 'linux') return installed;
  // A program is started by a name on the path; what it carries stays beside it.
  const program = join(homedir(), '.local', 'bin', 'timbrefold-standalone');
  mkdirSync(dirname(program), { recursive: true });
  rmSync(program, { force: true });
  symlinkSync(join(homedir(), '.local', 'lib', 'timbrefold', 'Timbrefold'), program);
  return installed.map((part) => (part.name === 'Standalone' ? { ...part, place: program } : part));
}
