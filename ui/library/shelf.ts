// The library of presets: the model's and the user's together, and what of it is to be seen.
import type { ModelView, StoredPreset } from '../../plugin/instrument/messages.ts';
import type { Preset } from '../../plugin/instrument/preset.ts';
import { neighbours } from '../find/space.ts';

export interface Entry {
  /** Names it among favourites. */
  key: string;
  preset: Preset;
  /** Of the user's presets; null for the model's. */
  id: string | null;
  /** Place among the model's presets, -1 for the user's. */
  index: number;
  /** Family of the sound of the map that it is most like; empty where it belongs to another model. */
  family: string;
}

export type Bank = 'all' | 'factory' | 'user' | 'favourites';

export interface Shelf {
  bank: Bank;
  family: string | null;
  tag: string | null;
  text: string;
}

export const WHOLE_SHELF: Shelf = { bank: 'all', family: null, tag: null, text: '' };

/** Every preset, the user's first, each bank by name. */
export function library(model: ModelView | null, stored: readonly StoredPreset[]): Entry[] {
  const familyOf = (preset: Preset): string => {
    if (!model || !belongs(preset, model)) return '';
    const [nearest] = neighbours(model.space, preset.latent, 1);
    return nearest ? model.points[nearest.point].family : '';
  };
  const factory = (model?.presets ?? []).map(
    (preset, index): Entry => ({
      key: `${preset.model.id}/${preset.name}`,
      preset,
      id: null,
      index,
      family: familyOf(preset),
    }),
  );
  const user = stored.map(
    ({ id, preset }): Entry => ({ key: `user/${id}`, preset, id, index: -1, family: familyOf(preset) }),
  );
  const byName = (a: Entry, b: Entry): number => a.preset.name.localeCompare(b.preset.name);
  return [...user.sort(byName), ...factory.sort(byName)];
}

/** Whether a preset can be played by a model. */
export const belongs = (preset: Preset, model: ModelView): boolean =>
  preset.model.id === model.id &&
  preset.latent.length === model.space.dim &&
  (model.presets.length === 0 || preset.model.sha256 === model.presets[0].model.sha256);

/** What stands on a shelf: all of the words must be somewhere in name, tags, author or family. */
export function onShelf(entries: readonly Entry[], shelf: Shelf, favourites: readonly string[]): Entry[] {
  const words = shelf.text.toLowerCase().split(/\s+/).filter(Boolean);
  return entries.filter((entry) => {
    const { preset, family } = entry;
    if (shelf.bank === 'factory' && entry.id !== null) return false;
    if (shelf.bank === 'user' && entry.id === null) return false;
    if (shelf.bank === 'favourites' && !favourites.includes(entry.key)) return false;
    if (shelf.family !== null && family !== shelf.family) return false;
    if (shelf.tag !== null && !preset.tags?.includes(shelf.tag)) return false;
    const all = [preset.name, family, preset.author ?? '', ...(preset.tags ?? [])].join(' ').toLowerCase();
    return words.every((word) => all.includes(word));
  });
}

/** Each value with how often it comes, most frequent first. */
export function counted(values: readonly string[]): { name: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const value of values) if (value !== '') counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts]
    .map(([name, count]) => ({ name, count }))
    .sort((a, b) => b.count - a.count || a.name.localeCompare(b.name));
}

/** The entry that is the sound now playing, where it is one. */
export const entryOf = (entries: readonly Entry[], preset: Preset): Entry | undefined =>
  entries.find(
    (entry) =>
      entry.preset.name === preset.name &&
      entry.preset.latent.length === preset.latent.length &&
      entry.preset.latent.every((z, i) => Math.abs(z - preset.latent[i]) < 1e-5),
  );
