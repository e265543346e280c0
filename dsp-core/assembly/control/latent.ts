// From home, map, morph pad, reach and macros to the latent that a note starts from (docs/contracts.md, "How macros and map move z").
import {
  MAX_LATENT,
  MODEL_INTERPOLATION,
  MODEL_LATENT_DIM,
  MODEL_MAP_COUNT,
  P_MACRO_1,
  P_MAP_X,
  P_MAP_Y,
  P_MORPH_MIX,
  P_MORPH_X,
  P_MORPH_Y,
  P_PATH_DEPTH,
  P_PATH_REACH,
  P_REACH,
} from '../generated/constants';
import {
  currentSlot,
  modelFloat,
  modelInt,
  modelMacro,
  modelMap,
  modelMapX,
  modelMapY,
  modelMean,
  modelZDim,
} from './model';
import { parameter } from './parameters';
import { heardMapX, heardMapY } from './path';
import { isFinite32 } from './units';

/** How many of the map's points take part in a place. */
const NEAREST: i32 = 8;
/** Distance on the map within which the preset's own latent is heard. */
const HOME_RADIUS: f32 = 0.15;

const BYTES: i32 = MAX_LATENT * 4;
const sound: usize = memory.data(MAX_LATENT * 4, 16);
const residual: usize = memory.data(MAX_LATENT * 4, 16);
const corners: usize = memory.data(4 * MAX_LATENT * 4, 16);
const unmoved: usize = memory.data(MAX_LATENT * 4, 16);
const result: usize = memory.data(MAX_LATENT * 4, 16);
const scratchA: usize = memory.data(MAX_LATENT * 4, 16);
const scratchB: usize = memory.data(MAX_LATENT * 4, 16);
const nearestIndex: usize = memory.data((NEAREST + 1) * 4, 16);
const nearestSquare: usize = memory.data((NEAREST + 1) * 4, 16);
const squared: usize = memory.data(16, 16);
/** How many of the nearest were found. */
let found: i32 = 0;

let homeX: f32 = 0.5;
let homeY: f32 = 0.5;
let cornersSet: i32 = 0;
let dirty: bool = true;

/** Parameters that move the latent of every note. */
export const LATENT_MASK: u64 =
  ((<u64>255) << P_MACRO_1) |
  ((<u64>1) << P_MAP_X) |
  ((<u64>1) << P_MAP_Y) |
  ((<u64>1) << P_PATH_DEPTH) |
  ((<u64>1) << P_PATH_REACH) |
  ((<u64>1) << P_REACH) |
  ((<u64>1) << P_MORPH_X) |
  ((<u64>1) << P_MORPH_Y) |
  ((<u64>1) << P_MORPH_MIX);

export function latentMoved(): void {
  dirty = true;
}

function get(vector: usize, i: i32): f32 {
  return load<f32>(vector + ((<usize>i) << 2));
}

function put(vector: usize, i: i32, value: f32): void {
  store<f32>(vector + ((<usize>i) << 2), value);
}

/** A new model: the sound is its mean in the middle of the map, the corners are the sound's own latent until set. */
export function resetSound(): void {
  const slot = currentSlot();
  memory.copy(sound, modelMean(slot), (<usize>modelInt(slot, MODEL_LATENT_DIM)) << 2);
  homeX = 0.5;
  homeY = 0.5;
  cornersSet = 0;
  findResidual();
}

/** The sound at rest: latentDim floats, then map x and y. Ignored where a number is not finite. */
export function setHome(table: usize): void {
  const slot = currentSlot();
  if (slot < 0) return;
  const dim = modelInt(slot, MODEL_LATENT_DIM);
  for (let i = 0; i < dim + 2; i++) if (!isFinite32(get(table, i))) return;
  memory.copy(sound, table, (<usize>dim) << 2);
  homeX = get(table, dim);
  homeY = get(table, dim + 1);
  findResidual();
}

/** Latent of morph corner 0..3. Ignored where a number is not finite. */
export function setCornerLatent(corner: i32, table: usize): void {
  const slot = currentSlot();
  if (slot < 0 || <u32>corner > 3) return;
  const dim = modelInt(slot, MODEL_LATENT_DIM);
  for (let i = 0; i < dim; i++) if (!isFinite32(get(table, i))) return;
  memory.copy(corners + <usize>(corner * BYTES), table, (<usize>dim) << 2);
  cornersSet |= 1 << corner;
  dirty = true;
}

function findResidual(): void {
  const slot = currentSlot();
  const dim = modelInt(slot, MODEL_LATENT_DIM);
  if (modelInt(slot, MODEL_MAP_COUNT) > 0) {
    mapLatent(slot, homeX, homeY, residual);
    for (let i = 0; i < dim; i++) put(residual, i, get(sound, i) - get(residual, i));
  }
  dirty = true;
}

