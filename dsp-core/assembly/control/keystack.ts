// The keys now held, in the order played: what mono and legato go back through.
import { concerns } from './channels';

const STACK: i32 = 128;
/** channel * 128 + key, and the velocities. */
const keys: usize = memory.data(128 * 4, 16);
const velocities: usize = memory.data(128 * 4, 16);
let size: i32 = 0;

export function clearKeys(): void {
  size = 0;
}

export function keysHeld(): bool {
  return size > 0;
}

function nameAt(index: i32): i32 {
  return load<i32>(keys + ((<usize>index) << 2));
}

/** Channel, key and velocity of the key played last. */
export function topChannel(): i32 {
  return nameAt(size - 1) >> 7;
}

export function topKey(): i32 {
  return nameAt(size - 1) & 127;
}

export function topVelocity(): f32 {
  return load<f32>(velocities + ((<usize>(size - 1)) << 2));
}

function removeAt(index: i32): void {
  const from = (<usize>(index + 1)) << 2;
  const bytes = (<usize>(size - index - 1)) << 2;
  memory.copy(keys + from - 4, keys + from, bytes);
  memory.copy(velocities + from - 4, velocities + from, bytes);
  size--;
}

/** Takes a key out, wherever it stands. */
export function removeKey(channel: i32, key: i32): void {
  for (let i = 0; i < size; i++) {
    if (nameAt(i) != channel * 128 + key) continue;
    removeAt(i);
    return;
  }
}

/** Puts a key on top; of more than 128 the oldest is forgotten. */
export function pushKey(channel: i32, key: i32, velocity: f32): void {
  removeKey(channel, key);
  if (size == STACK) removeAt(0);
  store<i32>(keys + ((<usize>size) << 2), channel * 128 + key);
  store<f32>(velocities + ((<usize>size) << 2), velocity);
  size++;
}

/** Takes out every key that a message on channel `from` concerns; -1: every key. */
export function removeKeys(from: i32): void {
  for (let i = size - 1; i >= 0; i--) if (from < 0 || concerns(from, nameAt(i) >> 7)) removeAt(i);
}
