// A session's state as JSON: the sound with its preset, every value, the morph corners, and the model it belongs to; path, tuning and MIDI learn where there are any.
import type { CornerSound, Path, SoundState, Tuning } from './messages.ts';
import { parameters } from './parameters.ts';
import { PresetError, parsePreset } from './preset.ts';

export const SESSION_FORMAT = 'timbrefold-state';
const CORNERS = 4;
const KEYS = 128;
const MAX_PLACES = 256;

export interface Session extends SoundState {
  /** Name of the model, for a sentence where it is missing; its identity is the preset's. */
  modelName?: string;
  tuning?: Tuning;
  /** Controller number by parameter id (MIDI learn). */
  controllers?: Readonly<Record<string, number>>;
}

/** The JSON value of a session, as a host keeps it. */
export function writeSession(session: Session): object {
  return { format: SESSION_FORMAT, version: 1, ...session };
}

/** Checks a session's state. @throws PresetError with a sentence */
export function readSession(json: unknown): Session {
  const refuse = (why: string): never => {
    throw new PresetError(`The session's state cannot be used: ${why}.`);
  };
  if (typeof json !== 'object' || json === null) return refuse('it is empty');
  const { format, version, modelName, preset, values, corners, path, tuning, controllers } = json as Record<
    string,
    unknown
  >;
  if (format !== SESSION_FORMAT) return refuse('it is not a state of Timbrefold');
  if (version !== 1) return refuse(`it has version ${String(version)} and this Timbrefold reads version 1`);
  const read = parsePreset(preset, 'of the session');
  const plain: Record<string, number> = {};
  for (const [id, value] of Object.entries((values ?? {}) as Record<string, unknown>)) {
    if (typeof value === 'number' && Number.isFinite(value)) plain[id] = value;
  }
  const sounds = Array.isArray(corners) ? corners : [];
  const whole = (corner: Partial<CornerSound> | null): corner is CornerSound =>
    typeof corner?.name === 'string' &&
    Array.isArray(corner.latent) &&
    corner.latent.length === read.latent.length &&
    corner.latent.every((z) => Number.isFinite(z));
  if (sounds.length !== CORNERS || !sounds.every(whole)) return refuse('its morph corners are damaged');
  return {
    preset: read,
    values: plain,
    corners: sounds,
    ...(typeof modelName === 'string' ? { modelName } : {}),
    ...(isPath(path) && path.length > 0 ? { path } : {}),
    ...(isTuning(tuning) ? { tuning: { name: tuning.name, notes: tuning.notes } } : {}),
    ...(controllers === undefined ? {} : { controllers: readControllers(controllers) }),
  };
}

const finite = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

/** Pairs of places inside the map, few enough for the core. */
export function isPath(value: unknown): value is Path {
  return (
    Array.isArray(value) &&
    value.length % 2 === 0 &&
    value.length <= 2 * MAX_PLACES &&
    value.every((v) => finite(v) && v >= 0 && v <= 1)
  );
}

export function isTuning(value: unknown): value is Tuning {
  if (typeof value !== 'object' || value === null) return false;
  const { name, notes } = value as Partial<Tuning>;
  return (
    typeof name === 'string' &&
    Array.isArray(notes) &&
    notes.length === KEYS &&
    notes.every((note) => note === null || finite(note))
  );
}

/** Those entries that name a parameter of this Timbrefold and a controller of MIDI. */
export function readControllers(value: unknown): Record<string, number> {
  if (typeof value !== 'object' || value === null) return {};
  const known = new Set(parameters.map(({ id }) => id));
  const entries = Object.entries(value).filter(
    (entry): entry is [string, number] =>
      known.has(entry[0]) && Number.isInteger(entry[1]) && entry[1] >= 0 && entry[1] < KEYS,
  );
  return Object.fromEntries(entries);
}
