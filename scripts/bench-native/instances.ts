// What opening costs, once and ten times in one process, and what an instance costs that nobody plays.
import { median } from '../bench/measure.ts';
import type { Figure } from './figure.ts';
import { perform, timbrefold } from './host.ts';

const RUNS = 5;
const INSTANCES = 10;
const MIB = 2 ** 20;

export async function benchInstances(): Promise<Figure[]> {
  const common = { ...timbrefold(), score: { notes: [] } };
  const opened: { milliseconds: number; privateBytes: number }[][] = [];
  for (let i = 0; i < RUNS; i++)
    opened.push(
      (await perform({ ...common, blocks: [512], seconds: 0.1, offline: true, instances: INSTANCES })).instances,
    );
  const of = (index: number, what: 'milliseconds' | 'privateBytes'): number =>
    median(opened.map((instances) => instances[index][what]));
  const idle: number[] = [];
  for (let i = 0; i < RUNS; i++) {
    const answer = await perform({ ...common, blocks: [512], seconds: 5, offline: false, settleSeconds: 5 });
    idle.push((answer.audioSeconds + answer.otherSeconds) / answer.wallSeconds);
  }
  return [
    { name: 'First instance', value: of(0, 'milliseconds'), unit: 'ms', atMost: 400 },
    { name: 'First instance', value: of(0, 'privateBytes') / MIB, unit: 'MiB' },
    { name: 'Tenth instance', value: of(INSTANCES - 1, 'milliseconds'), unit: 'ms', atMost: 100 },
    { name: 'Tenth instance', value: of(INSTANCES - 1, 'privateBytes') / MIB, unit: 'MiB', atMost: 20 },
    { name: 'Idle, all threads', value: 100 * median(idle), unit: '% core', atMost: 0.3 },
  ];
}
