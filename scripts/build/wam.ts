// The Web Audio Module into dist/wam: a folder that any WAM host loads by its address, from whatever origin it is served.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { descriptor } from '../../plugin/wam/identity.ts';
import { drawIcon } from './icons.ts';
import { dist } from './paths.ts';
import { buildWeb, wam } from './web.ts';

/** Builds into `folder`, which is emptied first. */
export async function buildWam(folder = join(dist, 'wam')): Promise<void> {
  await buildWeb(folder, { index: join(wam, 'module.ts'), gui: join(wam, 'gui.ts') });
  writeFileSync(join(folder, 'descriptor.json'), `${JSON.stringify(descriptor, null, 2)}\n`);
  writeFileSync(join(folder, descriptor.thumbnail), drawIcon(256, 1));
}
