// THE parameter table: every control a host can automate. Ids and indices are forever: append, never reorder, never reuse.

export type Unit = '' | '%' | 'ms' | 's' | 'dB' | 'dB/oct' | 'Hz' | 'cents' | 'semitones' | 'voices' | 'beats' | 'x';

export interface Parameter {
  /** Permanent name in presets, automation lanes and host sessions. */
  readonly id: string;
  /** Permanent position in every list; equals the position in `parameters`. */
  readonly index: number;
  readonly label: string;
  readonly group:
    | 'macros'
    | 'map'
    | 'morph'
    | 'time'
    | 'envelope'
    | 'spectrum'
    | 'unison'
    | 'voices'
    | 'expression'
    | 'output';
  readonly unit: Unit;
  /** Plain range and default. */
  readonly min: number;
  readonly max: number;
  readonly default: number;
  /** plain = min + (max - min) * normalised ** skew; 1 is linear, > 1 gives the low end more room. */
  readonly skew: number;
  /** Plain step, 0 for continuous. */
  readonly step: number;
  /** Names of the values of a stepped choice, from min upwards. */
  readonly choices?: readonly string[];
  /** Time constant of the core's smoothing, 0 for immediate. */
  readonly smoothingMs: number;
  readonly automatable: boolean;
  /** Version that brought it. */
  readonly since: string;
}

type Row = [
  id: string,
  label: string,
  group: Parameter['group'],
  unit: Unit,
  min: number,
  max: number,
  initial: number,
  skew: number,
  step: number,
  smoothingMs: number,
  choices?: readonly string[],
  since?: string,
];

const onOff = ['Off', 'On'] as const;

const rows: Row[] = [
  // Macros: what they mean is the model's to say; the ids stay.
  ['macro1', 'Macro 1', 'macros', '', 0, 1, 0.5, 1, 0, 10],
  ['macro2', 'Macro 2', 'macros', '', 0, 1, 0.5, 1, 0, 10],
  ['macro3', 'Macro 3', 'macros', '', 0, 1, 0.5, 1, 0, 10],
  ['macro4', 'Macro 4', 'macros', '', 0, 1, 0.5, 1, 0, 10],
  ['macro5', 'Macro 5', 'macros', '', 0, 1, 0.5, 1, 0, 10],
  ['macro6', 'Macro 6', 'macros', '', 0, 1, 0.5, 1, 0, 10],
  ['macro7', 'Macro 7', 'macros', '', 0, 1, 0.5, 1, 0, 10],
  ['macro8', 'Macro 8', 'macros', '', 0, 1, 0.5, 1, 0, 10],
  // Where the sound is.
  ['mapX', 'Map X', 'map', '', 0, 1, 0.5, 1, 0, 15],
  ['mapY', 'Map Y', 'map', '', 0, 1, 0.5, 1, 0, 15],
  ['reach', 'Reach', 'map', 'x', 0, 2, 1, 1, 0, 15],
  ['driftDepth', 'Drift depth', 'map', '', 0, 1, 0, 1, 0, 20],
  ['driftRate', 'Drift rate', 'map', 'Hz', 0.02, 20, 0.5, 3, 0, 20],
  ['morphX', 'Morph X', 'morph', '', -0.5, 1.5, 0, 1, 0, 15],
  ['morphY', 'Morph Y', 'morph', '', -0.5, 1.5, 0, 1, 0, 15],
  ['morphMix', 'Morph mix', 'morph', '', 0, 1, 0, 1, 0, 15],
  // Where in the note we are.
  ['position', 'Position', 'time', '', 0, 1, 0, 1, 0, 10],
  ['speed', 'Speed', 'time', 'x', 0, 4, 1, 2, 0, 10],
  ['freeze', 'Freeze', 'time', '', 0, 1, 0, 1, 1, 0, onOff],
  ['loopMode', 'Loop', 'time', '', 0, 2, 0, 1, 1, 0, ['Hold', 'Forward', 'Ping-pong']],
  ['loopStart', 'Loop start', 'time', '', 0, 1, 0.5, 1, 0, 10],
  ['loopEnd', 'Loop end', 'time', '', 0, 1, 0.9, 1, 0, 10],
  // Amplitude envelope.
  ['attackMs', 'Attack', 'envelope', 'ms', 0, 10_000, 1, 4, 0, 0],
  ['decayMs', 'Decay', 'envelope', 'ms', 1, 20_000, 500, 4, 0, 0],
  ['sustain', 'Sustain', 'envelope', '', 0, 1, 1, 1, 0, 10],
  ['releaseMs', 'Release', 'envelope', 'ms', 1, 20_000, 250, 4, 0, 0],
  // Spectrum.
  ['tilt', 'Tilt', 'spectrum', 'dB/oct', -12, 12, 0, 1, 0, 10],
  ['oddEven', 'Odd / even', 'spectrum', '', -1, 1, 0, 1, 0, 10],
  ['stretch', 'Stretch', 'spectrum', '', -0.2, 0.2, 0, 1, 0, 10],
  ['noiseBalance', 'Noise balance', 'spectrum', '', -1, 1, 0, 1, 0, 10],
  ['formantShift', 'Formant shift', 'spectrum', 'semitones', -24, 24, 0, 1, 0, 10],
  // Unison.
  ['unison', 'Unison', 'unison', 'voices', 1, 8, 1, 1, 1, 0],
  ['detune', 'Detune', 'unison', 'cents', 0, 100, 12, 2, 0, 10],
  ['spread', 'Spread', 'unison', '', 0, 1, 0.5, 1, 0, 10],
  // Voices and tuning.
  ['voiceMode', 'Voice mode', 'voices', '', 0, 2, 0, 1, 1, 0, ['Poly', 'Mono', 'Legato']],
  ['voices', 'Voices', 'voices', 'voices', 1, 32, 16, 1, 1, 0],
  ['glideMs', 'Glide', 'voices', 'ms', 0, 5000, 0, 3, 0, 0],
  ['bendRange', 'Bend range', 'voices', 'semitones', 0, 96, 2, 2, 1, 0],
  ['transpose', 'Transpose', 'voices', 'semitones', -48, 48, 0, 1, 1, 0],
  ['fineTune', 'Fine tune', 'voices', 'cents', -100, 100, 0, 1, 0, 10],
  ['a4Hz', 'A4', 'voices', 'Hz', 400, 480, 440, 1, 0, 0],
  // Expression.
  ['velocityToLevel', 'Velocity to level', 'expression', '', 0, 1, 0.6, 1, 0, 0],
  ['pressureToLevel', 'Pressure to level', 'expression', 'dB', 0, 24, 6, 1, 0, 10],
  [
    'pressureMacro',
    'Pressure macro',
    'expression',
    '',
    0,
    8,
    1,
    1,
    1,
    0,
    ['None', '1', '2', '3', '4', '5', '6', '7', '8'],
  ],
  ['pressureDepth', 'Pressure depth', 'expression', '', -1, 1, 0.3, 1, 0, 10],
  ['slideMacro', 'Slide macro', 'expression', '', 0, 8, 1, 1, 1, 0, ['None', '1', '2', '3', '4', '5', '6', '7', '8']],
  ['slideDepth', 'Slide depth', 'expression', '', -1, 1, 0.5, 1, 0, 10],
  ['mpe', 'MPE', 'expression', '', 0, 2, 0, 1, 1, 0, ['Off', 'Lower zone', 'Both zones']],
  ['mpeBendRange', 'MPE bend range', 'expression', 'semitones', 0, 96, 48, 2, 1, 0],
  // Output.
  ['gainDb', 'Gain', 'output', 'dB', -60, 12, -6, 0.5, 0, 10],
  // A recorded path over the map (docs/contracts.md, "The path").
  ['pathDepth', 'Path depth', 'map', '', 0, 1, 0, 1, 0, 20, undefined, '0.2.0'],
  ['pathReach', 'Path reach', 'map', 'x', 0, 2, 1, 1, 0, 20, undefined, '0.2.0'],
  ['pathSync', 'Path loop', 'map', '', 0, 1, 0, 1, 1, 0, ['Seconds', 'Beats'], '0.2.0'],
  ['pathSeconds', 'Path seconds', 'map', 's', 0.1, 60, 4, 3, 0, 20, undefined, '0.2.0'],
  ['pathBeats', 'Path beats', 'map', 'beats', 1, 64, 4, 2, 1, 0, undefined, '0.2.0'],
  // How far a released note follows what its model says about releases.
  ['naturalRelease', 'Natural release', 'envelope', '', 0, 1, 1, 1, 0, 0, undefined, '0.2.0'],
];

