// Records what a page sends to its audio destination, sample by sample, through a worklet of the test's own.
import type { Page } from 'playwright-core';

declare global {
  interface Window {
    testRecorder?: { sampleRate: number; take(): { firstFrame: number; samples: number[] } };
  }
}

/** Installs the recorder before any script of the page runs. */
export async function installRecorder(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const source = `
      class Tap extends AudioWorkletProcessor {
        process([input]) {
          if (!input[0]) return true;
          const samples = Float32Array.from(input[0], (x, i) => (x + (input[1] ?? input[0])[i]) / 2);
          this.port.postMessage({ frame: currentFrame, samples });
          return true;
        }
      }
      registerProcessor('test-tap', Tap);`;
    const connect = AudioNode.prototype.connect as (this: AudioNode, ...rest: unknown[]) => AudioNode;
    const tapped = function (this: AudioNode, ...rest: unknown[]): AudioNode {
      const { context } = this;
      if (rest[0] === context.destination) {
        const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
        void context.audioWorklet.addModule(url).then(() => {
          const tap = new AudioWorkletNode(context, 'test-tap', { numberOfOutputs: 0 });
          let parts: { frame: number; samples: Float32Array }[] = [];
          tap.port.onmessage = ({ data }) => parts.push(data);
          connect.call(this, tap);
          window.testRecorder = {
            sampleRate: context.sampleRate,
            take() {
              const taken = {
                firstFrame: parts[0]?.frame ?? -1,
                samples: parts.flatMap((part) => Array.from(part.samples)),
              };
              parts = [];
              return taken;
            },
          };
        });
      }
      return connect.apply(this, rest);
    };
    AudioNode.prototype.connect = tapped as typeof AudioNode.prototype.connect;
  });
}

export interface Recording {
  sampleRate: number;
  /** Frame of the context at which the first sample was heard. */
  firstFrame: number;
  samples: Float64Array;
}

/** Forgets what was recorded so far, waits, and returns what `seconds` of audio time sounded like. */
export async function record(page: Page, seconds: number): Promise<Recording> {
  await page.waitForFunction(() => window.testRecorder !== undefined);
  const { samples, ...rest } = await page.evaluate(async (wanted) => {
    const recorder = window.testRecorder;
    if (!recorder) throw new Error('The recorder is not installed.');
    recorder.take();
    const samples: number[] = [];
    let firstFrame = -1;
    while (samples.length < wanted * recorder.sampleRate) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      const taken = recorder.take();
      if (firstFrame < 0) firstFrame = taken.firstFrame;
      for (const sample of taken.samples) samples.push(sample);
    }
    const { sampleRate } = recorder;
    return { sampleRate, firstFrame, samples: samples.slice(0, Math.round(wanted * sampleRate)) };
  }, seconds);
  return { ...rest, samples: Float64Array.from(samples) };
}
