// The sources of JUCE from Debian 13, with Debian's patches (its tarball lacks the codecs that upstream bundles).
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { run, SetupError, say } from '../bootstrap.mjs';
import { fromTrixie } from './debian.ts';
import { sharedFolder } from './shared-folder.ts';

export const JUCE_VERSION = '8.0.6';

/** Where JUCE's sources lie, ready for CMake's add_subdirectory. @throws SetupError */
export async function ensureJuce(): Promise<string> {
  const folder = await sharedFolder(`juce-${JUCE_VERSION}`, async (growing) => {
    say(`fetching the sources of JUCE ${JUCE_VERSION} (13 MB, once)`);
    await fromTrixie(growing, ['source', '--download-only'], 'juce');
    const description = readdirSync(growing).find((name) => name.endsWith('.dsc'));
    if (!description?.startsWith(`juce_${JUCE_VERSION}+`)) {
      throw new SetupError(`Debian 13 has JUCE as ${description}, and Timbrefold is built with ${JUCE_VERSION}.`);
    }
    // apt has checked the files against Debian's signed lists already.
    await run('dpkg-source', ['--no-check', '-x', description, 'source'], {
      cwd: growing,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    for (const name of readdirSync(growing)) if (name !== 'source') rmSync(join(growing, name));
  });
  return join(folder, 'source');
}
