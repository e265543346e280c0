// What plays, as the native instrument says it: for what the view makes of the sound by itself (pictures, exports).
import type { HostMessage, ModelView, SoundState, Tuning } from '../instrument/messages.ts';

type Of<T extends HostMessage['type']> = Extract<HostMessage, { type: T }>;

export class SoundMirror {
  model: ModelView | null = null;
  tuning: Tuning | null = null;
  private preset: Of<'sound'>['preset'] | null = null;
  private corners: Of<'corners'>['corners'] = [];
  private path: Of<'path'>['path'] = [];
  private readonly values = new Map<string, number>();

  receive(message: HostMessage): void {
    if (message.type === 'parameters') {
      for (const [id, value] of Object.entries(message.values)) this.values.set(id, value);
    } else if (message.type === 'model') this.model = message.model;
    else if (message.type === 'sound') this.preset = message.preset;
    else if (message.type === 'corners') this.corners = message.corners;
    else if (message.type === 'path') this.path = message.path;
    else if (message.type === 'tuning') this.tuning = message.tuning;
  }

  /** Null before there is a sound. */
  state(): SoundState | null {
    const { preset, corners, path } = this;
    return preset && { preset, corners: [...corners], values: Object.fromEntries(this.values), path };
  }
}
