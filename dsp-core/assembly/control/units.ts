// Conversions between the units of the control side.

export function gainOfDb(db: f64): f32 {
  return <f32>Math.exp(db * 0.11512925464970229);
}

export function ratioOfSemitones(semitones: f64): f64 {
  return Math.exp(semitones * 0.05776226504666211);
}

export function clamp01(value: f32): f32 {
  return min<f32>(1, max<f32>(0, value));
}

export function isFinite32(value: f32): bool {
  return value - value == 0;
}
