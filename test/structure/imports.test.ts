// Holds the rule of docs/architecture.md: who may import whom.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { root } from '../../scripts/build/paths.ts';

/** Room -> rooms it may import from, itself excepted. `types` marks rooms of which only types may be taken. */
const rules: Record<string, { from: string[]; types?: string[] }> = {
  'dsp-core/assembly': { from: [] },
  'plugin/instrument': { from: [], types: ['plugin/model'] },
  'plugin/model': { from: ['plugin/instrument'], types: ['plugin/engine'] },
  'plugin/analysis': { from: ['plugin/instrument', 'plugin/model', 'plugin/engine'] },
  'plugin/engine': { from: ['plugin/instrument', 'plugin/model'] },
  'plugin/export': { from: ['plugin/instrument', 'plugin/model', 'plugin/engine'] },
  'plugin/wam': {
    from: ['plugin/instrument', 'plugin/model', 'plugin/analysis', 'plugin/engine', 'plugin/export', 'ui'],
  },
  'plugin/editor': {
    from: ['plugin/instrument', 'plugin/model', 'plugin/analysis', 'plugin/engine', 'plugin/export', 'ui'],
  },
  'plugin/cli': { from: ['plugin/instrument', 'plugin/model', 'plugin/analysis', 'plugin/engine', 'plugin/export'] },
  ui: { from: ['plugin/instrument'] },
};

interface Import {
  file: string;
  target: string;
  typeOnly: boolean;
}

function sources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return name === 'node_modules' ? [] : sources(path);
    return /\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name) ? [path] : [];
  });
}

function importsOf(file: string): Import[] {
  const text = readFileSync(file, 'utf8');
  const pattern = /^\s*(?:import|export)\s+(type\s+)?(?:[^'"`;]*?\sfrom\s+)?['"](\.[^'"]+)['"]/gm;
  return [...text.matchAll(pattern)].map((match) => ({
    file: relative(root, file),
    target: relative(root, join(dirname(file), match[2]))
      .split(sep)
      .join('/'),
    typeOnly: match[1] !== undefined,
  }));
}

const roomOf = (path: string): string => Object.keys(rules).find((room) => path.startsWith(`${room}/`)) ?? path;

describe('imports', () => {
  for (const [room, rule] of Object.entries(rules)) {
    test(`${room} imports only what it may`, () => {
      const found = sources(join(root, room));
      expect(found.length).toBeGreaterThan(0);
      const broken = found
        .flatMap(importsOf)
        .filter(({ target }) => roomOf(target) !== room)
        .filter(
          ({ target, typeOnly }) =>
            !rule.from.some((allowed) => target === allowed || target.startsWith(`${allowed}/`)) &&
            !(typeOnly && rule.types?.some((allowed) => target.startsWith(`${allowed}/`))),
        );
      expect(broken).toEqual([]);
    });
  }
});
