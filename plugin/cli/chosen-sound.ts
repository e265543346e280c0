// What a musician names on the command line: a preset by file or name, and single parameters.
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { hasPreset, readPresetLink } from '../export/preset-link.ts';
import { parameterById } from '../instrument/parameters.ts';
import { MAX_PRESET_BYTES, modelMismatch, type Preset, readPreset } from '../instrument/preset.ts';
import type { Bundle } from '../model/bundle.ts';
import { readInput } from './files.ts';
import { outOfRange } from './lanes.ts';

export interface Setting {
  id: string;
  value: number;
}

/** "macro1=0.7", checked against the parameter table. */
export function parseSetting(text: string, before: Setting[]): Setting[] {
  const [, id, number] = /^\s*(\w+)\s*=\s*(\S+)\s*$/.exec(text) ?? [];
  if (id === undefined) throw new InvalidArgumentError('It must look like macro1=0.7.');
  const value = Number(number);
  if (!Number.isFinite(value)) throw new InvalidArgumentError(`"${number}" is not a number.`);
  let parameter: ReturnType<typeof parameterById>;
  try {
    parameter = parameterById(id);
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
  if (value < parameter.min || value > parameter.max)
    throw new InvalidArgumentError(`${outOfRange(parameter, value)}.`);
  return [...before, { id, value }];
}

/** A preset by file, by link, or by its name in the bundle; without any the bundle's first. @throws Error with a sentence */
export function choosePreset(bundle: Bundle, wanted: string | undefined): Preset {
  if (wanted === undefined) return bundle.presets[0];
  const fragment = /#.*$/s.exec(wanted)?.[0] ?? '';
  if (hasPreset(fragment)) return fitting(readPresetLink(fragment), bundle);
  const named = bundle.presets.find(({ name }) => name.toLowerCase() === wanted.toLowerCase());
  if (named && !existsSync(wanted)) return named;
  if (!existsSync(wanted)) {
    const names = bundle.presets.slice(0, 12).map(({ name }) => name);
    throw new Error(
      `There is no preset file ${wanted}, and ${bundle.manifest.name} has no preset of that name (it has ${names.join(', ')}).`,
    );
  }
  const text = new TextDecoder().decode(readInput(wanted, 'preset', MAX_PRESET_BYTES));
  return fitting(readPreset(text, basename(wanted)), bundle);
}

/** @throws Error with a sentence where the preset belongs to another model */
function fitting(preset: Preset, bundle: Bundle): Preset {
  const mismatch = modelMismatch(preset, bundle.identity);
  if (mismatch) throw new Error(mismatch);
  return preset;
}
