// Frames a second that the decoder gives at several batch sizes, on one thread.
import { FRAME_HEADER, ROW, ROW_HEADER } from '../../plugin/instrument/protocol.ts';
import type { Decoder } from '../../plugin/model/decoder.ts';
import { medianOf } from './measure.ts';
import type { Row } from './row.ts';

/** Frames decoded for one figure. */
const FRAMES = 2048;

export async function benchDecoder(decoder: Decoder): Promise<Row[]> {
  const rows: Row[] = [];
  for (const batch of [1, 16, 64]) {
    const size = ROW_HEADER + decoder.latentDim;
    const requests = new Float32Array(batch * size);
    for (let i = 0; i < batch; i++) {
      requests[i * size + ROW.pitch] = 36 + ((i * 5) % 60);
      requests[i * size + ROW.velocity] = 0.8;
      requests[i * size + ROW.tau] = (i * 3) / batch;
    }
    const frames = new Float32Array(batch * (FRAME_HEADER + decoder.frameSize));
    const perSecond = await medianOf(async () => {
      const before = performance.now();
      for (let done = 0; done < FRAMES; done += batch) await decoder.decode(requests, batch, frames);
      return FRAMES / ((performance.now() - before) / 1000);
    });
    rows.push({ name: `decoder, batch ${batch}`, value: perSecond, unit: 'frames/s' });
  }
  return rows;
}
