import { FakeBridge } from '../fake-bridge.ts';
import { Store } from '../store.ts';
import { testModel } from '../test-model.ts';

function open() {
  const bridge = new FakeBridge(testModel);
  const store = new Store(bridge);
  return { bridge, store, latent: () => store.sound.value?.preset.latent ?? [] };
}

describe('finding', () => {
  test('a seed brings its sound back', async () => {
    const { store, latent } = open();
    await store.finder.draw('random', 4711);
    const first = [...latent()];
    expect(store.sound.value?.preset.name).toBe('Random 4711');
    await store.finder.draw('random', 4712);
    expect(latent()).not.toEqual(first);
    await store.finder.repeat(4711);
    expect(latent()).toEqual(first);
    expect(store.finder.seed.value).toBe(4711);
  });

  test('is one undo step, and leaves the hands where they were', async () => {
    const { store, latent } = open();
    store.change({ macro3: 0.8, tilt: 2 });
    const before = [...latent()];
    await store.finder.draw('change', 5);
    expect(latent()).not.toEqual(before);
    expect([store.value('macro3'), store.value('tilt')]).toEqual([0.8, 2]);
    store.history.undo();
    expect(latent()).toEqual(before);
    expect(store.sound.value?.preset.name).toBe('One');
  });

  test('puts the puck where the new sound is at home', async () => {
    const { store } = open();
    await store.finder.draw('random', 9);
    const { x, y } = store.sound.value?.preset.map ?? { x: -1, y: -1 };
    expect([store.value('mapX'), store.value('mapY')]).toEqual([x, y]);
    expect(store.value('morphMix')).toBe(0);
  });

  test('a change of a change is named once', async () => {
    const { store } = open();
    await store.finder.draw('change', 1);
    await store.finder.draw('change', 2);
    expect(store.sound.value?.preset.name).toBe('One, changed');
  });

  test('locked macros keep their direction still', async () => {
    const { store, latent } = open();
    store.locked.value = [0];
    const before = latent()[0];
    await store.finder.draw('change', 3);
    expect(latent()[0]).toBeCloseTo(before, 9);
  });

  test('what was turned away from is remembered until it is forgotten', async () => {
    const { store } = open();
    await store.finder.draw('less', 1);
    await store.finder.draw('less', 2);
    expect(store.finder.disliked.value.length).toBe(2);
    store.finder.forget();
    expect(store.finder.disliked.value).toEqual([]);
  });

  test('between two is where it should be', () => {
    const { store, latent } = open();
    const [a, b] = store.corners.value;
    store.finder.playBetween(a, b, 0.25);
    latent().forEach((value, i) => {
      expect(value).toBeCloseTo(0.75 * a.latent[i] + 0.25 * b.latent[i], 9);
    });
    expect(store.sound.value?.preset.name).toBe('One and Two');
  });
});
