// MIDI inputs of the machine, where the browser lends them: every input plays, also those plugged in later.
import type { Instrument } from './instrument.ts';

/** Bytes of a channel message; shorter and longer ones (clock, system exclusive) are not for the instrument. */
const CHANNEL_MESSAGE = 0x80;
const SYSTEM_MESSAGE = 0xf0;

export class WebMidi {
  readonly missing = typeof navigator === 'undefined' || typeof navigator.requestMIDIAccess !== 'function';

  /** Asks for permission; what comes of it is said by the instrument. */
  async open(instrument: Instrument): Promise<void> {
    if (this.missing) return;
    try {
      const access = await navigator.requestMIDIAccess();
      const attach = (): void => {
        const names: string[] = [];
        for (const input of access.inputs.values()) {
          if (input.state !== 'connected') continue;
          names.push(input.name ?? 'unnamed input');
          input.onmidimessage = (event) => take(instrument, event.data);
        }
        instrument.emit({ type: 'midi', state: 'on', inputs: names });
      };
      access.onstatechange = attach;
      attach();
    } catch {
      instrument.emit({ type: 'midi', state: 'refused', inputs: [] });
      instrument.emit({
        type: 'notice',
        id: 'midi',
        tone: 'information',
        text: 'The browser did not allow MIDI; allow it in the site settings to play from a keyboard. All else works.',
      });
    }
  }
}

function take(instrument: Instrument, data: Uint8Array | null): void {
  if (!data || data[0] < CHANNEL_MESSAGE || data[0] >= SYSTEM_MESSAGE) return;
  instrument.play([data[0], data[1] ?? 0, data[2] ?? 0]);
}
