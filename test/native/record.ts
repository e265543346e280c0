// Plays scores on core.wasm in V8 and writes the transcripts that the native core has to repeat: tsx test/native/record.ts FOLDER
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  answer,
  bend,
  cc,
  fakeModel,
  LATENT,
  livelier,
  lively,
  off,
  on,
  type Row,
  render,
  richModel,
  set,
  type Timed,
  takeRows,
} from '../../dsp-core/test/control/fixture.ts';
import { Core } from '../../plugin/engine/core.ts';
import { parameters } from '../../plugin/instrument/parameters.ts';
import { EVENT } from '../../plugin/instrument/protocol.ts';
import { dist } from '../../scripts/build/paths.ts';
import { Transcript } from './transcript.ts';

const folder = process.argv[2];
if (!folder) {
  console.error('Say where the transcripts go: tsx test/native/record.ts FOLDER');
  process.exit(2);
}
const module = new WebAssembly.Module(readFileSync(join(dist, 'core.wasm')));

const latentOf = (i: number): Float32Array => Float32Array.from([Math.sin(i), Math.cos(i), i / 5, 0.2]);
const map = Array.from({ length: 12 }, (_, i) => ({ x: i / 11, y: (i * 0.37) % 1, latent: latentOf(i) }));

/** A small generator of numbers 0..1 (Lehmer's), so that the scores are the same each time. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 0x7fffffff;
    return state / 0x7fffffff;
  };
}

/** Chords, stealing, every parameter somewhere in its range, every kind of event, over `length` samples; no panic. */
function busyScore(length: number, seed: number): Timed[] {
  const random = numbers(seed);
  const at = (): number => Math.floor(random() * length);
  const score: Timed[] = [set(0, 'driftDepth', 0.4), set(0, 'releaseMs', 60), on(0, 60, 0.9), on(37, 67, 0.7)];
  for (let i = 0; i < 40; i++) {
    const key = 30 + Math.floor(random() * 60);
    const channel = Math.floor(random() * 4);
    const begin = at();
    score.push(on(begin, key, 0.1 + 0.9 * random(), channel), off(begin + Math.floor(0.3 * length), key, channel));
  }
  for (const { id, min, max } of parameters) {
    // Those that would leave little to hear keep their defaults.
    if (!['attackMs', 'gainDb', 'speed', 'freeze'].includes(id))
      score.push(set(at(), id, min + (max - min) * random()));
  }
  for (let channel = 0; channel < 4; channel++) {
    score.push(bend(at(), 2 * random() - 1, channel), cc(at(), 74, random(), channel), cc(at(), 64, 1, channel));
    score.push([at(), EVENT.pressure, channel, 0, random()], [at(), EVENT.keyPressure, channel, 60, random()]);
    score.push(cc(length - 1000, 64, 0, channel), cc(at(), 7, 0.5 + 0.5 * random(), channel));
  }
  return score.sort((a, b) => a[0] - b[0]);
}

/** A quiet piece that goes through the ways a voice may be played: glides, mono, legato, loops, unison, panic. */
const waysScore: Timed[] = [
  set(0, 'voiceMode', 1),
  set(0, 'glideMs', 40),
  on(100, 50),
  on(4000, 62, 0.8),
  off(8000, 62),
  set(9000, 'voiceMode', 2),
  on(9500, 57),
  off(12_000, 50),
  set(13_000, 'voiceMode', 0),
  set(13_000, 'unison', 8),
  set(13_000, 'spread', 1),
  on(13_500, 45, 0.5),
  set(15_000, 'loopMode', 2),
  set(16_000, 'speed', 4),
  set(16_500, 'freeze', 1),
  set(17_500, 'freeze', 0),
  bend(17_000, -1),
  set(18_000, 'formantShift', 7),
  set(19_000, 'stretch', 0.1),
  [22_000, EVENT.panic, 0, 0, 0],
  on(23_000, 69),
];

