// The door to the native side: JUCE's native events, each with one message as the text of the wire.
import { readWire, writeWire } from './wire.ts';

/** What JUCE 8 puts into `window.__JUCE__` of a view with native integration. */
export interface JuceBackend {
  addEventListener(eventId: string, listener: (payload: unknown) => void): unknown;
  emitEvent(eventId: string, payload: unknown): void;
}

declare global {
  interface Window {
    __JUCE__?: { backend: JuceBackend };
  }
}

/** UiRequest one way, HostMessage the other: the conversation of plugin/instrument/messages.ts. */
export const INSTRUMENT_EVENT = 'timbrefold';
/** What only a native editor needs to say: view-messages.ts. */
export const VIEW_EVENT = 'timbrefold-view';

export interface NativePort {
  send(event: string, message: object): void;
  listen(event: string, listener: (message: unknown) => void): void;
}

/** @throws Error where the page was not opened by the plug-in */
export function nativePort(backend: JuceBackend | undefined): NativePort {
  if (!backend) throw new Error('This page is the face of the plug-in and can only be opened by it.');
  return {
    send: (event, message) => backend.emitEvent(event, writeWire(message)),
    listen: (event, listener) => {
      backend.addEventListener(event, (payload) => {
        if (typeof payload === 'string') listener(readWire(payload));
      });
    },
  };
}
