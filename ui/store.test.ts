import { FakeBridge } from './fake-bridge.ts';
import { Store } from './store.ts';
import { testModel } from './test-model.ts';

function open(): { bridge: FakeBridge; store: Store; clock: { ms: number } } {
  const clock = { ms: 0 };
  const bridge = new FakeBridge(testModel);
  return { bridge, store: new Store(bridge, () => clock.ms), clock };
}

describe('parameters', () => {
  test('show what the host echoes, not what was asked', () => {
    const { bridge, store } = open();
    store.set('unison', 3.4);
    expect(bridge.requests.at(-1)).toEqual({ type: 'parameter', id: 'unison', value: 3 });
    expect(store.value('unison')).toBe(3);
    bridge.emit({ type: 'parameters', values: { unison: 5, unheardOf: 1 } });
    expect(store.value('unison')).toBe(5);
  });

  test('a gesture is framed for the host and is one undo step', () => {
    const { bridge, store } = open();
    const from = bridge.requests.length;
    store.begin(['macro1']);
    for (const value of [0.6, 0.7, 0.8]) store.set('macro1', value);
    store.end();
    expect(bridge.requests.slice(from).map((r) => (r.type === 'gesture' ? r.phase : r.type))).toEqual([
      'begin',
      'parameter',
      'parameter',
      'parameter',
      'end',
    ]);
    expect(store.history.undoLabel.value).toBe('Brightness');
    store.history.undo();
    expect(store.value('macro1')).toBe(0.5);
    expect(store.history.undoLabel.value).toBeNull();
    store.history.redo();
    expect(store.value('macro1')).toBe(0.8);
  });

  test('a touch without a change leaves no step', () => {
    const { store } = open();
    store.begin(['macro1']);
    store.set('macro1', 0.5);
    store.end();
    expect(store.history.undoLabel.value).toBeNull();
  });

  test('quick steps of one control are one undo, slow ones are two', () => {
    const { store, clock } = open();
    store.change({ macro2: 0.51 });
    clock.ms += 100;
    store.change({ macro2: 0.52 });
    clock.ms += 5000;
    store.change({ macro2: 0.6 });
    store.history.undo();
    expect(store.value('macro2')).toBe(0.52);
    store.history.undo();
    expect(store.value('macro2')).toBe(0.5);
  });

  test('a new change forgets what was undone', () => {
    const { store } = open();
    store.change({ macro1: 0.9 });
    store.history.undo();
    store.change({ macro2: 0.1 });
    expect(store.history.redoLabel.value).toBeNull();
  });

  test('both coordinates of a place return together', () => {
    const { store } = open();
    const { x, y } = testModel.points[0];
    store.change({ mapX: 0.9, mapY: 0.8 }, 'place on the map');
    store.history.undo();
    expect([store.value('mapX'), store.value('mapY')]).toEqual([x, y]);
  });
});

describe('sounds', () => {
  test('the next preset is one undo step that brings every parameter back', () => {
    const { store } = open();
    store.change({ tilt: 3 });
    store.stepPreset(1);
    expect(store.sound.value?.preset.name).toBe('Two');
    expect(store.value('tilt')).toBe(0);
    store.history.undo();
    expect(store.sound.value?.preset.name).toBe('One');
    expect(store.value('tilt')).toBe(3);
    store.history.redo();
    expect(store.sound.value?.preset.name).toBe('Two');
  });

  test('presets go around the end', () => {
    const { store } = open();
    store.stepPreset(-1);
    expect(store.sound.value?.preset.name).toBe('Three');
    store.stepPreset(1);
    expect(store.sound.value?.preset.name).toBe('One');
  });

  test('A and B keep a sound each', () => {
    const { store } = open();
    store.change({ macro1: 0.2 });
    store.compare('B');
    expect(store.value('macro1')).toBe(0.2);
    store.change({ macro1: 0.9 });
    store.compare('A');
    expect(store.value('macro1')).toBe(0.2);
    store.compare('B');
    expect(store.value('macro1')).toBe(0.9);
  });

  test('a corner of the morph pad can be undone', () => {
    const { store } = open();
    expect(store.corners.value.map(({ name }) => name)).toEqual(['One', 'Two', 'Three']);
    store.setCorner(1, 3);
    expect(store.corners.value[1].name).toBe('Celesta');
    store.history.undo();
    expect(store.corners.value[1].name).toBe('Two');
  });
});

describe('keys and notices', () => {
  test('held keys are those of every player, and the last one is remembered', () => {
    const { bridge, store } = open();
    store.send({ type: 'noteOn', key: 60, velocity: 1, channel: 0 });
    bridge.emit({ type: 'key', key: 67, down: true });
    expect([...store.heldKeys.value]).toEqual([60, 67]);
    bridge.emit({ type: 'key', key: 67, down: false });
    expect([...store.heldKeys.value]).toEqual([60]);
    expect(store.lastKey.value).toBe(67);
  });

  test('a notice replaces the one of its kind and can be dismissed', () => {
    const { store } = open();
    store.notify('model', 'First.');
    store.notify('model', 'Second.');
    expect(store.notices.value.map(({ text }) => text)).toEqual(['Second.']);
    store.dismiss('model');
    expect(store.notices.value).toEqual([]);
  });
});

