// Rows reach the decoder and frames come back, over both links: in order, complete, sounding voices before the attack cache.

import { MessageChannel } from 'node:worker_threads';
import { describe, expect, test } from '@jest/globals';
import { FRAME_HEADER, MAX_FRAME, MAX_LATENT, ROW, ROW_HEADER } from '../instrument/protocol.ts';
import type { Decoder } from '../model/decoder.ts';
import { type AudioEnd, type DecoderEnd, FRAME_RECORD, ROW_RECORD } from './decoder-link.ts';
import { DecoderLoop } from './decoder-loop.ts';
import { MessageAudioEnd, MessageDecoderEnd } from './message-link.ts';
import { allocateRingLink, RingAudioEnd, RingDecoderEnd } from './ring-link.ts';

const DIM = 3;
const FRAME = 4;
const ROW_SIZE = ROW_HEADER + DIM;
const FRAME_SIZE = FRAME_HEADER + FRAME;

/** Repeats z and adds the pitch; remembers how large its batches were. */
class EchoDecoder implements Decoder {
  readonly latentDim = DIM;
  readonly frameSize = FRAME;
  readonly batches: number[] = [];
  async decode(rows: Float32Array, count: number, frames: Float32Array): Promise<void> {
    this.batches.push(count);
    for (let i = 0; i < count; i++) {
      for (let k = 0; k < FRAME_HEADER; k++) frames[i * FRAME_SIZE + k] = rows[i * ROW_SIZE + k];
      for (let k = 0; k < DIM; k++) frames[i * FRAME_SIZE + FRAME_HEADER + k] = rows[i * ROW_SIZE + ROW.z + k];
      frames[i * FRAME_SIZE + FRAME_HEADER + DIM] = rows[i * ROW_SIZE + ROW.pitch];
    }
  }
  async dispose(): Promise<void> {}
}

/** Row n of a voice, or of the cache. */
function rowOf(n: number, priority: number, slot = 0): number[] {
  return [slot, priority > 0 ? -1 : n % 16, n, 0, 0, 60 + n, 1, priority, n, n + 0.25, n + 0.5];
}

interface Ends {
  audio: AudioEnd;
  decoder: DecoderEnd;
  close(): void;
}

const links: [string, () => Ends][] = [
  [
    'rings',
    () => {
      const memory = allocateRingLink();
      return { audio: new RingAudioEnd(memory), decoder: new RingDecoderEnd(memory), close: () => {} };
    },
  ],
  [
    'messages',
    () => {
      const { port1, port2 } = new MessageChannel();
      const ends = {
        audio: new MessageAudioEnd(port1 as unknown as MessagePort),
        decoder: new MessageDecoderEnd(port2 as unknown as MessagePort),
      };
      return { ...ends, close: () => port1.close() };
    },
  ],
];

