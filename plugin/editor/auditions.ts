// What is heard beside the instrument: a sound played as a note, or a take of the encoded sound. By the view's own output, since a host gives a plug-in one.
import { ANALYSIS_RATE } from '../analysis/layout.ts';
import type { Audition, UiRequest } from '../instrument/messages.ts';

export interface AuditionTools {
  /** Samples of a note of the present model, at ANALYSIS_RATE; null where there is no sound yet. */
  render(sound: Extract<Audition, { latent: readonly number[] }>): Promise<readonly Float32Array<ArrayBuffer>[] | null>;
  /** Mono at ANALYSIS_RATE; null before there is an encoded sound. */
  take(take: 'original' | 'resynthesis'): Float32Array<ArrayBuffer> | null;
  /** Plays channels at ANALYSIS_RATE at once; returns the way to stop. */
  play(channels: readonly Float32Array<ArrayBuffer>[]): () => void;
  /** One sentence for the musician. */
  say(text: string): void;
}

export class Auditions {
  private serial = 0;
  private stop: (() => void) | null = null;

  constructor(private readonly tools: AuditionTools) {}

  /** True where `request` was about auditions. */
  take(request: UiRequest): boolean {
    if (request.type === 'audition') void this.begin(request.sound);
    else if (request.type === 'endAudition') this.end();
    else return false;
    return true;
  }

  private async begin(sound: Audition): Promise<void> {
    this.end();
    const { serial } = this;
    try {
      const take = 'take' in sound ? this.tools.take(sound.take) : null;
      const channels = 'take' in sound ? take && [take] : await this.tools.render(sound);
      // While the note was rendered somebody may have wished for another, or for silence.
      if (channels && serial === this.serial) this.stop = this.tools.play(channels);
    } catch (error) {
      this.tools.say(
        `The sound could not be played beside the instrument: ${error instanceof Error ? error.message : error}`,
      );
    }
  }

  private end(): void {
    this.serial++;
    this.stop?.();
    this.stop = null;
  }
}

/** By Web Audio, with a few milliseconds of fading where it is cut off. */
export function playByView(channels: readonly Float32Array<ArrayBuffer>[]): () => void {
  const FADE_S = 0.01;
  const context = new AudioContext({ sampleRate: ANALYSIS_RATE });
  const buffer = new AudioBuffer({
    numberOfChannels: channels.length,
    length: channels[0].length,
    sampleRate: ANALYSIS_RATE,
  });
  for (const [channel, samples] of channels.entries()) buffer.copyToChannel(samples, channel);
  const gain = new GainNode(context);
  const source = new AudioBufferSourceNode(context, { buffer });
  source.connect(gain).connect(context.destination);
  source.onended = () => void context.close();
  source.start();
  return () => {
    if (context.state === 'closed') return;
    gain.gain.setTargetAtTime(0, context.currentTime, FADE_S / 3);
    source.stop(context.currentTime + FADE_S);
  };
}
