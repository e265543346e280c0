// The parameter table as Web Audio Module parameters. Runs on the main thread and in the worklet.
import type { WamParameterConfiguration } from '@webaudiomodules/api';
import { type Parameter, parameters } from '../instrument/parameters.ts';

/** The SDK denormalises by x ** (1.5 ** exponent); this exponent makes that the table's skew, exactly. */
const exponentOf = (skew: number): number => Math.log(skew) / Math.log(1.5);

function typeOf(parameter: Parameter): WamParameterConfiguration['type'] {
  if (parameter.choices) return 'choice';
  return parameter.step > 0 ? 'int' : 'float';
}

export function wamConfiguration(parameter: Parameter): WamParameterConfiguration {
  return {
    type: typeOf(parameter),
    label: parameter.label,
    defaultValue: parameter.default,
    minValue: parameter.min,
    maxValue: parameter.max,
    discreteStep: parameter.step,
    exponent: exponentOf(parameter.skew),
    choices: parameter.choices ? [...parameter.choices] : [],
    units: parameter.unit,
  };
}

export const wamConfigurations: ReadonlyMap<string, WamParameterConfiguration> = new Map(
  parameters.map((parameter) => [parameter.id, wamConfiguration(parameter)]),
);
