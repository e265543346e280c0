// MIDI inputs of the machine, where the browser lends them: every input plays, also those plugged in later. What is unplugged lets go of its keys.

import { HeldKeys } from './held-keys.ts';
import type { Instrument } from './instrument.ts';

/** Bytes of a channel message; shorter and longer ones (clock, system exclusive) are not for the instrument. */
const CHANNEL_MESSAGE = 0x80;
const SYSTEM_MESSAGE = 0xf0;

export class WebMidi {
  readonly missing = typeof navigator === 'undefined' || typeof navigator.requestMIDIAccess !== 'function';
  /** What each connected input holds down, by its id. */
  private readonly inputs = new Map<string, { name: string; held: HeldKeys }>();

  /** Asks for permission; what comes of it is said by the instrument. */
  async open(instrument: Instrument): Promise<void> {
    if (this.missing) return;
    try {
      const access = await navigator.requestMIDIAccess();
      access.onstatechange = () => this.attach(instrument, access);
      this.attach(instrument, access);
    } catch {
      instrument.emit({ type: 'midi', state: 'refused', inputs: [] });
      instrument.say(
        'midi',
        'information',
        'The browser did not allow MIDI; allow it in the site settings to play from a keyboard. All else works.',
      );
    }
  }

  private attach(instrument: Instrument, access: MIDIAccess): void {
    const connected = [...access.inputs].filter(([, { state }]) => state === 'connected');
    const ids = new Set(connected.map(([id]) => id));
    for (const [id, { name, held }] of this.inputs) {
      if (ids.has(id)) continue;
      this.inputs.delete(id);
      const released = held.release();
      for (const bytes of released) instrument.play(bytes);
      if (released.length > 0) instrument.say('midi', 'information', `${name} was unplugged; its keys were let go.`);
    }
    for (const [id, input] of connected) {
      if (this.inputs.has(id)) continue;
      const name = input.name ?? 'Unnamed input';
      const held = new HeldKeys();
      this.inputs.set(id, { name, held });
      input.onmidimessage = ({ data }) => {
        if (!data || data[0] < CHANNEL_MESSAGE || data[0] >= SYSTEM_MESSAGE) return;
        const bytes = [data[0], data[1] ?? 0, data[2] ?? 0] as const;
        held.hear(bytes);
        instrument.play([...bytes]);
      };
    }
    instrument.emit({ type: 'midi', state: 'on', inputs: [...this.inputs.values()].map(({ name }) => name) });
  }
}
