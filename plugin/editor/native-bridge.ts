// The UI's end of the conversation with the native instrument; helpers in the view answer what is theirs before the native side is asked.
import type { Bridge, HostMessage, UiRequest } from '../instrument/messages.ts';
import { INSTRUMENT_EVENT, type NativePort, VIEW_EVENT } from './native-port.ts';
import type { FromView } from './view-messages.ts';

/** Answers some requests in the view itself: true where `request` was one of them. */
export interface Helper {
  take(request: UiRequest): boolean;
}

const MOVING: ReadonlySet<HostMessage['type']> = new Set(['meters', 'spectrum', 'wave']);

export class NativeBridge implements Bridge {
  private readonly listeners = new Set<(message: HostMessage) => void>();
  private readonly helpers: Helper[] = [];
  private painting = false;

  constructor(
    private readonly port: NativePort,
    /** Calls back when what was just received has been painted. */
    private readonly afterPaint: (then: () => void) => void,
  ) {
    port.listen(INSTRUMENT_EVENT, (message) => this.receive(message as HostMessage));
  }

  /** Asks `helper` before the native side, from now on. */
  employ(helper: Helper): void {
    this.helpers.push(helper);
  }

  send(request: UiRequest): void {
    if (!this.helpers.some((helper) => helper.take(request))) this.tell(request);
  }

  /** Straight to the native side. */
  tell(request: UiRequest): void {
    this.port.send(INSTRUMENT_EVENT, request);
  }

  subscribe(listener: (message: HostMessage) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Hands a message to the UI: the native side's, or a helper's. */
  receive(message: HostMessage): void {
    for (const listener of this.listeners) listener(message);
    if (!MOVING.has(message.type) || this.painting) return;
    // The native side sends the next picture when this one is on the screen: a busy view is never flooded.
    this.painting = true;
    this.afterPaint(() => {
      this.painting = false;
      this.port.send(VIEW_EVENT, { type: 'shown' } satisfies FromView);
    });
  }
}
