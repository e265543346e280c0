// The preset: a latent, its place on the map, macros and the parameters that differ from their defaults. The same bytes in every shell.
import * as z from 'zod';
import { migratePreset } from './migrations.ts';
import { type Parameter, parameterById, parameters } from './parameters.ts';
import { EVENT, MAX_LATENT } from './protocol.ts';
import { schemaSentence } from './schema-sentence.ts';

export const PRESET_FORMAT = 'timbrefold-preset';
/** Raised when the meaning of a preset changes; `migrations.ts` then learns the step from the version before. */
export const PRESET_VERSION = 1;
export const MACRO_COUNT = 8;
/** Two for each place of a path. */
const MAX_PATH_NUMBERS = 512;
/** Bytes of a preset file, at most. */
export const MAX_PRESET_BYTES = 1 << 20;

const unit = z.number().min(0).max(1);

export const modelIdentitySchema = z.object({
  id: z.string().min(1).max(200),
  /** SHA-256 of the model's decoder graph, lower-case hexadecimal. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hexadecimal digits'),
});

export const presetSchema = z.object({
  format: z.literal(PRESET_FORMAT),
  version: z.literal(PRESET_VERSION),
  name: z.string().min(1).max(200),
  model: modelIdentitySchema,
  latent: z.array(z.number()).min(1).max(MAX_LATENT),
  map: z.object({ x: unit, y: unit }),
  macros: z.array(unit).length(MACRO_COUNT),
  parameters: z.record(z.string(), z.number()),
  seed: z.number().int().min(0).max(0xffffffff),
  /** The path over the map that the sound walks: [x0, y0, x1, y1, ...]. */
  path: z.array(unit).max(MAX_PATH_NUMBERS).optional(),
  author: z.string().max(200).optional(),
  tags: z.array(z.string().min(1).max(60)).max(24).optional(),
});

export type ModelIdentity = z.infer<typeof modelIdentitySchema>;
export type Preset = z.infer<typeof presetSchema>;

/** A preset that cannot be read; the message is a sentence for the musician. */
export class PresetError extends Error {
  override readonly name = 'PresetError';
}

/** True for what a preset keeps outside `parameters`: the macros and the place on the map. */
const keptElsewhere = (parameter: Parameter): boolean =>
  /^macro\d$/.test(parameter.id) || parameter.id === 'mapX' || parameter.id === 'mapY';

/**
 * Checks a parsed preset of any known version and brings it to the present one. `source` names the file in error sentences.
 * @throws PresetError
 */
export function parsePreset(json: unknown, source: string): Preset {
  const refuse = (why: string): never => {
    throw new PresetError(`The preset ${source} cannot be used: ${why}.`);
  };
  const header = z.object({ format: z.literal(PRESET_FORMAT), version: z.number().int().min(1) }).safeParse(json);
  if (!header.success) return refuse(`it is not a Timbrefold preset (${schemaSentence(header.error)})`);
  if (header.data.version > PRESET_VERSION) {
    return refuse(
      `it has version ${header.data.version} and this Timbrefold reads up to ${PRESET_VERSION}; update Timbrefold`,
    );
  }
  const parsed = presetSchema.safeParse(migratePreset(json as Record<string, unknown>, PRESET_VERSION));
  if (!parsed.success) return refuse(schemaSentence(parsed.error));
  for (const [id, value] of Object.entries(parsed.data.parameters)) {
    const parameter = parameters.find((p) => p.id === id);
    if (!parameter) return refuse(`it sets "${id}", which is not a parameter (docs/parameters.md lists them)`);
    if (keptElsewhere(parameter))
      return refuse(`"${id}" stands under "parameters" but belongs under "macros" or "map"`);
    if (value < parameter.min || value > parameter.max) {
      return refuse(`${id} is ${value}, outside ${parameter.min} to ${parameter.max}`);
    }
  }
  return parsed.data;
}

/**
 * Reads a preset from the text of its file.
 * @throws PresetError
 */
export function readPreset(text: string, source: string): Preset {
  if (text.length > MAX_PRESET_BYTES) {
    throw new PresetError(`The preset ${source} cannot be used: it is larger than ${MAX_PRESET_BYTES >> 20} MiB.`);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new PresetError(`The preset ${source} cannot be used: it is not JSON.`);
  }
  return parsePreset(json, source);
}

/** The shortest decimal that gives the same 32-bit float: what the core hears, without a tail of digits. */
function shortest(value: number): number {
  const single = Math.fround(value);
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(single.toPrecision(digits));
    if (Math.fround(short) === single) return short;
  }
  return Number(single.toPrecision(9));
}

/** The bytes of a preset: fixed order, parameters in the table's order and only where they differ from the default. */
export function writePreset(preset: Preset): string {
  const changed = parameters.filter(
    (p) => !keptElsewhere(p) && preset.parameters[p.id] !== undefined && preset.parameters[p.id] !== p.default,
  );
  const ordered: Preset = {
    format: PRESET_FORMAT,
    version: PRESET_VERSION,
    name: preset.name,
    model: { id: preset.model.id, sha256: preset.model.sha256 },
    latent: preset.latent.map(shortest),
    map: { x: shortest(preset.map.x), y: shortest(preset.map.y) },
    macros: preset.macros.map(shortest),
    parameters: Object.fromEntries(changed.map((p) => [p.id, shortest(preset.parameters[p.id])])),
    seed: preset.seed,
    ...(preset.path?.length ? { path: preset.path.map(shortest) } : {}),
    ...(preset.author ? { author: preset.author } : {}),
    ...(preset.tags?.length ? { tags: preset.tags } : {}),
  };
  return `${JSON.stringify(ordered, null, 2)}\n`;
}

/**
 * Why a preset does not belong to the loaded model, or null where it does. The same model trained anew has another decoder and so another hash:
 * its latents mean something else.
 */
export function modelMismatch(
  preset: Preset,
  loaded: ModelIdentity & { name: string; latentDim: number },
): string | null {
  const short = (sha256: string): string => sha256.slice(0, 8);
  if (
    preset.model.id === loaded.id &&
    preset.model.sha256 === loaded.sha256 &&
    preset.latent.length === loaded.latentDim
  ) {
    return null;
  }
  if (preset.model.id === loaded.id && preset.model.sha256 === loaded.sha256) {
    return `The preset "${preset.name}" has ${preset.latent.length} latents; ${loaded.name} has ${loaded.latentDim}.`;
  }
  return `The preset "${preset.name}" was made for the model ${preset.model.id} (${short(preset.model.sha256)}); ${loaded.name} (${loaded.id}, ${short(loaded.sha256)}) is loaded.`;
}

/** An event without a time: what `Core.event` takes behind the offset. */
export interface SoundEvent {
  kind: number;
  channel: number;
  key: number;
  value: number;
}

/** Parameter events that bring every parameter to what the preset says: its own values, else the defaults. */
export function presetEvents(preset: Preset): SoundEvent[] {
  const values = new Map(Object.entries(preset.parameters));
  preset.macros.forEach((value, i) => {
    values.set(`macro${i + 1}`, value);
  });
  values.set('mapX', preset.map.x);
  values.set('mapY', preset.map.y);
  return parameters.map((p) => parameterEvent(p.id, values.get(p.id) ?? p.default));
}

/** The event that sets one parameter to a plain value. */
export function parameterEvent(id: string, plain: number): SoundEvent {
  return { kind: EVENT.parameter, channel: 0, key: parameterById(id).index, value: plain };
}
