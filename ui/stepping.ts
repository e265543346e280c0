// What a key or a wheel notch does to a value: the same steps for every control.
import { type Parameter, snap, toNormalised, toPlain } from '../plugin/instrument/parameters.ts';

const KEY_STEP = 0.01;
const FINE_STEP = 0.001;
const PAGE_STEP = 0.1;

/** `steps` positions up or down from `plain`; a stepped parameter moves by at least one of its own steps. */
export function stepBy(parameter: Parameter, plain: number, steps: number, size = KEY_STEP): number {
  if (parameter.step > 0) {
    const own = Math.max(1, Math.round((Math.abs(steps) * size * (parameter.max - parameter.min)) / parameter.step));
    return snap(parameter, plain + Math.sign(steps) * own * parameter.step);
  }
  return toPlain(parameter, toNormalised(parameter, plain) + steps * size);
}

/** Value after a key press on a focused slider; null where the key means nothing to it. Shift makes arrows ten times finer. */
export function keyStep(parameter: Parameter, plain: number, key: string, fine = false): number | null {
  const size = fine ? FINE_STEP : KEY_STEP;
  switch (key) {
    case 'ArrowUp':
    case 'ArrowRight':
      return stepBy(parameter, plain, 1, size);
    case 'ArrowDown':
    case 'ArrowLeft':
      return stepBy(parameter, plain, -1, size);
    case 'PageUp':
      return stepBy(parameter, plain, 1, PAGE_STEP);
    case 'PageDown':
      return stepBy(parameter, plain, -1, PAGE_STEP);
    case 'Home':
      return parameter.min;
    case 'End':
      return parameter.max;
    default:
      return null;
  }
}
