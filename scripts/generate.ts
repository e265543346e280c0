// Writes everything that is derived from the parameter table, the protocol and the score of the étude; `--check` only compares and fails on a difference.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { coreConstants } from './generate/core-constants.ts';
import { cppParameters } from './generate/cpp-parameters.ts';
import { cppProtocol } from './generate/cpp-protocol.ts';
import { etudeLanes, etudeMidi } from './generate/etude.ts';
import { manifestJsonSchema, mapJsonSchema, presetJsonSchema } from './generate/json-schemas.ts';
import { parameterReference } from './generate/parameter-reference.ts';
import { pythonConstants } from './generate/python-constants.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

const outputs: Record<string, () => string | Uint8Array> = {
  'dsp-core/assembly/generated/constants.ts': coreConstants,
  'native-shell/generated/parameters.h': cppParameters,
  'native-shell/generated/protocol.h': cppProtocol,
  'docs/parameters.md': parameterReference,
  'docs/etude/etude.csv': etudeLanes,
  'docs/etude/etude.mid': etudeMidi,
  'model-export/timbrefold_export/generated/constants.py': pythonConstants,
  'model-export/timbrefold_export/schema/manifest.schema.json': manifestJsonSchema,
  'model-export/timbrefold_export/schema/map.schema.json': mapJsonSchema,
  'model-export/timbrefold_export/schema/preset.schema.json': presetJsonSchema,
};

const check = process.argv.includes('--check');
const stale: string[] = [];
for (const [path, make] of Object.entries(outputs)) {
  const file = join(root, path);
  const wanted = Buffer.from(make());
  if (existsSync(file) && readFileSync(file).equals(wanted)) continue;
  if (check) stale.push(path);
  else {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, wanted);
    console.log(`wrote ${path}`);
  }
}
if (stale.length > 0) {
  console.error(`Out of date: ${stale.join(', ')}. Run "npm run generate" and commit the result.`);
  process.exit(1);
}
