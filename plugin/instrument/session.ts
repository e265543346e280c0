// A session's state as JSON: the sound with its preset, every value, the morph corners, and the model it belongs to.
import type { CornerSound, SoundState } from './messages.ts';
import { PresetError, parsePreset } from './preset.ts';

export const SESSION_FORMAT = 'timbrefold-state';
const CORNERS = 4;

export interface Session extends SoundState {
  /** Name of the model, for a sentence where it is missing; its identity is the preset's. */
  modelName?: string;
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
  const { format, version, modelName, preset, values, corners } = json as Record<string, unknown>;
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
  return { preset: read, values: plain, corners: sounds, ...(typeof modelName === 'string' ? { modelName } : {}) };
}