describe('what outlives the UI', () => {
  test('undo and A/B go on where a UI that was closed left them', () => {
    const bridge = new FakeBridge(testModel);
    const first = new Store(bridge);
    first.change({ macro1: 0.2 });
    first.compare('B');
    first.change({ macro1: 0.9 });
    first.dispose();
    const second = new Store(bridge);
    expect(second.slot.value).toBe('B');
    expect(second.history.undoLabel.value).toBe('Brightness');
    second.history.undo();
    expect(second.value('macro1')).toBe(0.2);
    second.history.redo();
    second.compare('A');
    expect(second.value('macro1')).toBe(0.2);
  });

  test('nothing is taken up that belongs to another model', () => {
    const bridge = new FakeBridge(testModel);
    const first = new Store(bridge);
    first.change({ macro1: 0.2 });
    first.dispose();
    Object.assign(bridge.kept.session as object, { model: 'e'.repeat(64) });
    expect(new Store(bridge).history.undoLabel.value).toBeNull();
  });

  test('has no end', () => {
    const { store, clock } = open();
    for (let i = 0; i < 1000; i++) {
      store.change({ macro1: (i % 90) / 100 });
      clock.ms += 5000;
    }
    for (let i = 0; i < 1000; i++) store.history.undo();
    expect(store.value('macro1')).toBe(0.5);
  });
});

describe('presets of the user', () => {
  const keep = async (name: string) => {
    const opened = open();
    opened.store.storePreset(null, await opened.store.capture(name));
    return opened;
  };

  test('what is kept plays under its name and stands in the library', async () => {
    const { store } = await keep('Kept');
    expect(store.sound.value?.preset.name).toBe('Kept');
    expect(store.entry.value?.id).toBe('stored-1');
    expect(store.own.value.map(({ name }) => name)).toEqual(['Kept']);
  });

  test('saving again goes over it', async () => {
    const { store, bridge } = await keep('Kept');
    store.storePreset('stored-1', { ...(await store.capture('Kept')), tags: ['new'] });
    expect(bridge.storedPresets.map(({ id, preset }) => [id, preset.tags])).toEqual([['stored-1', ['new']]]);
  });

  test('one that was removed comes back by undo', async () => {
    const { store, bridge } = await keep('Kept');
    const entry = store.entry.value;
    if (!entry) throw new Error('It is not in the library.');
    store.removePreset(entry);
    expect(bridge.storedPresets).toEqual([]);
    store.history.undo();
    expect(bridge.storedPresets.map(({ id, preset }) => [id, preset.name])).toEqual([['stored-1', 'Kept']]);
  });

  test('init is the middle of the model with every control at rest', () => {
    const { store } = open();
    store.change({ tilt: 4, macro1: 1 });
    store.init();
    expect(store.sound.value?.preset.latent).toEqual(testModel.space.mean);
    expect([store.value('tilt'), store.value('macro1')]).toEqual([0, 0.5]);
  });
});

describe('a path', () => {
  test('is set with its loop in one step, and undone with it', () => {
    const { store } = open();
    store.setPath([0.1, 0.1, 0.9, 0.9], { pathDepth: 1, pathSeconds: 2 });
    expect(store.path.value).toEqual([0.1, 0.1, 0.9, 0.9]);
    expect([store.value('pathDepth'), store.value('pathSeconds')]).toEqual([1, 2]);
    store.history.undo();
    expect(store.path.value).toEqual([]);
    expect(store.value('pathDepth')).toBe(0);
  });

  test('goes with its sound through undo and A/B', () => {
    const { store } = open();
    store.setPath([0.1, 0.1, 0.9, 0.9], { pathDepth: 1 });
    store.stepPreset(1);
    expect(store.path.value).toEqual([]);
    store.history.undo();
    expect(store.path.value).toEqual([0.1, 0.1, 0.9, 0.9]);
  });
});

describe('a sound that was dropped', () => {
  const result = {
    preset: testModel.presets[2],
    pitch: 60,
    score: 5,
    refined: false,
    refinable: true,
    warnings: [],
    original: { width: 1, height: 1, levels: new Uint8Array(1), seconds: 1 },
    resynthesis: { width: 1, height: 1, levels: new Uint8Array(1), seconds: 1 },
  };
  const done = { fileName: 'x.wav', stage: 'done', progress: 1, sentence: '', result } as const;

  test('plays when it is encoded, among the sounds it is most like', () => {
    const { bridge, store } = open();
    store.encode('x.wav', new ArrayBuffer(4));
    expect(store.sheet.value).toBe('yours');
    bridge.emit({ type: 'encoding', encoding: done });
    expect(store.sound.value?.preset.latent).toEqual(result.preset.latent);
    // Progress that tells of the same result is no new sound.
    store.stepPreset(1);
    bridge.emit({ type: 'encoding', encoding: { ...done, stage: 'refining' } });
    expect(store.sound.value?.preset.name).not.toBe('Three');
  });

  test('goes into the corner it was dropped on, and the sound stays', () => {
    const { bridge, store } = open();
    store.encode('x.wav', new ArrayBuffer(4), 1);
    bridge.emit({ type: 'encoding', encoding: done });
    expect(store.corners.value[1].name).toBe('Three');
    expect(store.sound.value?.preset.name).toBe('One');
  });
});
