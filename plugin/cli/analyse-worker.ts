// One thread of `timbrefold analyse`: sounds come in by path, rows of features go back.
import { parentPort, workerData } from 'node:worker_threads';
import { Analyser } from '../analysis/analyser.ts';
import { Core } from '../engine/core.ts';
import { type AnalyseAnswer, type AnalyseTask, analyseFile } from './analyse-file.ts';

const port = parentPort;
if (!port) throw new Error('analyse-worker runs as a worker thread of "timbrefold analyse" only.');
const analyser = new Analyser(Core.fromModule((workerData as { core: WebAssembly.Module }).core));

port.on('message', async (task: AnalyseTask) => {
  const answer: AnalyseAnswer = await analyseFile(analyser, task);
  port.postMessage(answer, answer.frames ? [answer.frames.buffer as ArrayBuffer] : []);
});
