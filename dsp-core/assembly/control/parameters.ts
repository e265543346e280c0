// Parameter values: plain targets as the shell set them, and the smoothed values that the instrument hears.
import {
  CONTROL_INTERVAL,
  PARAMETER_COUNT,
  PARAMETER_DEFAULT,
  PARAMETER_MAX,
  PARAMETER_MIN,
  PARAMETER_SMOOTHING_MS,
  PARAMETER_STEP,
} from '../generated/constants';

if (PARAMETER_COUNT > 64) ERROR('The mask of moved parameters holds 64.');

const targets: usize = memory.data(PARAMETER_COUNT * 4, 16);
const values: usize = memory.data(PARAMETER_COUNT * 4, 16);
const coefficients: usize = memory.data(PARAMETER_COUNT * 4, 16);

/** One bit a parameter whose value moved since takeMoved(). */
let moved: u64 = ~0;
/** One bit a parameter that has not reached its target. */
let gliding: u64 = 0;

for (let i = 0; i < PARAMETER_COUNT; i++) {
  store<f32>(targets + ((<usize>i) << 2), unchecked(PARAMETER_DEFAULT[i]));
  store<f32>(values + ((<usize>i) << 2), unchecked(PARAMETER_DEFAULT[i]));
}

/** Coefficients of the one-pole smoothers at the control grid; every value jumps to its target. */
export function prepareParameters(sampleRate: f32): void {
  for (let i = 0; i < PARAMETER_COUNT; i++) {
    const ms = <f64>unchecked(PARAMETER_SMOOTHING_MS[i]);
    const coefficient = ms > 0 ? 1.0 - Math.exp((-1000.0 * CONTROL_INTERVAL) / (ms * <f64>sampleRate)) : 1.0;
    store<f32>(coefficients + ((<usize>i) << 2), <f32>coefficient);
  }
  jumpParameters();
}

/** Every value jumps to its target. */
export function jumpParameters(): void {
  memory.copy(values, targets, PARAMETER_COUNT * 4);
  gliding = 0;
  moved = ~0;
}

/** Sets a plain value, clamped and stepped; jumps there when `jump` or when the parameter is not smoothed. False for an unknown index or NaN. */
export function setParameter(index: i32, value: f32, jump: bool): bool {
  if (<u32>index >= <u32>PARAMETER_COUNT || isNaN(value)) return false;
  const step = unchecked(PARAMETER_STEP[index]);
  // Rounded as Math.round does in the table's own snap(), halves upwards.
  let plain = step > 0 ? <f32>Mathf.floor(value / step + 0.5) * step : value;
  plain = min(unchecked(PARAMETER_MAX[index]), max(unchecked(PARAMETER_MIN[index]), plain));
  const at = (<usize>index) << 2;
  store<f32>(targets + at, plain);
  const bit = (<u64>1) << index;
  if (load<f32>(values + at) == plain) {
    gliding &= ~bit;
  } else if (jump || unchecked(PARAMETER_SMOOTHING_MS[index]) == 0) {
    store<f32>(values + at, plain);
    gliding &= ~bit;
    moved |= bit;
  } else {
    gliding |= bit;
  }
  return true;
}

/** One step of every smoother that has not arrived; the last step lands on the target exactly. */
export function tickParameters(): void {
  let left = gliding;
  moved |= left;
  while (left != 0) {
    const index = <i32>ctz(left);
    left &= left - 1;
    const at = (<usize>index) << 2;
    const target = load<f32>(targets + at);
    const value = load<f32>(values + at);
    const next = value + load<f32>(coefficients + at) * (target - value);
    const near = <f32>1e-5 * (unchecked(PARAMETER_MAX[index]) - unchecked(PARAMETER_MIN[index]));
    if (abs(target - next) < near || next == value) {
      store<f32>(values + at, target);
      gliding &= ~((<u64>1) << index);
    } else {
      store<f32>(values + at, next);
    }
  }
}

/** The mask of parameters whose value moved since the last call. */
export function takeMoved(): u64 {
  const mask = moved;
  moved = 0;
  return mask;
}

/** Smoothed value of a parameter. */
export function parameter(index: i32): f32 {
  return load<f32>(values + ((<usize>index) << 2));
}

/** Smoothed value of a stepped parameter as an integer. */
export function choice(index: i32): i32 {
  return <i32>load<f32>(values + ((<usize>index) << 2));
}
