// Packages of Debian 13 (trixie) on an older or the same Debian, without touching the machine's own apt: own lists, own cache.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { alone, cache, run, SetupError } from '../bootstrap.mjs';

const SUITE = 'trixie';
const SOURCES = '/etc/apt';

/** The machine's own Debian source with the suite changed, as a deb822 stanza. @throws SetupError */
function stanza(): string {
  const codename = /^VERSION_CODENAME=(\S+)/m.exec(readText('/etc/os-release'))?.[1];
  const parts = join(SOURCES, 'sources.list.d');
  const names = existsSync(parts) ? readdirSync(parts).map((name) => join(parts, name)) : [];
  for (const file of [join(SOURCES, 'sources.list'), ...names]) {
    const text = readText(file);
    const found = codename
      ? file.endsWith('.sources')
        ? fromStanzas(text, codename)
        : file.endsWith('.list')
          ? fromLines(text, codename)
          : null
      : null;
    if (found) return found;
  }
  throw new SetupError(
    'Debian 13 sources are needed and this machine has no Debian package source that they could be derived from. Please build on Debian 12 or 13.',
  );
}

const readText = (file: string): string => (existsSync(file) ? readFileSync(file, 'utf8') : '');

/** The stanza of a .sources file that holds the release itself (not its updates alone, not its security suite). */
function fromStanzas(text: string, codename: string): string | null {
  for (const block of text.split(/\n\s*\n/)) {
    const lines = block.split('\n').filter((line) => !line.startsWith('#'));
    const suites = lines.find((line) => line.startsWith('Suites:'))?.split(/\s+/) ?? [];
    if (!suites.includes(codename)) continue;
    const kept = lines.filter((line) => line !== '' && !/^(Suites|Types|Enabled):/.test(line));
    return [`Types: deb deb-src`, `Suites: ${SUITE}`, ...kept, ''].join('\n');
  }
  return null;
}

/** The same from a line of a .list file: deb [options] URI suite components. */
function fromLines(text: string, codename: string): string | null {
  for (const line of text.split('\n')) {
    const match = /^deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s+(.+)$/.exec(line.trim());
    if (!match || match[3] !== codename) continue;
    const key = /signed-by=(\S+)/.exec(match[1] ?? '')?.[1];
    const stanza = [`Types: deb deb-src`, `URIs: ${match[2]}`, `Suites: ${SUITE}`, `Components: ${match[4]}`];
    return [...stanza, ...(key ? [`Signed-By: ${key}`] : []), ''].join('\n');
  }
  return null;
}

/** Has apt-get do `words` ("download" ...) with `name` of Debian 13, whose lists it fetches first; the files arrive in `folder`. @throws SetupError */
export async function fromTrixie(folder: string, words: readonly string[], name: string): Promise<void> {
  const home = join(cache, 'apt');
  for (const part of ['lists/partial', 'archives/partial']) mkdirSync(join(home, part), { recursive: true });
  mkdirSync(folder, { recursive: true });
  const sources = join(home, 'trixie.sources');
  writeFileSync(sources, stanza());
  const settings = {
    'Dir::Etc::sourcelist': sources,
    'Dir::Etc::sourceparts': '-',
    'Dir::State::Lists': join(home, 'lists'),
    'Dir::Cache': home,
    // The folders belong to whoever builds, not to apt's own user.
    'APT::Sandbox::User': '',
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  const quiet: object = { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] };
  await alone(`${home}.lock`, async () => {
    await run('apt-get', [...options, '--quiet=2', 'update'], quiet);
    await run('apt-get', [...options, '--quiet=2', ...words, `${name}/${SUITE}`], quiet);
  });
}