/** Length of a - mean over the first dim numbers. */
function radius(a: usize, mean: usize, dim: i32): f32 {
  let sum: f64 = 0;
  for (let i = 0; i < dim; i++) {
    const d = <f64>(get(a, i) - get(mean, i));
    sum += d * d;
  }
  return <f32>Math.sqrt(sum);
}

/**
 * out = between a (t = 0) and b (t = 1), and beyond. Straight, or on the arc about the prior's mean with the radius interpolated (slerp,
 * Shoemake 1985); nearly parallel or opposite directions go straight, as no arc is defined there; detail always goes straight. out may be a or b.
 */
function blend(slot: i32, a: usize, b: usize, t: f32, out: usize): void {
  const whole = modelInt(slot, MODEL_LATENT_DIM);
  const dim = modelZDim(slot);
  if (modelFloat(slot, MODEL_INTERPOLATION) == 1) {
    const mean = modelMean(slot);
    const ra = radius(a, mean, dim);
    const rb = radius(b, mean, dim);
    if (ra > 1e-6 && rb > 1e-6) {
      let dot: f64 = 0;
      for (let i = 0; i < dim; i++) dot += <f64>(get(a, i) - get(mean, i)) * <f64>(get(b, i) - get(mean, i));
      const cosine = dot / (<f64>ra * <f64>rb);
      if (cosine < 0.9999995 && cosine > -0.9999) {
        const angle = Math.acos(cosine);
        const scale = 1.0 / Math.sin(angle);
        const r = max<f64>(0, <f64>ra + <f64>t * (<f64>rb - <f64>ra));
        const wa = (r * Math.sin((1.0 - <f64>t) * angle) * scale) / <f64>ra;
        const wb = (r * Math.sin(<f64>t * angle) * scale) / <f64>rb;
        for (let i = 0; i < dim; i++) {
          const m = <f64>get(mean, i);
          put(out, i, <f32>(m + wa * (<f64>get(a, i) - m) + wb * (<f64>get(b, i) - m)));
        }
        for (let i = dim; i < whole; i++) put(out, i, get(a, i) + t * (get(b, i) - get(a, i)));
        return;
      }
    }
  }
  for (let i = 0; i < whole; i++) put(out, i, get(a, i) + t * (get(b, i) - get(a, i)));
}

/** Puts a point into the list of the nearest, which stays in order. */
function enlist(point: i32, square: f32): void {
  let place = found <= NEAREST ? found++ : NEAREST;
  while (place > 0 && get(nearestSquare, place - 1) > square) {
    put(nearestSquare, place, get(nearestSquare, place - 1));
    store<i32>(nearestIndex + ((<usize>place) << 2), load<i32>(nearestIndex + ((<usize>(place - 1)) << 2)));
    place--;
  }
  put(nearestSquare, place, square);
  store<i32>(nearestIndex + ((<usize>place) << 2), point);
}

/** Finds the NEAREST + 1 points nearest to a place, or all where there are fewer. */
function findNearest(slot: i32, x: f32, y: f32): void {
  const count = modelInt(slot, MODEL_MAP_COUNT);
  const allX = modelMapX(slot);
  const allY = modelMapY(slot);
  const x4 = f32x4.splat(x);
  const y4 = f32x4.splat(y);
  found = 0;
  for (let first = 0; first < count; first += 4) {
    const at = (<usize>first) << 2;
    const dx = f32x4.sub(v128.load(allX + at), x4);
    const dy = f32x4.sub(v128.load(allY + at), y4);
    const squares = f32x4.add(f32x4.mul(dx, dx), f32x4.mul(dy, dy));
    // Most points are further than all of the list: four are passed over at a time.
    if (found > NEAREST && !v128.any_true(f32x4.lt(squares, f32x4.splat(get(nearestSquare, NEAREST))))) continue;
    v128.store(squared, squares);
    for (let lane = 0; lane < min(4, count - first); lane++) {
      const square = get(squared, lane);
      if (found <= NEAREST || square < get(nearestSquare, NEAREST)) enlist(first + lane, square);
    }
  }
}

/**
 * Latent of a place on the map: weights (1/d - 1/R)^2 over the nearest points, R the distance of the next one, so that a point that joins or leaves them does so
 * without a step (modified Shepard, Franke & Nielson 1980). Slerp models average directions of z about the mean and radii apart, which does not
 * depend on the order of the points.
 */
