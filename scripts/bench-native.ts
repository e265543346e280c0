// `npm run bench:native`: what the plug-in costs, as a host sees it: processor time, block times, latency, instances, an hour of playing, peers in the same
// run. `-- --minutes 2` shortens the hour, `-- --no-build` measures what is built, `-- --only voices` those whose name begins so. Prints each part as
// it is measured and writes all to dist/bench-native.json.
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { benchBlocks } from './bench-native/blocks.ts';
import { benchEndurance } from './bench-native/endurance.ts';
import type { Figure } from './bench-native/figure.ts';
import { benchGestures } from './bench-native/gestures.ts';
import { benchInstances } from './bench-native/instances.ts';
import { benchVoices } from './bench-native/voices.ts';
import { SetupError, say } from './bootstrap.mjs';
import { dist } from './build/paths.ts';
import { buildShell } from './native/shell.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '60' },
    'no-build': { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
  },
});
const minutes = Number(values.minutes);
if (!(minutes >= 1 && minutes <= 600)) {
  say('--minutes wants a number from 1 to 600.');
  process.exit(2);
}

const shown = ({ value }: Figure): string =>
  Math.abs(value) >= 100 || value === 0 ? value.toFixed(0) : value.toPrecision(3);

try {
  if (!values['no-build']) await buildShell('release', true);
  const figures: Figure[] = [];
  console.log(`The LV2 in a host of our own, ${cpus()[0].model.trim()}, ${cpus().length} cores\n`);
  for (const [what, bench] of Object.entries({
    'instances and idling': benchInstances,
    gestures: benchGestures,
    'voices and peers': benchVoices,
    'block sizes': benchBlocks,
    [`${minutes} minutes of playing`]: () => benchEndurance(minutes),
  })) {
    if (!what.startsWith(values.only)) continue;
    say(`measuring ${what}`);
    const measured = await bench();
    const width = Math.max(...measured.map(({ name }) => name.length));
    for (const figure of measured) {
      const { name, unit, atMost } = figure;
      const goal = atMost === undefined ? '' : `   ${figure.value <= atMost ? 'within' : 'MISSES'} ${atMost} ${unit}`;
      console.log(`${name.padEnd(width)}  ${shown(figure).padStart(9)} ${unit.padEnd(10)}${goal}`);
    }
    figures.push(...measured);
  }
  const report = join(dist, 'bench-native.json');
  mkdirSync(dist, { recursive: true });
  writeFileSync(report, `${JSON.stringify({ processor: cpus()[0].model.trim(), figures }, null, 2)}\n`);
  console.log(`\nwrote ${report}`);
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  say(error.message);
  process.exit(1);
}
