// What the core needs of a bundle: sizes, places inside a frame, what macros and map mean. Fits `Core.setModel`.
import type { CoreModel } from '../engine/core.ts';
import { type Bundle, frameSize } from './bundle.ts';

export function coreModel({ manifest, map }: Pick<Bundle, 'manifest' | 'map'>): CoreModel {
  const { latent, output, time, conditioning, macros } = manifest;
  const offsets = new Map<string, number>();
  let at = 0;
  for (const { name, size } of output.layout) {
    offsets.set(name, at);
    at += size;
  }
  const sizeOf = (name: string): number => output.layout.find((part) => part.name === name)?.size ?? 0;
  return {
    latentDim: latent.dim,
    latentDetail: latent.detail ?? 0,
    partials: sizeOf('partials'),
    noiseBands: sizeOf('noise'),
    frameSize: frameSize(manifest),
    partialOffset: offsets.get('partials') ?? 0,
    noiseOffset: offsets.get('noise') ?? 0,
    centsOffset: offsets.get('cents') ?? -1,
    inharmonicityOffset: offsets.get('inharmonicity') ?? -1,
    detunesOffset: offsets.get('detunes') ?? -1,
    detunes: sizeOf('detunes'),
    vibratoOffset: offsets.get('vibrato') ?? -1,
    releaseOffset: offsets.get('release') ?? -1,
    maxSeconds: time.maxSeconds,
    sustainStart: time.sustain[0],
    sustainEnd: time.sustain[1],
    pitchLow: conditioning.range[0],
    pitchHigh: conditioning.range[1],
    interpolation: latent.interpolation,
    mean: Float32Array.from(latent.mean),
    std: Float32Array.from(latent.std),
    macros: macros.map(({ direction }) => Float32Array.from(direction)),
    map: map.points.map(({ x, y, latent: z }) => ({ x, y, latent: Float32Array.from(z) })),
  };
}
