// The event queue: sorted by absolute sample time, stable for events at the same sample. Audio thread.
import { MAX_EVENTS } from '../generated/constants';

@unmanaged
export class Event {
  time: i64;
  kind: i32;
  channel: i32;
  key: i32;
  value: f32;
}

const BYTES: i32 = 24;
const queue: usize = memory.data(MAX_EVENTS * 24, 16);
let head: i32 = 0;
let tail: i32 = 0;

function at(index: i32): Event {
  return changetype<Event>(queue + <usize>(index * BYTES));
}

export function clearEvents(): void {
  head = 0;
  tail = 0;
}

/** Queues an event at an absolute time; false when MAX_EVENTS wait. */
export function queueEvent(time: i64, kind: i32, channel: i32, key: i32, value: f32): bool {
  if (tail == MAX_EVENTS) {
    if (head == 0) return false;
    memory.copy(queue, queue + <usize>(head * BYTES), <usize>((tail - head) * BYTES));
    tail -= head;
    head = 0;
  }
  // First place behind every event that is not later: by bisection, as hosts hand events over in order or nearly so.
  let low = head;
  let high = tail;
  if (high > low && at(high - 1).time <= time) low = high;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at(middle).time <= time) low = middle + 1;
    else high = middle;
  }
  if (low < tail) {
    memory.copy(queue + <usize>((low + 1) * BYTES), queue + <usize>(low * BYTES), <usize>((tail - low) * BYTES));
  }
  tail++;
  const event = at(low);
  event.time = time;
  event.kind = kind;
  event.channel = channel;
  event.key = key;
  event.value = value;
  return true;
}

/** Time of the next event, i64.MAX_VALUE when none waits. */
export function nextEventTime(): i64 {
  return head < tail ? at(head).time : i64.MAX_VALUE;
}

/** Takes the next event; the reference is good until the next queueEvent. */
export function takeEvent(): Event {
  return at(head++);
}

/** Lets the queue begin at its front again once it is empty. */
export function tidyEvents(): void {
  if (head == tail) {
    head = 0;
    tail = 0;
  }
}
