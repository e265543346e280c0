// What moves: levels, voices, spectrum and wave of the output, as often as the audio thread reports. Main thread.
import type { VoiceView } from '../../instrument/messages.ts';
import { eachVoice, type TimbrefoldNode } from '../node.ts';
import { METER } from '../thread-messages.ts';
import type { Host } from './host.ts';
import type { Models } from './models.ts';

const SPECTRUM_FFT = 4096;

export class Meters {
  private analyser: AnalyserNode | null = null;
  private readonly levelsDb = new Float32Array(SPECTRUM_FFT / 2);
  private readonly wave = new Float32Array(SPECTRUM_FFT);
  private watched = false;
  private restingFigures = '';

  constructor(
    private readonly host: Host,
    private readonly models: Models,
  ) {}

  attach(node: TimbrefoldNode): void {
    this.analyser = new AnalyserNode(node.context, {
      fftSize: SPECTRUM_FFT,
      smoothingTimeConstant: 0.3,
      minDecibels: -120,
    });
    node.hearBy(this.analyser);
  }

  /** Whether the UI wants the wave. */
  watch(wanted: boolean): void {
    this.watched = wanted;
  }

  take(meters: Float32Array): void {
    const voices: VoiceView[] = [];
    eachVoice(meters, (voice) => voices.push(voice));
    const resting = voices.length === 0 && meters[METER.peakLeft] === 0 && meters[METER.peakRight] === 0;
    const { load, decoding } = this.models;
    const figures = `${meters[METER.underruns]} ${load} ${decoding}`;
    // Silence that was shown already need not be painted thirty times a second.
    if (resting && figures === this.restingFigures) return;
    this.restingFigures = resting ? figures : '';
    this.host.emit({
      type: 'meters',
      peakLeft: meters[METER.peakLeft],
      peakRight: meters[METER.peakRight],
      voices,
      underruns: meters[METER.underruns],
      decoderLoad: load,
      decoderWaiting: decoding,
    });
    const { analyser } = this;
    if (!analyser) return;
    const { sampleRate } = analyser.context;
    if (!resting) {
      analyser.getFloatFrequencyData(this.levelsDb);
      this.host.emit({ type: 'spectrum', levelsDb: this.levelsDb, binHz: sampleRate / SPECTRUM_FFT });
    }
    if (!this.watched) return;
    analyser.getFloatTimeDomainData(this.wave);
    this.host.emit({ type: 'wave', samples: this.wave, sampleRate });
  }
}
