// The text of an .sfz: which sample plays for which key and velocity. SFZ 1 with the velocity curve of ARIA, as sfizz, Sforzando and others read it.
import type { Loop } from './wav-format.ts';

export interface SfzRegion {
  file: string;
  /** Key at which it was played. */
  key: number;
  lowKey: number;
  highKey: number;
  /** MIDI velocities, 1..127; it was played at the highest. */
  lowVelocity: number;
  highVelocity: number;
  loop: Loop | null;
}

export interface SfzSound {
  name: string;
  model: string;
  releaseSeconds: number;
  bendSemitones: number;
  /** dB between velocity 0 and 127. */
  velocityDb: number;
  regions: readonly SfzRegion[];
}

const short = (value: number): string => String(Number(value.toPrecision(5)));

export function writeSfz(sound: SfzSound): string {
  const lines = [
    `// ${oneLine(sound.name)}: played by Timbrefold with the model ${oneLine(sound.model)}.`,
    '<global>',
    `ampeg_release=${short(sound.releaseSeconds)}`,
    `bend_up=${sound.bendSemitones * 100} bend_down=${-sound.bendSemitones * 100}`,
    '',
  ];
  for (const region of sound.regions) {
    // Inside a layer the level goes on falling with the velocity, as the instrument's own does.
    const quietest = 10 ** ((sound.velocityDb * (region.lowVelocity - region.highVelocity)) / 127 / 20);
    lines.push(
      `<region> sample=${region.file}`,
      `lokey=${region.lowKey} hikey=${region.highKey} pitch_keycenter=${region.key} lovel=${region.lowVelocity} hivel=${region.highVelocity}`,
      `amp_velcurve_${region.lowVelocity}=${short(quietest)} amp_velcurve_${region.highVelocity}=1`,
      region.loop
        ? `loop_mode=loop_continuous loop_start=${region.loop.start} loop_end=${region.loop.end}`
        : 'loop_mode=no_loop',
      '',
    );
  }
  return lines.join('\n');
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ');
