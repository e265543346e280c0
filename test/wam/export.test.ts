// What a UI can ask of the module beside playing: exports in a Worker with progress and cancel, and a decoder that is lost and found.
import { unzipSync } from 'fflate';
import type { Page } from 'playwright-core';
import type { ExportJob, HostMessage, UiRequest } from '../../plugin/instrument/messages.ts';
import { midiFile, note } from '../support/midi.ts';
import { ModuleUnderTest } from './module-under-test.ts';

interface Answers {
  stages: string[];
  text: string;
  fileName: string;
  bytes: number[];
}

/** Asks for an export and waits for its end; `cancelAt` cancels at the first progress of at least that share. */
async function exported(page: Page, job: ExportJob, cancelAt = 2): Promise<Answers> {
  return page.evaluate(
    async ({ job, cancelAt }) => {
      const { instrument } = (window.host?.wams[0] ?? {}) as unknown as {
        instrument: { send(request: UiRequest): void; subscribe(listener: (message: HostMessage) => void): () => void };
      };
      const answers: Answers = { stages: [], text: '', fileName: '', bytes: [] };
      let file: Blob | null = null;
      await new Promise<void>((resolve) => {
        instrument.subscribe((message) => {
          if (message.type === 'exported') {
            answers.fileName = message.fileName;
            file = message.data;
          }
          if (message.type !== 'export') return;
          answers.stages.push(message.stage);
          answers.text = message.text;
          if (message.stage !== 'working') resolve();
          else if (message.progress >= cancelAt) instrument.send({ type: 'cancelExport' });
        });
        const whole = job.kind === 'midi' ? { ...job, bytes: Uint8Array.from(job.bytes as never).buffer } : job;
        instrument.send({ type: 'export', job: whole, format: { sampleRate: 48_000, bits: '16' } });
      });
      if (file) answers.bytes = Array.from(new Uint8Array(await (file as Blob).arrayBuffer()));
      return answers;
    },
    { job, cancelAt },
  );
}

describe('the module', () => {
  let under: ModuleUnderTest;
  let page: Page;
  beforeAll(async () => {
    under = await ModuleUnderTest.build();
    ({ page } = await under.open());
  });
  afterAll(() => under?.close());

  test('exports a MIDI file as WAV while it goes on playing', async () => {
    const bytes = Array.from(midiFile([note(0, 60, 960)])) as unknown as ArrayBuffer;
    const { stages, text, fileName, bytes: wav } = await exported(page, { kind: 'midi', fileName: 'Tune.mid', bytes });
    expect(stages.at(-1)).toBe('done');
    expect(stages).toContain('working');
    expect(fileName).toBe('plain-tune.wav');
    expect(text).toMatch(/^1 note, .* s, peak -/);
    expect(Buffer.from(wav).toString('latin1', 0, 4)).toBe('RIFF');
    expect(wav.length).toBeGreaterThan(48_000 * 4);
  });

  test('exports a multisample whose zip a sampler can read', async () => {
    const job: ExportJob = { kind: 'multisample', lowKey: 60, highKey: 63, step: 3, layers: 1, seconds: 1 };
    const { stages, bytes } = await exported(page, job);
    expect(stages.at(-1)).toBe('done');
    expect(Object.keys(unzipSync(Uint8Array.from(bytes)))).toEqual([
      'plain/samples/C4-1.wav',
      'plain/samples/Ds4-1.wav',
      'plain/plain.sfz',
    ]);
  });

  test('ends an export when told to, and says in a sentence why another cannot be made', async () => {
    const job: ExportJob = { kind: 'multisample', lowKey: 24, highKey: 96, step: 1, layers: 4, seconds: 4 };
    const cancelled = await exported(page, job, 0);
    expect(cancelled.stages.at(-1)).toBe('cancelled');
    expect(cancelled.bytes).toEqual([]);
    const silent = [0x4d, 0x54, 0x68, 0x64] as unknown as ArrayBuffer;
    const refused = await exported(page, { kind: 'midi', fileName: 'broken.mid', bytes: silent });
    expect(refused.stages.at(-1)).toBe('failed');
    expect(refused.text).toContain('The MIDI file broken.mid cannot be played');
  });
});
