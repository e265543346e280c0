// What the rooms of the instrument share: the way to the UI, and the voice once audio has started.
import type { HostMessage } from '../../instrument/messages.ts';
import type { TimbrefoldNode } from '../node.ts';

export interface Voice {
  node: TimbrefoldNode;
  core: WebAssembly.Module;
}

export interface Host {
  /** Absent until audio has started, and for ever where there is none: everything but the sound works without it. */
  readonly voice: Voice | null;
  emit(message: HostMessage): void;
  /** One sentence for the musician; a later one of the same id takes its place. */
  say(id: string, tone: 'information' | 'error', text: string): void;
  /** Says what an error has to say. */
  refuse(id: string, error: unknown): void;
}
