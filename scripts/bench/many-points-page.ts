// The face with as many points as it is told, sixteen voices that wander and no sound: what the map of a large model costs a browser. Bundled by many-points.ts.
import type { ModelView } from '../../plugin/instrument/messages.ts';
import { mount } from '../../ui/app.tsx';
import { FakeBridge } from '../../ui/fake-bridge.ts';
import { testModel } from '../../ui/test-model.ts';

declare global {
  interface Window {
    /** Shows the face; `voices` sound from then on. */
    show?(points: number, voices: number): void;
    /** ms from each animation frame to the next since the list was emptied. */
    frameTimes?: number[];
  }
}

const FAMILIES = 16;
const METERS_MS = 33;

/** Families as clouds around a ring, always the same. */
function manyPoints(count: number): ModelView {
  const points = Array.from({ length: count }, (_, i) => {
    const family = i % FAMILIES;
    const [angle, reach] = [i * 2.399963, 0.16 * Math.sqrt(((i * 7919) % count) / count)];
    const ring = (2 * Math.PI * family) / FAMILIES;
    return {
      name: `Sound ${i}`,
      family: `Family ${family}`,
      x: 0.5 + 0.34 * Math.cos(ring) + reach * Math.cos(angle),
      y: 0.5 + 0.34 * Math.sin(ring) + reach * Math.sin(angle),
    };
  });
  const { space } = testModel;
  return { ...testModel, points, space: { ...space, latents: new Float32Array(count * space.dim) } };
}

window.show = (count, voices) => {
  const bridge = new FakeBridge(manyPoints(count));
  const room = document.getElementById('instrument');
  if (room) mount(bridge, room);
  setInterval(() => {
    const now = performance.now() / 1000;
    bridge.emit({
      type: 'meters',
      peakLeft: 0.3,
      peakRight: 0.3,
      voices: Array.from({ length: voices }, (_, i) => ({
        channel: 0,
        key: 48 + i,
        level: 0.5,
        x: 0.5 + 0.2 * Math.sin(now + i),
        y: 0.5 + 0.2 * Math.cos(1.3 * now + i),
        seconds: now % 3,
      })),
      underruns: 0,
      decoderLoad: 0.1,
      decoderWaiting: 0,
    });
  }, METERS_MS);
  const times: number[] = [];
  window.frameTimes = times;
  let before = 0;
  const frame = (now: number): void => {
    if (before > 0) times.push(now - before);
    before = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
};
