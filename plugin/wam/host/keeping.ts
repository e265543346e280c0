// What is kept from one visit to the next: the user's presets and what the UI remembers, in the browser's database. Main thread.
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { StoredPreset } from '../../instrument/messages.ts';
import { type Preset, PresetError, parsePreset } from '../../instrument/preset.ts';
import type { Host } from './host.ts';

interface Kept extends DBSchema {
  /** Preset files by id. */
  presets: { key: string; value: unknown };
  /** What the UI keeps for its user, under USER; the page as it was left, under VISIT. */
  memory: { key: string; value: unknown };
}

const DATABASE = 'timbrefold';
const USER = 'user';
const VISIT = 'visit';
const NOT_KEPT =
  'The browser keeps nothing for this page (a private window, or its storage is full or switched off). Save presets as files to have them again.';

/** A page as it was left. */
export interface Visit {
  /** As of `Instrument.state`. */
  state: unknown;
  /** What the UI kept for as long as the instrument lived. */
  session: unknown;
}

export class Keeping {
  /** Called whenever the UI has kept something of its session. */
  onSession: () => void = () => {};
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
    if (place === 'session') {
      this.session = value;
      this.onSession();
    } else void this.write((database) => database.put('memory', value, USER));
  }

  /** The page as it was left; null at a first visit, and where nothing can be read. */
  async lastVisit(): Promise<Visit | null> {
    try {
      const visit = await (await this.open()).get('memory', VISIT);
      return isVisit(visit) ? visit : null;
    } catch {
      return null;
    }
  }

  /** Keeps the page as it is now. Where the browser keeps nothing that was said when it was opened. */
  async keepVisit(state: unknown): Promise<void> {
    const visit: Visit = { state, session: this.session };
    try {
      const writing = (await this.open()).transaction('memory', 'readwrite');
      const put = writing.store.put(visit, VISIT);
      // Asked for at once: a page that is being closed does not live to hear that the value is there, and what is not committed by then is dropped.
      writing.commit();
      await Promise.all([put, writing.done]);
    } catch {
      // A full disk is told to whoever saves a preset; a hand that plays need not be stopped by it.
    }
  }

  /** Gives the UI a session that it kept earlier. */
  takeSession(session: unknown): void {
    this.session = session;
    this.host.emit({ type: 'kept', place: 'session', value: session });
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

const isVisit = (value: unknown): value is Visit =>
  typeof value === 'object' && value !== null && 'state' in value && 'session' in value;