function mapLatent(slot: i32, x: f32, y: f32, out: usize): void {
  const dim = modelInt(slot, MODEL_LATENT_DIM);
  const zDim = modelZDim(slot);
  const points = modelMap(slot);
  const stride = (<usize>(dim + 2)) << 2;
  findNearest(slot, x, y);
  const first = points + <usize>load<i32>(nearestIndex) * stride + 8;
  if (get(nearestSquare, 0) < 1e-12) {
    memory.copy(out, first, (<usize>dim) << 2);
    return;
  }
  const mean = modelMean(slot);
  const onSphere = modelFloat(slot, MODEL_INTERPOLATION) == 1;
  let total: f32 = 0;
  let meanRadius: f32 = 0;
  memory.fill(out, 0, (<usize>dim) << 2);
  const used = min(found, NEAREST);
  // 1 / R; points that are all equally far (or the only ones) count alike.
  let edge: f32 = found > NEAREST ? <f32>1 / Mathf.sqrt(get(nearestSquare, NEAREST)) : 0;
  if (edge * Mathf.sqrt(get(nearestSquare, 0)) > 0.9999) edge = 0;
  for (let n = 0; n < used; n++) {
    const pull = <f32>1 / Mathf.sqrt(get(nearestSquare, n)) - edge;
    const weight = pull * pull;
    const z = points + <usize>load<i32>(nearestIndex + ((<usize>n) << 2)) * stride + 8;
    total += weight;
    if (onSphere) {
      const r = radius(z, mean, zDim);
      meanRadius += weight * r;
      const scale = r > 1e-6 ? weight / r : <f32>0;
      for (let i = 0; i < zDim; i++) put(out, i, get(out, i) + scale * (get(z, i) - get(mean, i)));
      for (let i = zDim; i < dim; i++) put(out, i, get(out, i) + weight * get(z, i));
    } else {
      for (let i = 0; i < dim; i++) put(out, i, get(out, i) + weight * get(z, i));
    }
  }
  if (onSphere) {
    let sum: f64 = 0;
    for (let i = 0; i < zDim; i++) sum += <f64>get(out, i) * <f64>get(out, i);
    const scale = sum > 1e-12 ? meanRadius / (total * <f32>Math.sqrt(sum)) : <f32>0;
    for (let i = 0; i < zDim; i++) put(out, i, get(mean, i) + scale * get(out, i));
  }
  const scale = <f32>1 / total;
  for (let i = onSphere ? zDim : 0; i < dim; i++) put(out, i, get(out, i) * scale);
}

function corner(index: i32): usize {
  return cornersSet & (1 << index) ? corners + <usize>(index * BYTES) : sound;
}

function recompute(): void {
  dirty = false;
  const slot = currentSlot();
  const dim = modelInt(slot, MODEL_LATENT_DIM);
  const bytes = (<usize>dim) << 2;
  const zDim = modelZDim(slot);
  const x = heardMapX();
  const y = heardMapY();
  const dx = x - homeX;
  const dy = y - homeY;
  if (modelInt(slot, MODEL_MAP_COUNT) == 0 || (dx == 0 && dy == 0)) {
    memory.copy(unmoved, sound, bytes);
  } else {
    mapLatent(slot, x, y, unmoved);
    const near = <f32>Math.exp(<f64>(-(dx * dx + dy * dy) / (HOME_RADIUS * HOME_RADIUS)));
    for (let i = 0; i < dim; i++) put(unmoved, i, get(unmoved, i) + near * get(residual, i));
  }
  const mix = parameter(P_MORPH_MIX);
  if (mix > 0) {
    const morphX = parameter(P_MORPH_X);
    blend(slot, corner(0), corner(1), morphX, scratchA);
    blend(slot, corner(2), corner(3), morphX, scratchB);
    blend(slot, scratchA, scratchB, parameter(P_MORPH_Y), scratchA);
    blend(slot, unmoved, scratchA, mix, unmoved);
  }
  const reach = parameter(P_REACH);
  if (reach != 1) {
    const mean = modelMean(slot);
    for (let i = 0; i < zDim; i++) put(unmoved, i, get(mean, i) + reach * (get(unmoved, i) - get(mean, i)));
    // Detail is that of one sound: it fades with the reach, and does not go beyond itself.
    const near = min<f32>(1, reach);
    for (let i = zDim; i < dim; i++) put(unmoved, i, get(mean, i) + near * (get(unmoved, i) - get(mean, i)));
  }
  memory.copy(result, unmoved, bytes);
  for (let m = 0; m < 8; m++) {
    const amount = (parameter(P_MACRO_1 + m) - 0.5) * 2;
    if (amount == 0) continue;
    const offset = modelMacro(slot, m);
    for (let i = 0; i < zDim; i++) put(result, i, get(result, i) + amount * get(offset, i));
  }
}

/** The latent a note played now would start from: latentDim floats of the current slot. */
export function globalLatent(): usize {
  if (dirty && currentSlot() >= 0) recompute();
  return result;
}
