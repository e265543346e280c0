// How many times faster than real time sixteen voices are bounced, decoder included.
import { Core, type CoreModel } from '../../plugin/engine/core.ts';
import { OfflineEngine, type TimedEvent } from '../../plugin/engine/offline.ts';
import { EVENT } from '../../plugin/instrument/protocol.ts';
import type { Decoder } from '../../plugin/model/decoder.ts';
import { medianOf } from './measure.ts';
import type { Row } from './row.ts';

const RATE = 48_000;
const SECONDS = 4;
const VOICES = 16;

export async function benchBounce(module: WebAssembly.Module, model: CoreModel, decoder: Decoder): Promise<Row[]> {
  const notes: TimedEvent[] = Array.from({ length: VOICES }, (_, voice) => ({
    frame: voice * 64,
    kind: EVENT.noteOn,
    channel: 0,
    key: 36 + 3 * voice,
    value: 0.8,
  }));
  const times = await medianOf(async () => {
    const engine = new OfflineEngine({
      core: Core.fromModule(module),
      decoder,
      model,
      sampleRate: RATE,
      latent: model.mean,
      mapX: 0.5,
      mapY: 0.5,
    });
    const before = performance.now();
    await engine.render(notes, RATE * SECONDS, () => undefined, { block: 512 });
    const spent = (performance.now() - before) / 1000;
    if (engine.activeVoices !== VOICES)
      throw new Error(`The bounce ended with ${engine.activeVoices} of ${VOICES} voices.`);
    return SECONDS / spent;
  });
  return [{ name: `bounce of ${VOICES} voices, decoder included`, value: times, unit: 'x real time' }];
}
