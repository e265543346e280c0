// Runs timbrefold-host (native-shell/hosts): one request, one process, one answer.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { SetupError } from '../bootstrap.mjs';
import { lv2 } from '../native/artefacts.ts';
import { folderOf } from '../native/cmake.ts';

/** [seconds, status, data1, data2] and [seconds, parameter, plain value]. */
export interface Score {
  notes: [number, number, number, number][];
  moves?: [number, string, number][];
  repeatSeconds?: number;
}

/** As native-shell/hosts/Performance.h says. */
export interface Request {
  lv2?: { bundle: string; uri: string; preset?: string };
  dssi?: { library: string; bank: number; program: number };
  engine?: { bundle: string };
  sampleRate: number;
  blocks: number[];
  seconds: number;
  offline: boolean;
  settleSeconds?: number;
  instances?: number;
  score: Score;
  audio?: string;
  keep?: [number, number][];
  memoryEvery?: number;
  lateFrom?: number;
}

export interface Answer {
  instances: { milliseconds: number; privateBytes: number }[];
  latency: number;
  firstSoundSample: number;
  peak: number;
  notFinite: number;
  /** 0 where the format does not tell. */
  lateFrames: number;
  blockMicroseconds: { median: number; p999: number; max: number };
  /** Processor time of the thread that calls the instrument, in its calls, and of all other threads but the host's own work. */
  audioSeconds: number;
  otherSeconds: number;
  wallSeconds: number;
  seconds: number;
  privateBytes: number[];
}

/** The instrument, and what most requests have in common. */
export const timbrefold = (): { lv2: { bundle: string; uri: string }; sampleRate: number } => ({
  lv2: { bundle: lv2(), uri: 'urn:timbrefold:instrument' },
  sampleRate: 48_000,
});

/** @throws SetupError with the host's sentence */
export function perform(request: Request): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const child = spawn(join(folderOf('release'), 'hosts', 'timbrefold-host'), {
      stdio: ['pipe', 'pipe', 'pipe'],
      // A display that is not there: JUCE would otherwise take the first one of the machine, whatever it is used for.
      env: { ...process.env, DISPLAY: ':9999' },
    });
    let answer = '';
    let complaint = '';
    child.stdout.on('data', (text: Buffer) => {
      answer += text;
    });
    child.stderr.on('data', (text: Buffer) => {
      complaint += text;
    });
    child.on('error', (error) => reject(new SetupError(`timbrefold-host could not be started: ${error.message}.`)));
    child.on('close', (code) => {
      if (code === 0) resolve(JSON.parse(answer) as Answer);
      else reject(new SetupError(complaint.trim() || `timbrefold-host ended with ${code}.`));
    });
    child.stdin.end(JSON.stringify(request));
  });
}
