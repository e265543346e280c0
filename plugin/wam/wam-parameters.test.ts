import getWamParameterInfo from '@webaudiomodules/sdk/src/WamParameterInfo.js';
import { parameters, toPlain } from '../instrument/parameters.ts';
import { wamConfigurations } from './wam-parameters.ts';

describe('WAM parameters', () => {
  const WamParameterInfo = getWamParameterInfo();

  test('are those of the table, in its order', () => {
    expect([...wamConfigurations.keys()]).toEqual(parameters.map(({ id }) => id));
  });

  test('have the same curve in the SDK as in the table', () => {
    for (const parameter of parameters.filter(({ step }) => step === 0)) {
      const info = new WamParameterInfo(parameter.id, wamConfigurations.get(parameter.id));
      for (const position of [0, 0.1, 0.5, 0.9, 1]) {
        expect(info.denormalize(position)).toBeCloseTo(toPlain(parameter, position), 6);
      }
      expect(info.defaultValue).toBe(parameter.default);
    }
  });
});