export const parameters: readonly Parameter[] = rows.map(
  ([id, label, group, unit, min, max, initial, skew, step, smoothingMs, choices, since], index) => ({
    id,
    index,
    label,
    group,
    unit,
    min,
    max,
    default: initial,
    skew,
    step,
    ...(choices ? { choices } : {}),
    smoothingMs,
    automatable: true,
    since: since ?? '0.1.0',
  }),
);

const byId = new Map(parameters.map((parameter) => [parameter.id, parameter]));

/** The parameter of that id; an error sentence that lists near names where there is none. */
export function parameterById(id: string): Parameter {
  const found = byId.get(id);
  if (!found) {
    const near = parameters.filter((p) => p.id.toLowerCase().includes(id.toLowerCase().slice(0, 4))).map((p) => p.id);
    throw new RangeError(
      `There is no parameter "${id}"${near.length ? `; did you mean ${near.join(', ')}?` : '; docs/parameters.md lists them.'}`,
    );
  }
  return found;
}

/** Plain value of a normalised 0..1 position, on the parameter's step. */
export function toPlain(parameter: Parameter, normalised: number): number {
  const position = Math.min(1, Math.max(0, normalised));
  const plain = parameter.min + (parameter.max - parameter.min) * position ** parameter.skew;
  return snap(parameter, plain);
}

/** Normalised 0..1 position of a plain value (clamped to the range). */
export function toNormalised(parameter: Parameter, plain: number): number {
  const share = (plain - parameter.min) / (parameter.max - parameter.min);
  return Math.min(1, Math.max(0, share)) ** (1 / parameter.skew);
}

/** The plain value clamped to the range and rounded to the step. */
export function snap(parameter: Parameter, plain: number): number {
  const stepped = parameter.step > 0 ? Math.round(plain / parameter.step) * parameter.step : plain;
  return Math.min(parameter.max, Math.max(parameter.min, stepped));
}

/** A value as a musician reads it: number, unit or name of the choice. */
export function formatPlain(parameter: Parameter, plain: number): string {
  if (parameter.choices) return parameter.choices[Math.round(plain - parameter.min)] ?? String(plain);
  if (parameter.unit === 'ms' && plain >= 1000) return `${(plain / 1000).toFixed(2)} s`;
  const span = parameter.max - parameter.min;
  const digits = parameter.step >= 1 ? 0 : span > 50 ? 1 : 2;
  const counted = parameter.unit === 'voices' || parameter.unit === 'beats';
  const unit = counted && plain === 1 ? parameter.unit.slice(0, -1) : parameter.unit;
  return `${plain.toFixed(digits)}${unit ? ` ${unit}` : ''}`;
}
