import { tinyBundle } from '../../../test/support/tiny-bundle.ts';
import type { HostMessage } from '../../instrument/messages.ts';
import type { Preset } from '../../instrument/preset.ts';
import { readSession, writeSession } from '../../instrument/session.ts';
import { readBundle } from '../../model/bundle.ts';
import { coreModel } from '../../model/core-model.ts';
import type { LoadedModel } from '../thread-messages.ts';
import { Sounds } from './sounds.ts';

async function tinyModel(): Promise<LoadedModel> {
  const bundle = await readBundle(tinyBundle(), 'tiny.timbre');
  const { manifest, identity, map, presets } = bundle;
  return {
    identity,
    family: manifest.family,
    version: manifest.version,
    licence: manifest.licence,
    summary: '',
    macros: manifest.macros,
    points: map.points,
    presets,
    core: coreModel(bundle),
  };
}

async function open() {
  const said: HostMessage[] = [];
  const refused: string[] = [];
  const host = {
    voice: null,
    emit: (message: HostMessage) => void said.push(message),
    say: () => {},
    refuse: (_id: string, error: unknown) => void refused.push(String(error)),
  };
  const model = await tinyModel();
  const sounds = new Sounds(host);
  sounds.takeModel(model);
  const last = <T extends HostMessage['type']>(type: T): Extract<HostMessage, { type: T }> | undefined =>
    said.filter((message): message is Extract<HostMessage, { type: T }> => message.type === type).at(-1);
  return { sounds, model, last, refused };
}

const PATH = [0.1, 0.2, 0.8, 0.9, 0.5, 0.5];
const tuning = { name: 'Eleven', notes: Array.from({ length: 128 }, (_, key) => (key === 5 ? null : key + 0.5)) };

describe('the sounds of the page', () => {
  test('begin with the first preset, corners and no path', async () => {
    const { model, last } = await open();
    expect(last('sound')).toMatchObject({ preset: { name: model.presets[0].name }, index: 0 });
    expect(last('corners')?.corners.length).toBe(4);
    expect(last('path')?.path).toEqual([]);
  });

  test('a preset brings its path, the next one takes it away', async () => {
    const { sounds, model, last } = await open();
    const [first] = model.presets;
    sounds.take({ ...first, name: 'Walks', path: PATH });
    expect(last('path')?.path).toEqual(PATH);
    expect(last('sound')?.index).toBe(-1);
    sounds.take(first);
    expect(last('path')?.path).toEqual([]);
  });

  test('what is heard is captured as a file would have it', async () => {
    const { sounds } = await open();
    sounds.setParameter('macro2', 0.75);
    sounds.setParameter('tilt', 3);
    sounds.setPath(PATH);
    const captured = sounds.capture('  Mine ');
    expect(captured).toMatchObject({ name: 'Mine', parameters: { tilt: 3 }, path: PATH });
    expect(captured.macros[1]).toBe(0.75);
    expect(Object.keys(captured.parameters)).toEqual(['tilt']);
  });

  test('away from home without audio it says why it cannot', async () => {
    const { sounds } = await open();
    sounds.setParameter('mapX', 0.123);
    expect(() => sounds.capture('Mine')).toThrow('without audio');
  });

  test('a path or a tuning that is none is refused and changes nothing', async () => {
    const { sounds, last } = await open();
    sounds.setPath(PATH);
    expect(() => sounds.setPath([0.5])).toThrow('not a path');
    expect(() => sounds.setPath([0.5, 1.5])).toThrow('not a path');
    expect(last('path')?.path).toEqual(PATH);
    sounds.setTuning(tuning);
    expect(() => sounds.setTuning({ name: 'short', notes: [1, 2] })).toThrow('not a tuning');
    expect(last('tuning')?.tuning).toEqual(tuning);
  });

  test('a session brings everything back, path and tuning among it', async () => {
    const { sounds } = await open();
    sounds.setParameter('macro4', 0.9);
    sounds.setPath(PATH);
    sounds.setTuning(tuning);
    const session = sounds.session();
    if (!session) throw new Error('There is no session.');
    const kept = JSON.parse(JSON.stringify(writeSession(session)));
    const other = await open();
    other.sounds.resume(readSession(kept));
    expect(other.last('path')?.path).toEqual(PATH);
    expect(other.last('tuning')?.tuning).toEqual(tuning);
    expect(other.last('parameters')?.values.macro4).toBe(0.9);
    expect(other.sounds.session()).toEqual(session);
  });

  test('a session of another model waits, is given back, and goes when another sound is chosen', async () => {
    const { sounds, model, refused } = await open();
    const session = sounds.session();
    if (!session) throw new Error('There is no session.');
    const preset: Preset = { ...session.preset, model: { id: 'missing', sha256: 'b'.repeat(64) } };
    const strange = { ...session, preset };
    sounds.resume(strange);
    expect(refused[0]).toContain('missing');
    expect(sounds.session()).toBe(strange);
    sounds.take(model.presets[0]);
    expect(sounds.session()?.preset.model.id).toBe(model.identity.id);
  });

  test('a corner takes a point or a latent, and nothing of another length', async () => {
    const { sounds, model, last } = await open();
    sounds.setCorner(2, { point: 3 });
    expect(last('corners')?.corners[2].name).toBe(model.points[3].name);
    sounds.setCorner(2, { name: 'Wrong', latent: [1] });
    expect(last('corners')?.corners[2].name).toBe(model.points[3].name);
    sounds.setCorner(1, { name: 'Own', latent: [0, 0, 0, 0] });
    expect(last('corners')?.corners[1].name).toBe('Own');
  });
});
