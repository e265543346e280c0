import { Memory, type Remembered } from './memory.ts';

describe('what is remembered', () => {
  test('is handed to the host as it changes', () => {
    const kept: Remembered[] = [];
    const memory = new Memory((value) => kept.push(value));
    memory.change({ scheme: 'dark' });
    memory.change({ favourites: ['a'] });
    expect(kept.at(-1)).toMatchObject({ scheme: 'dark', favourites: ['a'] });
  });

  test('comes back as it was', () => {
    let kept: unknown;
    const before = new Memory((value) => {
      kept = value;
    });
    before.change({ ribbon: 'wave', toured: true, author: 'Ada', favourites: ['x'] });
    const after = new Memory(() => {});
    expect(after.known.value).toBe(false);
    after.take(JSON.parse(JSON.stringify(kept)));
    expect(after.known.value).toBe(true);
    expect(after.value).toEqual(before.value);
  });

  test.each([null, 7, 'text', { scheme: 'purple', favourites: 'all', ribbon: 3, toured: 1 }])(
    'what cannot be used is left: %j',
    (kept) => {
      const memory = new Memory(() => {});
      const { value } = memory;
      memory.take(kept);
      expect(memory.value).toEqual(value);
    },
  );
});
