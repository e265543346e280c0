// How long one call takes at the block sizes hosts use, whether any size is a cliff, and whether frames come in time at each.
import { join } from 'node:path';
import { root } from '../build/paths.ts';
import type { Figure } from './figure.ts';
import { perform, timbrefold } from './host.ts';
import { sixteenHeldVoices, sixteenMovingVoices } from './score.ts';

const PERCENTILE_SIZES = [64, 128, 512, 2048];
const PERCENTILE_SECONDS = 20;
const SIZES = Array.from({ length: 14 }, (_, i) => 2 ** i);
const CLIFF_SECONDS = 3;
const LATE_SIZES = [128, 512, 1024, 2048, 4096, 8192];
const LATE_SECONDS = 4;

export async function benchBlocks(): Promise<Figure[]> {
  const figures: Figure[] = [];
  const common = { ...timbrefold(), offline: false, settleSeconds: 2, score: sixteenMovingVoices() };
  for (const block of PERCENTILE_SIZES) {
    const { blockMicroseconds } = await perform({ ...common, blocks: [block], seconds: PERCENTILE_SECONDS });
    const blockLength = (1e6 * block) / common.sampleRate;
    figures.push({
      name: `processBlock of ${block}: p99.9 of its time`,
      value: (100 * blockMicroseconds.p999) / blockLength,
      unit: '% block',
      atMost: 30,
    });
  }
  for (const block of SIZES) {
    const { audioSeconds, wallSeconds } = await perform({ ...common, blocks: [block], seconds: CLIFF_SECONDS });
    figures.push({
      name: `16 moving voices in blocks of ${block}, audio thread`,
      value: (100 * audioSeconds) / wallSeconds,
      unit: '% core',
    });
  }
  for (const block of LATE_SIZES) {
    const { lateFrames } = await perform({
      engine: { bundle: join(root, 'models', 'atlas.timbre') },
      sampleRate: common.sampleRate,
      blocks: [block],
      seconds: LATE_SECONDS,
      offline: false,
      settleSeconds: 4,
      score: sixteenHeldVoices(LATE_SECONDS),
      // The block in which the notes begin cannot have what is asked for in it.
      lateFrom: block / common.sampleRate,
    });
    figures.push({
      name: `16 moving voices in blocks of ${block}, frames late`,
      value: lateFrames,
      unit: 'frames',
      atMost: 0,
    });
  }
  return figures;
}
