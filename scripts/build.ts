// Builds dist/: the core, the command line, the page, the Web Audio Module, the plug-in's face. `npm run build [core|cli|page|wam|editor]...`; without names everything.
import { buildCli } from './build/cli.ts';
import { buildCore } from './build/core.ts';
import { buildEditor } from './build/editor.ts';
import { buildPage } from './build/page.ts';
import { buildWam } from './build/wam.ts';

const steps = { core: buildCore, cli: buildCli, page: buildPage, wam: buildWam, editor: buildEditor };
const names = process.argv.slice(2) as (keyof typeof steps)[];
const unknown = names.filter((name) => !(name in steps));
if (unknown.length > 0) {
  console.error(
    `There is nothing called ${unknown.join(', ')} to build; choose from ${Object.keys(steps).join(', ')}.`,
  );
  process.exit(2);
}
for (const name of names.length > 0 ? names : (Object.keys(steps) as (keyof typeof steps)[])) {
  const started = performance.now();
  await steps[name]();
  console.log(`built ${name} in ${((performance.now() - started) / 1000).toFixed(1)} s`);
}
