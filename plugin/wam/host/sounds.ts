// What is heard: preset, parameter values, morph corners, path and tuning; how it changes, and how a session keeps it. Main thread.
import type { Corner, CornerSound, Path, SoundState, Tuning } from '../../instrument/messages.ts';
import { parameterById, parameters, snap } from '../../instrument/parameters.ts';
import { modelMismatch, type Preset, PresetError, readPreset, writePreset } from '../../instrument/preset.ts';
import { isPath, isTuning, type Session } from '../../instrument/session.ts';
import { bakedPreset } from '../bake.ts';
import type { TimbrefoldNode } from '../node.ts';
import type { LoadedModel } from '../thread-messages.ts';
import type { Host } from './host.ts';

const CORNERS = [0, 1, 2, 3] as const;
/** A session may be asked to sound before its model is there, or without it. */
const NO_MODEL = 'There is no model yet; load one, then the preset.';

export class Sounds {
  private readonly values = new Map(parameters.map((p) => [p.id, p.default]));
  private model: LoadedModel | null = null;
  private preset: Preset | null = null;
  private presetIndex = -1;
  private corners: readonly CornerSound[] = [];
  private path: Path = [];
  private tuning: Tuning | null = null;
  /** A session whose model is not there (yet): kept, and given back by `session`, until it comes or another sound is chosen. */
  private waiting: Session | null = null;

  constructor(private readonly host: Host) {}

  /** Tells a node that has just come whatever was decided before. */
  attach(node: TimbrefoldNode): void {
    for (const parameter of parameters) {
      const value = this.valueOf(parameter.id);
      if (value !== parameter.default) node.automate(parameter.id, value);
    }
    node.setTuning(this.tuning?.notes ?? null);
    if (!this.preset) return;
    this.sendCorners();
    node.setPath(this.path);
    node.setSound(this.preset.latent, this.preset.map.x, this.preset.map.y);
  }

  /** Everything a UI that comes later has to know. */
  greet(): void {
    this.emitValues();
    this.host.emit({ type: 'tuning', tuning: this.tuning });
    if (!this.preset) return;
    this.host.emit({ type: 'corners', corners: this.corners });
    this.host.emit({ type: 'path', path: this.path });
    this.host.emit({ type: 'sound', preset: this.preset, index: this.presetIndex });
  }

  /** Begins with the first preset of a model that has just come, or goes on with the session that waited for it. */
  takeModel(model: LoadedModel): void {
    this.model = model;
    this.preset = null;
    const { presets } = model;
    // Four sounds far apart in the list are more likely to differ than the first four.
    this.corners = CORNERS.map((corner) => presets[Math.floor((corner * presets.length) / 4)]).map(
      ({ name, latent }) => ({ name, latent }),
    );
    this.sendCorners();
    const { waiting } = this;
    this.select(0);
    if (waiting) this.resume(waiting);
  }

  // ---- Parameters ----------------------------------------------------------------------------------------------------

  setParameter(id: string, plain: number): void {
    const value = snap(parameterById(id), plain);
    this.host.voice?.node.automate(id, value);
    this.echoParameter(id, value);
  }

  /** Takes note of a value that somebody else has set already. */
  echoParameter(id: string, value: number): void {
    this.values.set(id, value);
    this.host.emit({ type: 'parameters', values: { [id]: value } });
  }

  // ---- Sounds --------------------------------------------------------------------------------------------------------

  select(index: number): void {
    const preset = this.model?.presets[index];
    if (preset) this.take(preset, index);
  }

  /** @throws PresetError where it belongs to another model */
  take(preset: Preset, index = this.indexOf(preset)): void {
    const { model } = this;
    this.waiting = null;
    if (!model) throw new PresetError(NO_MODEL);
    const mismatch = modelMismatch(preset, model.identity);
    if (mismatch) throw new PresetError(mismatch);
    this.apply(preset, index, preset.path ?? [], {
      ...preset.parameters,
      mapX: preset.map.x,
      mapY: preset.map.y,
      ...Object.fromEntries(preset.macros.map((value, i) => [`macro${i + 1}`, value])),
    });
  }

  /** What was heard before. @throws PresetError where it belongs to another model */
  restore(state: SoundState): void {
    const { model } = this;
    const mismatch = model && modelMismatch(state.preset, model.identity);
    if (!model || mismatch) throw new PresetError(mismatch ?? NO_MODEL);
    this.corners = state.corners;
    this.sendCorners();
    this.apply(state.preset, this.indexOf(state.preset), state.path ?? [], state.values);
  }

