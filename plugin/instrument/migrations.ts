// Brings a preset of an older version to the present one, step by step. A step stands for ever once a version has been released.

/** What one step gets and gives: the JSON of a preset, `version` apart. */
export type Migration = (preset: Record<string, unknown>) => Record<string, unknown>;

/** Key n: from version n to n + 1. Version 1 is the first, so there is nothing to bring forward yet. */
const steps: Readonly<Record<number, Migration>> = {};

/**
 * Applies every step between the preset's version and `target`. Steps may be handed in to test the mechanism.
 * @throws RangeError where a step is missing, which is a mistake of ours and not of the file.
 */
export function migratePreset(
  preset: Record<string, unknown>,
  target: number,
  known: Readonly<Record<number, Migration>> = steps,
): Record<string, unknown> {
  let current = preset;
  for (let version = Number(preset.version); version < target; version++) {
    const step = known[version];
    if (!step) throw new RangeError(`There is no migration of presets from version ${version} to ${version + 1}.`);
    current = { ...step(current), version: version + 1 };
  }
  return current;
}
