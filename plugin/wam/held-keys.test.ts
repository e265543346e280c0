import { HeldKeys } from './held-keys.ts';

describe('held keys', () => {
  test('are let go on their own channels, pedals last', () => {
    const held = new HeldKeys();
    held.hear([0x90, 60, 100]);
    held.hear([0x93, 61, 1]);
    held.hear([0xb0, 64, 127]);
    expect(held.release()).toEqual([
      [0x80, 60, 64],
      [0x83, 61, 64],
      [0xb0, 64, 0],
    ]);
    expect(held.release()).toEqual([]);
  });

  test('that went up by themselves are not let go again', () => {
    const held = new HeldKeys();
    held.hear([0x90, 60, 100]);
    held.hear([0x90, 62, 100]);
    held.hear([0x80, 60, 64]);
    // A note-on of velocity 0 is a note-off.
    held.hear([0x90, 62, 0]);
    held.hear([0xb0, 64, 127]);
    held.hear([0xb0, 64, 0]);
    held.hear([0xb0, 1, 127]);
    expect(held.release()).toEqual([]);
  });
});
