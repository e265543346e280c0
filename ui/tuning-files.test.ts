import { FakeBridge } from './fake-bridge.ts';
import { Store } from './store.ts';
import { testModel } from './test-model.ts';
import { takeTuningFile } from './tuning-files.ts';

const QUARTER = `! quarter.scl
Quarter tones
 24
${Array.from({ length: 24 }, (_, i) => ` ${((i + 1) * 50).toFixed(1)}`).join('\n')}
`;
/** Every key at 432 Hz for A. */
const A432 = ['0', '0', '127', '60', '69', '432.0', '12'].join('\n');

describe('a tuning by files', () => {
  const open = () => {
    const bridge = new FakeBridge(testModel);
    return { bridge, store: new Store(bridge) };
  };

  test('a scale retunes the keys, and undo takes it back', () => {
    const { store } = open();
    takeTuningFile(store, 'quarter.scl', QUARTER);
    expect(store.tuning.value?.name).toBe('Quarter tones');
    expect(store.tuning.value?.notes[62]).toBeCloseTo(61, 6);
    store.history.undo();
    expect(store.tuning.value).toBeNull();
    store.history.redo();
    expect(store.tuning.value?.notes[62]).toBeCloseTo(61, 6);
  });

  test('a mapping joins the scale that is there', () => {
    const { store } = open();
    takeTuningFile(store, 'quarter.scl', QUARTER);
    takeTuningFile(store, 'a432.kbm', A432);
    expect(store.tuning.value?.name).toBe('Quarter tones · a432.kbm');
    const notes = store.tuning.value?.notes ?? [];
    expect(notes[69]).toBeCloseTo(69 + 12 * Math.log2(432 / 440), 6);
    expect((notes[70] ?? 0) - (notes[69] ?? 0)).toBeCloseTo(0.5, 6);
  });

  test('nonsense is one sentence and changes nothing', () => {
    const { store } = open();
    takeTuningFile(store, 'bad.scl', 'only a name');
    expect(store.tuning.value).toBeNull();
    expect(store.notices.value.map(({ tone, text }) => [tone, text.includes('bad.scl')])).toEqual([['error', true]]);
  });
});