describe.each(links)('over %s', (_, connect) => {
  /** Sends all rows as fast as the link takes them and collects serial numbers of the frames in order of arrival. */
  async function exchange(
    ends: Ends,
    loop: DecoderLoop,
    rows: number[][],
    onFrame?: (frame: Float32Array) => void,
    allAtOnce = false,
  ): Promise<number[]> {
    const packed = Float32Array.from(rows.flat());
    const frames = new Float32Array(64 * FRAME_SIZE);
    const serials: number[] = [];
    let sent = allAtOnce ? ends.audio.sendRows(packed, 0, rows.length, ROW_SIZE) : 0;
    // Messages that are under way arrive before the decoder looks.
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    const running = loop.run();
    while (serials.length < rows.length) {
      if (sent < rows.length) sent += ends.audio.sendRows(packed, sent * ROW_SIZE, rows.length - sent, ROW_SIZE);
      const got = ends.audio.receiveFrames(frames, 0, 64, FRAME_SIZE);
      for (let i = 0; i < got; i++) {
        const frame = frames.subarray(i * FRAME_SIZE, (i + 1) * FRAME_SIZE);
        serials.push(frame[2]);
        onFrame?.(frame);
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    await loop.stop();
    await running;
    return serials;
  }

  test('every row is answered once, with its own header and content', async () => {
    const ends = connect();
    const decoder = new EchoDecoder();
    const rows = Array.from({ length: 3000 }, (_, n) => rowOf(n, 0));
    const serials = await exchange(ends, new DecoderLoop(ends.decoder, () => decoder), rows, (frame) => {
      const n = frame[2];
      expect([...frame]).toEqual([0, n % 16, n, 0, n, n + 0.25, n + 0.5, 60 + n]);
    });
    expect(serials).toEqual(Array.from({ length: 3000 }, (_, n) => n));
    expect(Math.max(...decoder.batches)).toBeGreaterThan(1);
    ends.close();
  });

  test('the widest rows and frames pass whole, as many as one message holds and more', async () => {
    const ends = connect();
    const wide: Decoder = {
      latentDim: MAX_LATENT,
      frameSize: MAX_FRAME,
      decode: async (rows, count, frames) => {
        for (let i = 0; i < count; i++) {
          const row = i * ROW_RECORD;
          const frame = i * FRAME_RECORD;
          for (let k = 0; k < FRAME_HEADER; k++) frames[frame + k] = rows[row + k];
          for (let k = 0; k < MAX_FRAME; k++) frames[frame + FRAME_HEADER + k] = rows[row + ROW_RECORD - 1 - k];
        }
      },
      dispose: async () => {},
    };
    const count = 100;
    const number = (n: number, k: number): number => n * 1000 + k;
    const rows = Float32Array.from(
      Array.from({ length: count }, (_, n) => [
        ...[0, 0, n, 0, 0, 60, 1, 0],
        ...Array.from({ length: MAX_LATENT }, (_, k) => number(n, k)),
      ]).flat(),
    );
    const loop = new DecoderLoop(ends.decoder, () => wide);
    const running = loop.run();
    const frames = new Float32Array(64 * FRAME_RECORD);
    for (let got = 0, sent = 0; got < count; ) {
      sent += ends.audio.sendRows(rows, sent * ROW_RECORD, count - sent, ROW_RECORD);
      const came = ends.audio.receiveFrames(frames, 0, 64, FRAME_RECORD);
      for (let i = 0; i < came; i++, got++) {
        const frame = frames.subarray(i * FRAME_RECORD, (i + 1) * FRAME_RECORD);
        expect(frame[2]).toBe(got);
        expect(frame.subarray(FRAME_HEADER).every((value, k) => value === number(got, MAX_LATENT - 1 - k))).toBe(true);
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    await loop.stop();
    await running;
    ends.close();
  });

  test('sounding voices overtake a waiting attack cache', async () => {
    const ends = connect();
    const decoder = new EchoDecoder();
    const rows = Array.from({ length: 300 }, (_, n) => rowOf(n, n < 290 ? 1 : 0));
    const serials = await exchange(ends, new DecoderLoop(ends.decoder, () => decoder), rows, () => {}, true);
    expect(serials.slice(0, 10)).toEqual([290, 291, 292, 293, 294, 295, 296, 297, 298, 299]);
    expect([...serials].sort((a, b) => a - b)).toEqual(Array.from({ length: 300 }, (_, n) => n));
    ends.close();
  });

  test('rows of a model that is gone are dropped, the others answered', async () => {
    const ends = connect();
    const decoder = new EchoDecoder();
    const packed = Float32Array.from([rowOf(1, 0, 0), rowOf(2, 0, 1), rowOf(3, 0, 0)].flat());
    const loop = new DecoderLoop(ends.decoder, (slot) => (slot === 0 ? decoder : undefined));
    const running = loop.run();
    ends.audio.sendRows(packed, 0, 3, ROW_SIZE);
    const frames = new Float32Array(8 * FRAME_SIZE);
    const serials: number[] = [];
    while (serials.length < 2) {
      const got = ends.audio.receiveFrames(frames, 0, 8, FRAME_SIZE);
      for (let i = 0; i < got; i++) serials.push(frames[i * FRAME_SIZE + 2]);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(serials).toEqual([1, 3]);
    await loop.stop();
    await running;
    ends.close();
  });

  test('a failing decoder ends the loop with its sentence', async () => {
    const ends = connect();
    const broken: Decoder = {
      latentDim: DIM,
      frameSize: FRAME,
      decode: async () => {
        throw new Error('The model stumbled.');
      },
      dispose: async () => {},
    };
    const loop = new DecoderLoop(ends.decoder, () => broken);
    ends.audio.sendRows(Float32Array.from(rowOf(1, 0)), 0, 1, ROW_SIZE);
    await expect(loop.run()).rejects.toThrow('The model stumbled.');
    ends.close();
  });
});

test('messages: the pool of buffers stays full however long it runs', async () => {
  const { audio, decoder: end, close } = links[1][1]();
  const decoder = new EchoDecoder();
  const loop = new DecoderLoop(end, () => decoder);
  const running = loop.run();
  const frames = new Float32Array(64 * FRAME_SIZE);
  for (let round = 0; round < 400; round++) {
    // Mixed priorities split a buffer into two answers, so buffers come back one more than were sent.
    const rows = Float32Array.from([rowOf(1, 0), rowOf(2, 1), rowOf(3, 0)].flat());
    expect(audio.sendRows(rows, 0, 3, ROW_SIZE)).toBe(3);
    for (let got = 0; got < 3; ) {
      got += audio.receiveFrames(frames, 0, 64, FRAME_SIZE);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  await loop.stop();
  await running;
  close();
});
