// The two model slots: the tables of configureModel, checked before anything is copied, and what is derived from them.
import {
  FLOOR_DB,
  MAX_FRAME,
  MAX_LATENT,
  MAX_MAP_POINTS,
  MAX_NOISE_BANDS,
  MAX_PARTIALS,
  MODEL_CENTS_OFFSET,
  MODEL_DETUNES,
  MODEL_DETUNES_OFFSET,
  MODEL_FRAME_SIZE,
  MODEL_HEADER,
  MODEL_INHARMONICITY_OFFSET,
  MODEL_INTERPOLATION,
  MODEL_LATENT_DETAIL,
  MODEL_LATENT_DIM,
  MODEL_MAP_COUNT,
  MODEL_MAX_SECONDS,
  MODEL_NOISE_BANDS,
  MODEL_NOISE_OFFSET,
  MODEL_PARTIAL_OFFSET,
  MODEL_PARTIALS,
  MODEL_PITCH_HIGH,
  MODEL_PITCH_LOW,
  MODEL_RELEASE_OFFSET,
  MODEL_SUSTAIN_END,
  MODEL_SUSTAIN_START,
  MODEL_VIBRATO_OFFSET,
  STAGING_FLOATS,
} from '../generated/constants';
import { isFinite32 } from './units';

const MODEL_SLOTS: i32 = 2;
const SLOT_BYTES: i32 = (MODEL_HEADER + 10 * MAX_LATENT + MAX_MAP_POINTS * (MAX_LATENT + 2)) * 4;
const slots: usize = memory.data(SLOT_BYTES * MODEL_SLOTS, 16);
if (SLOT_BYTES > STAGING_FLOATS * 4) ERROR('The largest model does not fit into the staging area.');

/** Where the points of a map lie, all x and then all y, so that the nearest are found quickly. */
const PLACES_BYTES: i32 = 2 * MAX_MAP_POINTS * 4;
const places: usize = memory.data(PLACES_BYTES * MODEL_SLOTS, 16);
/** What stands in for a column that is not finite: FLOOR_DB in the levels, 0 in the others. */
const NEUTRAL_BYTES: i32 = MAX_FRAME * 4;
const neutrals: usize = memory.data(NEUTRAL_BYTES * MODEL_SLOTS, 16);

/** Slot of new notes, -1 before the first model. */
let current: i32 = -1;

/** Slot of new notes, -1 before the first model. */
export function currentSlot(): i32 {
  return current;
}

function base(slot: i32): usize {
  return slots + <usize>(slot * SLOT_BYTES);
}

/** A float of the model's header; MODEL_* names it. */
export function modelFloat(slot: i32, field: i32): f32 {
  return load<f32>(base(slot) + ((<usize>field) << 2));
}

/** A whole number of the model's header. */
export function modelInt(slot: i32, field: i32): i32 {
  return <i32>modelFloat(slot, field);
}

/** Numbers of the latent that are z: what macros and drift move. The others, behind them, are detail. */
export function modelZDim(slot: i32): i32 {
  return modelInt(slot, MODEL_LATENT_DIM) - modelInt(slot, MODEL_LATENT_DETAIL);
}

/** Prior mean, latentDim floats. */
export function modelMean(slot: i32): usize {
  return base(slot) + MODEL_HEADER * 4;
}

/** Prior spread, latentDim floats. */
export function modelStd(slot: i32): usize {
  return modelMean(slot) + ((<usize>modelInt(slot, MODEL_LATENT_DIM)) << 2);
}

/** Offsets of macro 0..7, latentDim floats each. */
export function modelMacro(slot: i32, macro: i32): usize {
  return modelMean(slot) + ((<usize>(modelInt(slot, MODEL_LATENT_DIM) * (2 + macro))) << 2);
}

/** Map points: x, y, latent[latentDim] each. */
export function modelMap(slot: i32): usize {
  return modelMacro(slot, 8);
}

/** x of every map point, one behind the other; whole vectors may be read behind the last. */
export function modelMapX(slot: i32): usize {
  return places + <usize>(slot * PLACES_BYTES);
}

/** y of every map point, likewise. */
export function modelMapY(slot: i32): usize {
  return modelMapX(slot) + MAX_MAP_POINTS * 4;
}

/** What each column of a frame is where the decoder gave no finite number; MAX_FRAME floats. */
export function modelNeutral(slot: i32): usize {
  return neutrals + <usize>(slot * NEUTRAL_BYTES);
}

function whole(table: usize, field: i32, low: i32, high: i32): bool {
  const value = load<f32>(table + ((<usize>field) << 2));
  return value >= <f32>low && value <= <f32>high && value == Mathf.floor(value);
}

function between(table: usize, field: i32, low: f32, high: f32): bool {
  const value = load<f32>(table + ((<usize>field) << 2));
  return value >= low && value <= high;
}

function field(table: usize, index: i32): f32 {
  return load<f32>(table + ((<usize>index) << 2));
}

