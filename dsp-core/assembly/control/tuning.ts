// Which pitch each key plays: a table of MIDI notes with fractions, every key its own number until told otherwise. Audio thread.
import { TUNING_KEYS } from '../generated/constants';
import { isFinite32 } from './units';

const notes: usize = memory.data(TUNING_KEYS * 4, 16);

for (let key = 0; key < TUNING_KEYS; key++) store<f32>(notes + ((<usize>key) << 2), <f32>key);

/** Takes TUNING_KEYS notes; a key whose note is not finite does not sound. Sounding notes keep their pitch. */
export function setTuningTable(table: usize): void {
  memory.copy(notes, table, TUNING_KEYS * 4);
}

function noteOf(key: i32): f32 {
  return load<f32>(notes + ((<usize>key) << 2));
}

/** Whether the tuning gives a key (0..127) a pitch. */
export function keySounds(key: i32): bool {
  return isFinite32(noteOf(key));
}

/** The pitch of a key as a MIDI note with its fraction; the key's own number where it has none any more. */
export function tunedKey(key: i32): f64 {
  return keySounds(key) ? <f64>noteOf(key) : <f64>key;
}
