// A MIDI keyboard that a test plugs in, plays and pulls out, where the browser has none.
import type { Page } from 'playwright-core';

declare global {
  interface Window {
    testMidi?: { plug(): void; press(...bytes: number[]): void; unplug(): void };
  }
}

/** Before the page is opened. */
export const lendMidi = (page: Page): Promise<unknown> =>
  page.addInitScript(() => {
    const input = {
      name: 'Test keys',
      state: 'connected',
      onmidimessage: null as ((event: { data: Uint8Array }) => void) | null,
    };
    const access = { inputs: new Map([['1', input]]), onstatechange: null as (() => void) | null };
    Object.defineProperty(navigator, 'requestMIDIAccess', { value: async () => access });
    window.testMidi = {
      plug() {
        access.inputs.set('1', Object.assign(input, { state: 'connected' }));
        access.onstatechange?.();
      },
      press: (...bytes) => input.onmidimessage?.({ data: Uint8Array.from(bytes) }),
      unplug() {
        input.state = 'disconnected';
        access.inputs.delete('1');
        access.onstatechange?.();
      },
    };
  });
