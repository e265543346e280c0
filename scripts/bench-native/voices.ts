// Processor time of sixteen voices in real time, ours and others': the same notes, the same host, the same run.
import { median } from '../bench/measure.ts';
import type { Figure } from './figure.ts';
import { type Answer, perform, type Request, timbrefold } from './host.ts';
import { sixteenMovingVoices, sixteenVoices, VOICES } from './score.ts';

const RUNS = 5;
const SECONDS = 5;

const PEERS: Record<string, Pick<Request, 'lv2' | 'dssi'>> = {
  'zynaddsubfx, Analog Pad 1': {
    lv2: {
      bundle: '',
      uri: 'http://zynaddsubfx.sourceforge.net',
      preset: 'http://zynaddsubfx.sourceforge.net#preset_Pads_0003-Analog%20Pad%201',
    },
  },
  'zynaddsubfx, Bass 1': {
    lv2: {
      bundle: '',
      uri: 'http://zynaddsubfx.sourceforge.net',
      preset: 'http://zynaddsubfx.sourceforge.net#preset_Bass_0001-Bass%201',
    },
  },
  'amsynth, first program': { dssi: { library: '/usr/lib/dssi/amsynth_dssi.so', bank: 0, program: 0 } },
};

async function runs(request: Omit<Request, 'sampleRate' | 'blocks' | 'seconds' | 'offline'>): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let i = 0; i < RUNS; i++)
    answers.push(
      await perform({
        sampleRate: 48_000,
        blocks: [128],
        seconds: SECONDS,
        offline: false,
        settleSeconds: 3,
        ...request,
      }),
    );
  return answers;
}

const share = (answers: readonly Answer[], of: (answer: Answer) => number): number =>
  100 * median(answers.map((answer) => of(answer) / answer.wallSeconds));

export async function benchVoices(): Promise<Figure[]> {
  const moving = await runs({ ...timbrefold(), score: sixteenMovingVoices() });
  const still = await runs({ ...timbrefold(), score: sixteenVoices() });
  const both = (answer: Answer): number => answer.audioSeconds + answer.otherSeconds;
  const figures: Figure[] = [
    { name: '16 moving voices, audio thread', value: share(moving, (a) => a.audioSeconds), unit: '% core', atMost: 4 },
    { name: '16 moving voices, decoder', value: share(moving, (a) => a.otherSeconds), unit: '% core', atMost: 8 },
    { name: '16 voices as struck, audio thread', value: share(still, (a) => a.audioSeconds), unit: '% core' },
    { name: '16 voices as struck, decoder', value: share(still, (a) => a.otherSeconds), unit: '% core' },
    { name: 'One voice, all threads', value: share(still, both) / VOICES, unit: '% core' },
  ];
  for (const [name, peer] of Object.entries(PEERS)) {
    const theirs = share(await runs({ ...peer, score: sixteenVoices() }), both);
    figures.push({ name: `${name}: one voice, all threads`, value: theirs / VOICES, unit: '% core' });
    figures.push({ name: `Ours against ${name}`, value: share(still, both) / theirs, unit: 'x' });
  }
  return figures;
}
