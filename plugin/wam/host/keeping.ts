// What is kept from one visit to the next: the user's presets and what the UI remembers, in the browser's database. Main thread.
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { StoredPreset } from '../../instrument/messages.ts';
import { type Preset, PresetError, parsePreset } from '../../instrument/preset.ts';
import type { Host } from './host.ts';

interface Kept extends DBSchema {
  /** Preset files by id. */
  presets: { key: string; value: unknown };
  /** What the UI keeps for its user, under USER. */
  memory: { key: string; value: unknown };
}

const DATABASE = 'timbrefold';
const USER = 'user';
const NOT_KEPT =
  'The browser keeps nothing for this page (a private window, or its storage is full or switched off). Save presets as files to have them again.';

export class Keeping {
  private database: Promise<IDBPDatabase<Kept>> | null = null;
  /** What the UI keeps as long as the instrument lives. */
  private session: unknown = null;
  /** Presets of this visit where the database takes none. */
  private readonly unkept = new Map<string, Preset>();

  constructor(private readonly host: Host) {}

  /** Tells a UI what is kept; what cannot be read is left where it is, and named. */
  async greet(): Promise<void> {
    if (this.session !== null) this.host.emit({ type: 'kept', place: 'session', value: this.session });
    const presets: StoredPreset[] = [...this.unkept].map(([id, preset]) => ({ id, preset }));
    let user: unknown = null;
    try {
      const database = await this.open();
      user = (await database.get('memory', USER)) ?? null;
      const [keys, values] = await Promise.all([database.getAllKeys('presets'), database.getAll('presets')]);
      keys.forEach((id, i) => {
        try {
          presets.push({ id, preset: parsePreset(values[i], `"${id}" among your presets`) });
        } catch (error) {
          this.host.refuse('presets', error);
        }
      });
    } catch {
      this.host.say('presets', 'information', NOT_KEPT);
    }
    this.host.emit({ type: 'presets', presets });
    this.host.emit({ type: 'kept', place: 'user', value: user });
  }

  keep(place: 'user' | 'session', value: unknown): void {
    if (place === 'session') this.session = value;
    else void this.write((database) => database.put('memory', value, USER));
  }

  /** @throws PresetError where it is no preset */
  async store(id: string | null, preset: Preset): Promise<void> {
    const checked = parsePreset(preset, `"${preset.name}"`);
    const key = id ?? crypto.randomUUID();
    if (!(await this.write((database) => database.put('presets', checked, key)))) this.unkept.set(key, checked);
    this.host.emit({ type: 'stored', stored: { id: key, preset: checked } });
  }

  async remove(id: string): Promise<void> {
    this.unkept.delete(id);
    await this.write((database) => database.delete('presets', id));
    this.host.emit({ type: 'removed', id });
  }

  private open(): Promise<IDBPDatabase<Kept>> {
    this.database ??= openDB<Kept>(DATABASE, 1, {
      upgrade(database) {
        database.createObjectStore('presets');
        database.createObjectStore('memory');
      },
    }).catch((error: unknown) => {
      this.database = null;
      throw error;
    });
    return this.database;
  }

  /** False, and said, where the database takes nothing. */
  private async write(change: (database: IDBPDatabase<Kept>) => Promise<unknown>): Promise<boolean> {
    try {
      await change(await this.open());
      return true;
    } catch (error) {
      if (error instanceof PresetError) throw error;
      this.host.say('presets', 'error', NOT_KEPT);
      return false;
    }
  }
}
