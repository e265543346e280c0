// Automation from a table `seconds,parameter,value`: one lane per parameter, straight lines between its points, on the core's control grid.
import { parse } from 'csv-parse/sync';
import type { TimedEvent } from '../engine/offline.ts';
import { formatPlain, type Parameter, parameterById, snap } from '../instrument/parameters.ts';
import { parameterEvent } from '../instrument/preset.ts';
import { CONTROL_INTERVAL } from '../instrument/protocol.ts';

interface Point {
  frame: number;
  value: number;
}

/** Seconds a lane may reach, at most: a slip of the pen should not fill the memory. */
const MAX_SECONDS = 24 * 3600;
/** Events of all lanes together. */
const MAX_EVENTS_OF_LANES = 5_000_000;

/**
 * Events in order of time. Values are plain; stepped parameters jump at their points, all others move in straight lines. The line of column names may
 * be missing.
 * @throws Error with a sentence that names the file and the line
 */
export function readLanes(text: string, name: string, sampleRate: number): TimedEvent[] {
  const lanes = new Map<Parameter, Point[]>();
  for (const { record, line } of records(text, name)) {
    const refuse = (why: string): never => {
      throw new Error(`The automation ${name} cannot be used: line ${line}: ${why}.`);
    };
    if (record.length !== 3) refuse(`it has ${record.length} columns, not the three "seconds,parameter,value"`);
    const [secondsText, id, valueText] = record;
    if (secondsText === 'seconds') continue;
    const seconds = secondsText === '' ? Number.NaN : Number(secondsText);
    const value = valueText === '' ? Number.NaN : Number(valueText);
    if (!(seconds >= 0 && seconds <= MAX_SECONDS)) refuse(`"${secondsText}" is not a time in seconds`);
    const parameter = lookUp(id, refuse);
    if (!Number.isFinite(value)) refuse(`"${valueText}" is not a number`);
    if (value < parameter.min || value > parameter.max) refuse(outOfRange(parameter, value));
    const lane = lanes.get(parameter) ?? [];
    lanes.set(parameter, lane);
    lane.push({ frame: Math.round(seconds * sampleRate), value });
  }
  const events: TimedEvent[] = [];
  for (const [parameter, lane] of lanes) {
    // Stable: of two points at one time the later line comes last and wins.
    lane.sort((a, b) => a.frame - b.frame);
    draw(parameter, lane, events);
    if (events.length > MAX_EVENTS_OF_LANES) throw new Error(`The automation ${name} cannot be used: it is too long.`);
  }
  return events.sort((a, b) => a.frame - b.frame);
}

/** "macro1 is 3, outside 0 to 1" with units. */
export function outOfRange(parameter: Parameter, value: number): string {
  return `${parameter.id} is ${value}, outside ${formatPlain(parameter, parameter.min)} to ${formatPlain(parameter, parameter.max)}`;
}

function lookUp(id: string, refuse: (why: string) => never): Parameter {
  try {
    return parameterById(id);
  } catch (error) {
    const message = (error as Error).message.replace(/\.$/, '');
    return refuse(message.charAt(0).toLowerCase() + message.slice(1));
  }
}

function records(text: string, name: string): { record: string[]; line: number }[] {
  try {
    const rows = parse(text, {
      bom: true,
      trim: true,
      skip_empty_lines: true,
      relax_column_count: true,
      comment: '#',
      info: true,
    });
    return (rows as unknown as { record: string[]; info: { lines: number } }[]).map(({ record, info }) => ({
      record,
      line: info.lines,
    }));
  } catch (error) {
    throw new Error(
      `The automation ${name} cannot be used: it is not a table of comma-separated values (${(error as Error).message}).`,
    );
  }
}

/** Appends one lane's events: each point at its sample, and between two points a value at every step of the grid where it differs. */
function draw(parameter: Parameter, lane: readonly Point[], events: TimedEvent[]): void {
  let last = Number.NaN;
  const emit = (frame: number, value: number): void => {
    const plain = snap(parameter, value);
    if (plain === last) return;
    last = plain;
    events.push({ frame, ...parameterEvent(parameter.id, plain) });
  };
  lane.forEach(({ frame, value }, i) => {
    emit(frame, value);
    const following = lane[i + 1];
    if (!following || parameter.step > 0 || following.value === value) return;
    const first = CONTROL_INTERVAL * (Math.floor(frame / CONTROL_INTERVAL) + 1);
    for (let at = first; at < following.frame; at += CONTROL_INTERVAL) {
      emit(at, value + ((following.value - value) * (at - frame)) / (following.frame - frame));
    }
  });
}
