// MIDI learn: which controller moves which parameter. Main thread.
import { parameterById, toPlain } from '../../instrument/parameters.ts';
import { EVENT } from '../../instrument/protocol.ts';
import { readControllers } from '../../instrument/session.ts';
import { type MidiBytes, readMidi } from '../midi-bytes.ts';
import type { Host } from './host.ts';

/** Sustain, the numbers that set up other numbers, and the channel mode messages mean something of their own. */
const RESERVED = new Set([6, 38, 64, 98, 99, 100, 101, 120, 121, 122, 123, 124, 125, 126, 127]);

export class Learning {
  private readonly controllers = new Map<string, number>();
  private waiting: string | null = null;

  constructor(
    private readonly host: Host,
    private readonly setParameter: (id: string, plain: number) => void,
  ) {}

  greet(): void {
    this.host.emit({ type: 'learned', controllers: Object.fromEntries(this.controllers), waiting: this.waiting });
  }

  /** The next controller will move this parameter; null ends the waiting. @throws RangeError for an unknown parameter */
  learn(id: string | null): void {
    this.waiting = id && parameterById(id).id;
    this.greet();
  }

  forget(id: string): void {
    this.controllers.delete(id);
    this.greet();
  }

  /** Looks at bytes that are being played. */
  hear([status, data1, data2]: MidiBytes): void {
    readMidi(status, data1, data2, (kind, _channel, number, value) => {
      if (kind !== EVENT.controller || RESERVED.has(number)) return;
      const { waiting } = this;
      if (waiting) {
        // A controller moves one parameter, a parameter follows one controller.
        for (const [id, taken] of this.controllers) if (taken === number) this.controllers.delete(id);
        this.controllers.set(waiting, number);
        this.waiting = null;
        this.greet();
      }
      for (const [id, learned] of this.controllers) {
        if (learned === number) this.setParameter(id, toPlain(parameterById(id), value));
      }
    });
  }

  /** For a session; undefined where nothing was learned. */
  state(): Record<string, number> | undefined {
    return this.controllers.size > 0 ? Object.fromEntries(this.controllers) : undefined;
  }

  restore(controllers: unknown): void {
    this.controllers.clear();
    for (const [id, number] of Object.entries(readControllers(controllers))) this.controllers.set(id, number);
    this.greet();
  }
}