/** Frames with every column, a latent with detail, a tuning that leaves a key out, a path in beats under a tempo that changes. */
const richScore: Timed[] = [
  set(0, 'pathDepth', 0.8),
  set(0, 'pathSync', 1),
  set(0, 'pathBeats', 1),
  [0, EVENT.tempo, 0, 0, 140],
  on(64, 60, 0.9),
  on(64, 61),
  on(200, 64, 0.6),
  set(3000, 'driftDepth', 0.5),
  set(5000, 'pathReach', 1.7),
  on(6000, 70, 0.8, 1),
  off(9000, 64),
  [10_000, EVENT.songPosition, 0, 0, 17.25],
  set(12_000, 'naturalRelease', 0.4),
  off(13_000, 60),
  set(15_000, 'pathSync', 0),
  set(15_000, 'unison', 3),
  on(15_500, 50),
  set(18_000, 'releaseMs', 30),
  off(19_000, 70, 1),
];
const tuning = Array.from({ length: 128 }, (_, key) => (key === 61 ? null : 60 + ((key - 60) * 12) / 19));
const path = Array.from({ length: 24 }, (_, i) => 0.5 + 0.4 * Math.sin(i * 1.3));

interface Piece {
  sampleRate: number;
  seconds: number;
  score: (length: number) => readonly Timed[];
  blocks: readonly number[];
  interpolation?: 'lerp' | 'slerp';
  /** Everything a frame can carry, with a tuning and a path. */
  rich?: boolean;
}

const pieces: Record<string, Piece> = {};
for (const [i, sampleRate] of [22_050, 44_100, 48_000, 96_000, 192_000].entries()) {
  pieces[`busy-${sampleRate}`] = {
    sampleRate,
    seconds: 22_050 / sampleRate + 0.2,
    score: (length) => busyScore(length, 11 + i),
    blocks: [128, 509, 1, 64, 4096],
    interpolation: i % 2 === 0 ? 'lerp' : 'slerp',
  };
}
pieces.ways = { sampleRate: 48_000, seconds: 0.6, score: () => waysScore, blocks: [32, 480] };
pieces.rich = { sampleRate: 48_000, seconds: 0.6, score: () => richScore, blocks: [128, 77], rich: true };
pieces['rich-slerp'] = { ...pieces.rich, sampleRate: 44_100, blocks: [1024], interpolation: 'slerp' };

/** Strict mode, as a bounce goes: every frame is there before it is heard. */
function offline({ sampleRate, seconds, score, blocks, interpolation = 'lerp', rich = false }: Piece): Transcript {
  const transcript = new Transcript();
  const core = transcript.record(Core.fromModule(module));
  const length = Math.round(seconds * sampleRate);
  core.prepare(sampleRate, { seed: 20_240, strict: true });
  core.setModel(rich ? richModel({ map, interpolation }) : fakeModel({ map, interpolation }));
  core.setSound(latentOf(3), 0.4, 0.6);
  for (const corner of [0, 1, 2, 3] as const) core.setCorner(corner, latentOf(5 + corner));
  if (rich) {
    core.setTuning(tuning);
    core.setPath(path);
  }
  render(core, length, score(length), rich ? livelier : lively, blocks, () => transcript.state(core));
  transcript.state(core);
  return transcript;
}

/** Real time with a slow decoder: the attack cache fills, frames come late, the model changes under a sounding chord, then a reset. */
function live(): Transcript {
  const transcript = new Transcript();
  const core = transcript.record(Core.fromModule(module));
  core.prepare(48_000, { seed: 5 });
  core.setModel(fakeModel({ map }));
  core.setSound(new Float32Array(LATENT), 0.5, 0.5);
  const waiting: Row[] = [];
  const random = numbers(77);
  for (let block = 0; block < 300; block++) {
    if (block === 40) for (const key of [48, 55, 60, 64]) core.event(17, EVENT.noteOn, 0, key, 0.8);
    if (block === 120) core.setModel(fakeModel({ std: new Float32Array(LATENT).fill(0.5) }), 1);
    if (block === 121) core.setSound(latentOf(2), 0.2, 0.9);
    if (block === 150) core.event(0, EVENT.noteOn, 1, 72, 1);
    if (block === 220) core.reset();
    if (block === 230) core.event(99, EVENT.noteOn, 0, 40, 0.6);
    // From block 180 on the host's blocks are eight times as long for a while.
    core.announceBlock(block >= 180 && block < 210 ? 1024 : 128);
    core.process(128);
    waiting.push(...takeRows(core, 64));
    // Between blocks 100 and 110 the decoder sleeps; otherwise it answers some of what is asked.
    if (block < 100 || block > 110) answer(core, waiting.splice(0, Math.ceil(random() * 48)), lively);
    if (block % 10 === 0) transcript.state(core);
  }
  return transcript;
}

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
for (const [name, piece] of Object.entries(pieces)) {
  writeFileSync(join(folder, `${name}.transcript`), offline(piece).finish());
}
writeFileSync(join(folder, 'live.transcript'), live().finish());
