// How a plain value is written and read in the UI: percent for shares of one, otherwise the table's own format.
import { formatPlain, type Parameter, snap } from '../plugin/instrument/parameters.ts';

const isShare = (parameter: Parameter): boolean =>
  parameter.unit === '' && !parameter.choices && parameter.max === 1 && (parameter.min === 0 || parameter.min === -1);

/** A value as it stands beside its control, with its unit. */
export function valueText(parameter: Parameter, plain: number): string {
  return isShare(parameter) ? `${Math.round(plain * 100)} %` : formatPlain(parameter, plain);
}

/** The same without its unit, for the middle of a knob. */
export function shortValueText(parameter: Parameter, plain: number): string {
  return isShare(parameter) ? String(Math.round(plain * 100)) : formatPlain(parameter, plain);
}

/** Plain value (on the parameter's range and step) of what somebody typed, null where it is no value of this parameter. */
export function parseValue(parameter: Parameter, text: string): number | null {
  const typed = text.trim().toLowerCase().replace(',', '.').replace('−', '-');
  if (parameter.choices) {
    const named = parameter.choices.findIndex((choice) => choice.toLowerCase() === typed);
    if (named >= 0) return parameter.min + named;
  }
  const match = /^([-+]?(?:\d+\.?\d*|\.\d+))\s*([a-z%/]*)$/.exec(typed);
  if (!match) return null;
  const number = Number(match[1]);
  const suffix = match[2];
  if (isShare(parameter)) return snap(parameter, number / 100);
  if (parameter.unit === 'ms' && suffix === 's') return snap(parameter, number * 1000);
  if (parameter.unit === 'Hz' && suffix.startsWith('k')) return snap(parameter, number * 1000);
  return snap(parameter, number);
}