/**
 * Floats of the model table that begins at `table`, or 0 where any size, place or value in it is not allowed: counts beyond the limits, columns
 * outside the frame, times or pitches out of order, a number that is not finite.
 */
function checkedSize(table: usize): i32 {
  if (!whole(table, MODEL_LATENT_DIM, 1, MAX_LATENT)) return 0;
  if (!whole(table, MODEL_PARTIALS, 0, MAX_PARTIALS)) return 0;
  if (!whole(table, MODEL_NOISE_BANDS, 0, MAX_NOISE_BANDS)) return 0;
  if (!whole(table, MODEL_FRAME_SIZE, 1, MAX_FRAME)) return 0;
  const frame = <i32>field(table, MODEL_FRAME_SIZE);
  const partials = <i32>field(table, MODEL_PARTIALS);
  const bands = <i32>field(table, MODEL_NOISE_BANDS);
  if (partials + bands == 0 || partials > frame || bands > frame) return 0;
  if (partials > 0 && !whole(table, MODEL_PARTIAL_OFFSET, 0, frame - partials)) return 0;
  if (bands > 0 && !whole(table, MODEL_NOISE_OFFSET, 0, frame - bands)) return 0;
  if (!whole(table, MODEL_CENTS_OFFSET, -1, frame - 1)) return 0;
  if (!whole(table, MODEL_INHARMONICITY_OFFSET, -1, frame - 1)) return 0;
  if (!whole(table, MODEL_DETUNES, 0, min(frame, MAX_PARTIALS))) return 0;
  if (!whole(table, MODEL_DETUNES_OFFSET, -1, frame - <i32>field(table, MODEL_DETUNES))) return 0;
  if (!whole(table, MODEL_VIBRATO_OFFSET, -1, frame - 2)) return 0;
  if (!whole(table, MODEL_RELEASE_OFFSET, -1, frame - 1)) return 0;
  if (!between(table, MODEL_MAX_SECONDS, 0.01, 600)) return 0;
  const seconds = field(table, MODEL_MAX_SECONDS);
  if (!between(table, MODEL_SUSTAIN_START, 0, seconds)) return 0;
  if (!between(table, MODEL_SUSTAIN_END, field(table, MODEL_SUSTAIN_START), seconds)) return 0;
  if (!between(table, MODEL_PITCH_LOW, 0, 127)) return 0;
  if (!between(table, MODEL_PITCH_HIGH, field(table, MODEL_PITCH_LOW), 127)) return 0;
  if (!whole(table, MODEL_INTERPOLATION, 0, 1)) return 0;
  if (!whole(table, MODEL_MAP_COUNT, 0, MAX_MAP_POINTS)) return 0;
  const dim = <i32>field(table, MODEL_LATENT_DIM);
  if (!whole(table, MODEL_LATENT_DETAIL, 0, dim - 1)) return 0;
  const total = MODEL_HEADER + 10 * dim + <i32>field(table, MODEL_MAP_COUNT) * (dim + 2);
  if (total > STAGING_FLOATS) return 0;
  for (let i = MODEL_HEADER; i < total; i++) if (!isFinite32(field(table, i))) return 0;
  for (let i = 0; i < dim; i++) if (field(table, MODEL_HEADER + dim + i) < 0) return 0;
  return total;
}

/** Whether `table` may go into `slot`. */
export function modelAllowed(slot: i32, table: usize): bool {
  return <u32>slot < <u32>MODEL_SLOTS && checkedSize(table) > 0;
}

/** Copies a table that modelAllowed() accepted into the slot, which becomes the slot of new notes. */
export function storeModel(slot: i32, table: usize): void {
  memory.copy(base(slot), table, (<usize>checkedSize(table)) << 2);
  derivePlaces(slot);
  deriveNeutral(slot);
  current = slot;
}

function derivePlaces(slot: i32): void {
  const stride = (<usize>(modelInt(slot, MODEL_LATENT_DIM) + 2)) << 2;
  let point = modelMap(slot);
  const x = modelMapX(slot);
  const y = modelMapY(slot);
  const end = (<usize>modelInt(slot, MODEL_MAP_COUNT)) << 2;
  for (let i: usize = 0; i < end; i += 4, point += stride) {
    store<f32>(x + i, load<f32>(point));
    store<f32>(y + i, load<f32>(point, 4));
  }
}

function deriveNeutral(slot: i32): void {
  const neutral = modelNeutral(slot);
  memory.fill(neutral, 0, NEUTRAL_BYTES);
  fillFloor(neutral, modelInt(slot, MODEL_PARTIAL_OFFSET), modelInt(slot, MODEL_PARTIALS));
  fillFloor(neutral, modelInt(slot, MODEL_NOISE_OFFSET), modelInt(slot, MODEL_NOISE_BANDS));
}

function fillFloor(neutral: usize, from: i32, count: i32): void {
  for (let i = from; i < from + count; i++) store<f32>(neutral + ((<usize>i) << 2), FLOOR_DB);
}