  /** Sets sound, path and every parameter: those not named return to their default. */
  private apply(preset: Preset, index: number, path: Path, values: Readonly<Record<string, number>>): void {
    this.preset = preset;
    this.presetIndex = index;
    this.host.voice?.node.setSound(preset.latent, preset.map.x, preset.map.y);
    for (const parameter of parameters) {
      const value = snap(parameter, values[parameter.id] ?? parameter.default);
      if (this.values.get(parameter.id) === value) continue;
      this.values.set(parameter.id, value);
      this.host.voice?.node.automate(parameter.id, value);
    }
    this.setPath(path);
    this.emitValues();
    this.host.emit({ type: 'sound', preset, index });
  }

  setCorner(corner: Corner, sound: CornerSound | { point: number }): void {
    const next = 'point' in sound ? this.soundOfPoint(sound.point) : sound;
    if (!next || next.latent.length !== this.model?.identity.latentDim) return;
    this.corners = this.corners.map((kept, i) => (i === corner ? next : kept));
    this.sendCorners();
  }

  /** @throws PresetError where it is no path */
  setPath(path: Path): void {
    if (!isPath(path)) throw new PresetError('That is not a path: it needs up to 256 places on the map.');
    this.path = path;
    this.host.voice?.node.setPath(path);
    this.host.emit({ type: 'path', path });
  }

  /** @throws PresetError where it is no tuning */
  setTuning(tuning: Tuning | null): void {
    if (tuning && !isTuning(tuning))
      throw new PresetError('That is not a tuning: it needs a pitch for each of 128 keys.');
    this.tuning = tuning;
    this.host.voice?.node.setTuning(tuning?.notes ?? null);
    this.host.emit({ type: 'tuning', tuning });
  }

  /** The preset that what is heard now would be. @throws PresetError before there is a sound */
  capture(name: string): Preset {
    const state = this.state();
    const { model } = this;
    if (!model || !state) throw new PresetError('There is no sound yet.');
    const core = this.host.voice?.core ?? null;
    const { path, ...baked } = bakedPreset(core, model.core, state, name.trim() || state.preset.name);
    // Written and read once: as a file would have it, with only those parameters that differ from their defaults.
    const text = writePreset(this.path.length > 0 ? { ...baked, path: [...this.path] } : baked);
    return readPreset(text, `"${baked.name}"`);
  }

  save(name: string): void {
    const preset = this.capture(name);
    this.host.emit({
      type: 'file',
      fileName: `${fileNameOf(preset.name)}.json`,
      mime: 'application/json',
      text: writePreset(preset),
    });
  }

  // ---- State of a session --------------------------------------------------------------------------------------------

  state(): SoundState | null {
    return (
      this.preset && {
        preset: this.preset,
        values: Object.fromEntries(this.values),
        corners: [...this.corners],
        ...(this.path.length > 0 ? { path: this.path } : {}),
      }
    );
  }

  /** The present session, or the waiting one where its model is missing; null before there is any. */
  session(): Session | null {
    const state = this.state();
    if (this.waiting || !state) return this.waiting;
    const { tuning } = this;
    return { ...state, modelName: this.model?.identity.name, ...(tuning ? { tuning } : {}) };
  }

  /** Takes a session up again; it waits for its model where that is not there. */
  resume(session: Session): void {
    const mismatch = this.model && modelMismatch(session.preset, this.model.identity);
    if (this.model && !mismatch) {
      this.waiting = null;
      this.setTuning(session.tuning ?? null);
      this.restore(session);
      return;
    }
    this.waiting = session;
    if (mismatch) this.host.refuse('state', new PresetError(mismatch));
  }

  private indexOf(preset: Preset): number {
    return (
      this.model?.presets.findIndex(
        ({ name, latent }) => name === preset.name && latent.every((z, i) => z === preset.latent[i]),
      ) ?? -1
    );
  }

  private soundOfPoint(index: number): CornerSound | null {
    const point = this.model?.points[index];
    return point && this.model ? { name: point.name, latent: Array.from(this.model.core.map[index].latent) } : null;
  }

  private sendCorners(): void {
    for (const corner of CORNERS) this.host.voice?.node.setCorner(corner, this.corners[corner].latent);
    this.host.emit({ type: 'corners', corners: this.corners });
  }

  private emitValues(): void {
    this.host.emit({ type: 'parameters', values: Object.fromEntries(this.values) });
  }

  private valueOf(id: string): number {
    return this.values.get(id) ?? parameterById(id).default;
  }
}

/** A name as a file may have it. */
export function fileNameOf(name: string): string {
  const kept = name
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '')
    .toLowerCase();
  return kept || 'preset';
}
