import { testModel, testPreset } from '../test-model.ts';
import { belongs, counted, entryOf, library, onShelf, WHOLE_SHELF } from './shelf.ts';

const mine = { id: 'mine', preset: testPreset('Mine', 3, { tags: ['soft', 'dark'], author: 'Bo' }) };
const strange = {
  id: 'strange',
  preset: testPreset('Strange', 0, { model: { id: 'another', sha256: 'a'.repeat(64) } }),
};
const entries = library(testModel, [strange, mine]);
const names = (list: typeof entries): string[] => list.map(({ preset }) => preset.name);

describe('the library', () => {
  test('has the user’s presets first, each bank by name', () => {
    expect(names(entries)).toEqual(['Mine', 'Strange', 'One', 'Three', 'Two']);
  });

  test('knows the family of each sound, and which belongs to another model', () => {
    expect(entries.map(({ family }) => family)).toEqual(['Mallets', '', 'Mallets', 'Winds', 'Winds']);
    expect(belongs(strange.preset, testModel)).toBe(false);
    expect(belongs(mine.preset, testModel)).toBe(true);
  });

  test('finds the preset that plays, through the rounding of a file', () => {
    const [entry] = entries;
    expect(entryOf(entries, { ...entry.preset, latent: entry.preset.latent.map((z) => z + 1e-7) })).toBe(entry);
    expect(entryOf(entries, { ...entry.preset, name: 'Another' })).toBeUndefined();
  });
});

describe('a shelf', () => {
  const on = (part: Partial<typeof WHOLE_SHELF>, favourites: string[] = []): string[] =>
    names(onShelf(entries, { ...WHOLE_SHELF, ...part }, favourites));

  test('by bank', () => {
    expect(on({ bank: 'user' })).toEqual(['Mine', 'Strange']);
    expect(on({ bank: 'factory' })).toEqual(['One', 'Three', 'Two']);
    expect(on({ bank: 'favourites' }, ['user/mine', 'test.ui/Two'])).toEqual(['Mine', 'Two']);
  });

  test('by family and tag', () => {
    expect(on({ family: 'Winds' })).toEqual(['Three', 'Two']);
    expect(on({ tag: 'soft' })).toEqual(['Mine', 'Two']);
  });

  test('by words of name, tag, author and family, all of them', () => {
    expect(on({ text: 'ada' })).toEqual(['One']);
    expect(on({ text: 'soft bo' })).toEqual(['Mine']);
    expect(on({ text: 'winds t' })).toEqual(['Three', 'Two']);
    expect(on({ text: 'nothing such' })).toEqual([]);
  });

  test('counts what is most frequent first', () => {
    expect(counted(['b', 'a', '', 'b'])).toEqual([
      { name: 'b', count: 2 },
      { name: 'a', count: 1 },
    ]);
  });
});
