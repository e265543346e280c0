// The sounds of a folder (or one file) in a fixed order, with what labels.json says about them.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, extname, join, relative, sep } from 'node:path';
import * as z from 'zod';
import type { AnalyseTask } from './analyse-file.ts';
import { SOUND_ENDINGS } from './audio-file.ts';

const labelsSchema = z.object({
  sounds: z.array(
    z.looseObject({
      file: z.string(),
      key: z.number().min(0).max(127).nullish(),
      velocity: z.number().min(0).max(1).nullish(),
      holdSeconds: z.number().positive().nullish(),
    }),
  ),
});

type Labels = Map<string, Pick<AnalyseTask, 'key' | 'velocity' | 'holdSeconds'>>;
const UNLABELLED = { key: null, velocity: null, holdSeconds: null };

function readLabels(folder: string): Labels {
  const path = join(folder, 'labels.json');
  const labels: Labels = new Map();
  if (!existsSync(path)) return labels;
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    throw new Error(`${path} is not JSON; correct or remove it.`);
  }
  const parsed = labelsSchema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Error(`${path}: ${issue.path.join('.')}: ${issue.message}.`);
  }
  for (const { file, key, velocity, holdSeconds } of parsed.data.sounds) {
    labels.set(file, { key: key ?? null, velocity: velocity ?? null, holdSeconds: holdSeconds ?? null });
  }
  return labels;
}

/** Tasks for a folder (searched with its subfolders, sorted by path; labelled files that are missing included) or a single sound. */
export function soundTasks(path: string): AnalyseTask[] {
  if (!existsSync(path)) throw new Error(`${path} does not exist.`);
  if (!statSync(path).isDirectory()) {
    const name = basename(path, extname(path));
    return [{ index: 0, path, name, file: basename(path), ...UNLABELLED }];
  }
  const labels = readLabels(path);
  const files = new Set(labels.keys());
  for (const entry of readdirSync(path, { recursive: true, withFileTypes: true })) {
    const ending = extname(entry.name).toLowerCase();
    if (!entry.isFile() || !(SOUND_ENDINGS as readonly string[]).includes(ending)) continue;
    files.add(relative(path, join(entry.parentPath, entry.name)).split(sep).join('/'));
  }
  const sorted = [...files].sort();
  const stems = new Map<string, number>();
  const stem = (file: string): string => file.slice(0, file.length - extname(file).length);
  for (const file of sorted) stems.set(stem(file), (stems.get(stem(file)) ?? 0) + 1);
  return sorted.map((file, index) => {
    const label = labels.get(file) ?? UNLABELLED;
    // Two files that differ in their ending only keep it in their names.
    const name = stems.get(stem(file)) === 1 ? stem(file) : file;
    return { index, path: join(path, file), name, file, ...label };
  });
}
