// What the UI talks to where no audio can be had: it says so, once, and stays quiet.
import type { Bridge, HostMessage } from '../instrument/messages.ts';

export function silentBridge(sentence: string): Bridge {
  const listeners = new Set<(message: HostMessage) => void>();
  const emit = (message: HostMessage): void => {
    for (const listener of listeners) listener(message);
  };
  return {
    send(request) {
      if (request.type !== 'hello') return;
      emit({ type: 'audio', state: 'none' });
      emit({ type: 'notice', id: 'audio', tone: 'error', text: sentence });
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
