// The reader accepts a good bundle and refuses every bad one with a sentence that says what is wrong.
import { describe, expect, test } from '@jest/globals';
import { strToU8, zipSync } from 'fflate';
import { TINY, type TinyChanges, tinyBundle } from '../../test/support/tiny-bundle.ts';
import { MAX_BUNDLE_BYTES, readBundle } from './bundle.ts';
import { coreModel } from './core-model.ts';

const refusal = async (bytes: Uint8Array): Promise<string> => {
  try {
    await readBundle(bytes, 'x.timbre');
  } catch (error) {
    expect((error as Error).name).toBe('BundleError');
    return (error as Error).message;
  }
  throw new Error('The bundle was accepted.');
};

describe('a good bundle', () => {
  test('is read whole', async () => {
    const bundle = await readBundle(tinyBundle(), 'tiny.timbre');
    expect(bundle.identity).toEqual({
      id: 'test.tiny',
      name: 'Tiny',
      latentDim: TINY.dim,
      sha256: bundle.manifest.graphs.decoder.sha256,
    });
    expect(bundle.presets.map(({ name }) => name)).toEqual(['Plain', 'Bright']);
    expect(bundle.parity.rows).toBe(16);
    expect([...bundle.graphs.keys()]).toEqual(['decoder', 'encoder', 'refine']);
    expect(bundle.summaries.get('decoder')?.macs).toBe(7 * 8 + 8 * TINY.frame);
    expect(bundle.licence).toBe('MIT\n');
  });

  test('tells the core where things lie in a frame', async () => {
    const model = coreModel(await readBundle(tinyBundle(), 'tiny.timbre'));
    expect(model).toMatchObject({
      latentDim: 4,
      frameSize: 49,
      partialOffset: 0,
      noiseOffset: 40,
      inharmonicityOffset: 48,
    });
    expect(model.centsOffset).toBe(-1);
    expect(model).toMatchObject({
      latentDetail: 0,
      detunesOffset: -1,
      detunes: 0,
      vibratoOffset: -1,
      releaseOffset: -1,
    });
    expect(model.macros.map((offset) => offset.length)).toEqual(new Array(8).fill(4));
    expect(model.map).toHaveLength(12);
  });

  test('may carry every column, in any order, and detail', async () => {
    const layout = [
      { name: 'vibrato', size: 2 },
      { name: 'partials', size: 30 },
      { name: 'release', size: 1 },
      { name: 'detunes', size: 6 },
      { name: 'noise', size: 8 },
      { name: 'cents', size: 1 },
      { name: 'inharmonicity', size: 1 },
    ];
    const bundle = await readBundle(
      tinyBundle({
        manifest: (m) => ({ ...m, latent: { ...m.latent, detail: 3 }, output: { ...m.output, layout } }),
      }),
      'rich.timbre',
    );
    expect(coreModel(bundle)).toMatchObject({
      latentDim: 4,
      latentDetail: 3,
      frameSize: 49,
      vibratoOffset: 0,
      partialOffset: 2,
      partials: 30,
      releaseOffset: 32,
      detunesOffset: 33,
      detunes: 6,
      noiseOffset: 39,
      centsOffset: 47,
      inharmonicityOffset: 48,
    });
  });

  test('is read from a zip without compression too', async () => {
    const bytes = tinyBundle({ zip: (files) => zipSync(files, { level: 0 }) as Uint8Array<ArrayBuffer> });
    expect((await readBundle(bytes, 'tiny.timbre')).manifest.name).toBe('Tiny');
  });
});

describe('a damaged zip is refused', () => {
  test.each([0.1, 0.5, 0.9, 0.999])('cut off after %d of its length', async (share) => {
    const bytes = tinyBundle();
    expect(await refusal(bytes.subarray(0, Math.floor(bytes.length * share)))).toMatch(
      /^The model x\.timbre was refused: it is not a whole zip/,
    );
  });

  test('something else', async () => {
    expect(await refusal(strToU8('RIFF....WAVE'))).toContain('it is not a whole zip file');
    expect(await refusal(new Uint8Array(0))).toContain('it is not a whole zip file');
  });

  test('larger than allowed', async () => {
    expect(await refusal(new Uint8Array(MAX_BUNDLE_BYTES + 1))).toContain('64 MiB are allowed');
  });

  test('a flipped bit anywhere is never accepted', async () => {
    const good = tinyBundle({ zip: (files) => zipSync(files, { level: 0 }) as Uint8Array<ArrayBuffer> });
    const manifest = (await readBundle(good, 'x')).manifest;
    for (let at = 97; at < good.length; at += 997) {
      const bad = good.slice();
      bad[at] ^= 0x10;
      // A bit of the zip's own book-keeping (times, checksums) may flip unseen; what is read must then still be the same.
      const outcome = await readBundle(bad, 'x').catch((error: Error) => error.message);
      if (typeof outcome === 'string') expect(outcome).toMatch(/^The model x was refused: .+\.$/);
      else expect(JSON.stringify(outcome.manifest).length).toBe(JSON.stringify(manifest).length);
    }
  });
});

describe('a hostile zip is refused', () => {
  const withFile = (name: string, data = strToU8('x')): Uint8Array =>
    tinyBundle({
      files: (files) => {
        files[name] = data as Uint8Array<ArrayBuffer>;
      },
    });

  test.each([
    '../../etc/passwd',
    '/etc/passwd',
    'graphs/../../x.onnx',
    'C:\\x.onnx',
    'graphs/',
    'notes.txt',
    'graphs/a.onnx.data',
    'GRAPHS/a.onnx',
  ])('the entry %s', async (name) => {
    expect(await refusal(withFile(name))).toContain('an entry that does not belong there');
  });

  test('a graph that no manifest lists', async () => {
    expect(await refusal(withFile('graphs/extra.onnx'))).toContain('graphs/extra.onnx is not listed in the manifest');
  });

  test('too many entries', async () => {
    const bytes = tinyBundle({
      files: (files) => {
        for (let i = 0; i < 40; i++) files[`graphs/g${i}.onnx`] = strToU8('x') as Uint8Array<ArrayBuffer>;
      },
    });
    expect(await refusal(bytes)).toContain('more than 32 entries');
  });

  test('a bomb that says how large it is', async () => {
    const bytes = withFile('graphs/bomb.onnx', new Uint8Array((64 << 20) + 1));
    expect(bytes.length).toBeLessThan(1 << 20);
    expect(await refusal(bytes)).toContain('more than 64.0 MiB');
  });

  test('a bomb that lies about its size', async () => {
    const bytes = withFile('graphs/bomb.onnx', new Uint8Array(32 << 20)).slice();
    const name = strToU8('graphs/bomb.onnx');
    const lie = new Uint8Array(4);
    new DataView(lie.buffer).setUint32(0, 1000, true);
    // The unpacked size stands 24 bytes after the signature in the central directory, 22 in the local header.
    for (let at = 0; at < bytes.length - name.length; at++) {
      if (!name.every((byte, i) => bytes[at + i] === byte)) continue;
      if (bytes[at - 46] === 0x50 && bytes[at - 44] === 1) bytes.set(lie, at - 46 + 24);
      else bytes.set(lie, at - 30 + 22);
    }
    expect(await refusal(bytes)).toContain('unpacks to more than the 1000 bytes it declares');
  });

  test('the same name twice', async () => {
    const name = 'graphs/twin1.onnx';
    const bytes = tinyBundle({
      files: (files) => {
        files[name] = strToU8('one') as Uint8Array<ArrayBuffer>;
        files['graphs/twin2.onnx'] = strToU8('two') as Uint8Array<ArrayBuffer>;
      },
    }).slice();
    const second = strToU8('twin2');
    for (let at = 0; at < bytes.length - 5; at++) {
      if (second.every((byte, i) => bytes[at + i] === byte)) bytes[at + 4] = '1'.charCodeAt(0);
    }
    expect(await refusal(bytes)).toContain(`it holds "${name}" twice`);
  });
});

describe('content that does not fit is refused', () => {
  const cases: [string, TinyChanges, string | RegExp][] = [
    [
      'a file with another hash',
      { files: (f) => Object.assign(f, { 'card.md': strToU8('forged') }) },
      'card.md is not the file the manifest lists',
    ],
    [
      'a decoder with another hash',
      { files: (f) => void f['graphs/decoder.onnx'].set([0], 100) },
      'graphs/decoder.onnx is not the file the manifest lists',
    ],
    ['a missing file', { files: (f) => void delete f['map.json'] }, 'map.json is missing'],
    ['a missing graph', { files: (f) => void delete f['graphs/refine.onnx'] }, 'graphs/refine.onnx is missing'],
    [
      'a manifest that is no JSON',
      { files: (f) => Object.assign(f, { 'manifest.json': strToU8('{') }) },
      'manifest.json is not JSON',
    ],
    [
      'NaN in the manifest',
      { files: (f) => Object.assign(f, { 'manifest.json': strToU8('{"contract": NaN}') }) },
      'manifest.json is not JSON',
    ],
    [
      'a newer contract',
      { manifest: (m) => ({ ...m, contract: 2 }) },
      'it follows contract 2 and this Timbrefold reads 1',
    ],
    ['a missing field', { manifest: ({ macros: _, ...m }) => m }, /manifest\.json: macros: /],
    [
      'a graph outside of graphs/',
      { manifest: (m) => ({ ...m, graphs: { decoder: { ...m.graphs.decoder, file: '../x.onnx' } } }) },
      'graphs.decoder.file: must look like graphs/name.onnx',
    ],
    [
      'latent means of another length',
      { manifest: (m) => ({ ...m, latent: { ...m.latent, mean: [0] } }) },
      'latent.mean has 1 numbers, latent.dim says 4',
    ],
    [
      'more latents than the core takes',
      { manifest: (m) => ({ ...m, latent: { ...m.latent, dim: 321 } }) },
      'manifest.json: latent.dim: ',
    ],
    [
      'a macro of another length',
      { manifest: (m) => ({ ...m, macros: m.macros.map((macro) => ({ ...macro, direction: [1] })) }) },
      'the macro "Brightness" has 1 numbers',
    ],
    ['seven macros', { manifest: (m) => ({ ...m, macros: m.macros.slice(1) }) }, 'manifest.json: macros: '],
    [
      'a layout that does not sum to the frame',
      { manifest: (m) => ({ ...m, output: { ...m.output, layout: [{ name: 'partials', size: 40 }] } }) },
      '"frame" of the graph "decoder" has the shape (batch, 49), not (batch, 40)',
    ],
    [
      'a frame column nobody knows',
      {
        manifest: (m) => ({ ...m, output: { ...m.output, layout: [...m.output.layout, { name: 'smell', size: 1 }] } }),
      },
      'its frames carry "smell"',
    ],
    [
      'too many partials',
      { manifest: (m) => ({ ...m, output: { ...m.output, layout: [{ name: 'partials', size: 129 }] } }) },
      'its frames carry 129 values of "partials"',
    ],
    [
      'a vibrato without its rate',
      {
        manifest: (m) => ({
          ...m,
          output: { ...m.output, layout: [...m.output.layout, { name: 'vibrato', size: 1 }] },
        }),
      },
      'a vibrato of one value, not depth and rate',
    ],
    [
      'detail that leaves nothing to move',
      { manifest: (m) => ({ ...m, latent: { ...m.latent, detail: 4 } }) },
      'latent.detail is 4, which leaves nothing of the 4 latents to move',
    ],
    [
      'half a detail',
      { manifest: (m) => ({ ...m, latent: { ...m.latent, detail: 0.5 } }) },
      'manifest.json: latent.detail: ',
    ],
    [
      'an output kind of a later version',
      { manifest: (m) => ({ ...m, output: { ...m.output, kind: 'mel' } }) },
      'it makes "mel" frames',
    ],
    [
      'a sustain region beyond the end',
      { manifest: (m) => ({ ...m, time: { ...m.time, sustain: [1, 9] } }) },
      'its sustain region 1 to 9 s does not lie within 2 s',
    ],
    [
      'an empty pitch range',
      { manifest: (m) => ({ ...m, conditioning: { ...m.conditioning, range: [60, 60] } }) },
      'its pitch range 60 to 60 is empty',
    ],
    [
      'a decoder without tau',
      {
        manifest: (m) => ({
          ...m,
          graphs: { ...m.graphs, decoder: { ...m.graphs.decoder, inputs: m.graphs.decoder.inputs.slice(0, 3) } },
        }),
      },
      'the graph "decoder" lacks "tau" among its inputs',
    ],
    [
      'a map point of another length',
      { map: (map) => ({ points: map.points.map((p) => ({ ...p, latent: [0] })) }) },
      'map.json: "Sound 1" has 1 latents, the model 4',
    ],
    [
      'a map point off the map',
      { map: (map) => ({ points: map.points.map((p) => ({ ...p, x: 1.5 })) }) },
      'map.json: points[0].x: ',
    ],
    [
      'a preset for another model',
      { presets: (list) => list.map((p) => ({ ...p, model: { ...p.model, id: 'else' } })) },
      'was made for the model else',
    ],
    ['no presets', { presets: () => [] }, 'presets.json must be a list of 1 to 1024 presets'],
    [
      'a preset with an unknown parameter',
      { presets: (list) => list.map((p) => ({ ...p, parameters: { volume: 1 } })) },
      '"volume", which is not a parameter',
    ],
    [
      'a loop in the graph',
      { decoder: (g) => ({ ...g, nodes: [...g.nodes, { op: 'Loop', inputs: ['z'], output: 'y' }] }) },
      'graphs/decoder.onnx: it uses the operator Loop',
    ],
    [
      'a decoder that no machine can play',
      {
        decoder: (g) => ({
          ...g,
          constants: { ...g.constants, big: { shape: [250, 250], data: new Float32Array(250 * 250) } },
          nodes: [
            ...g.nodes,
            ...Array.from({ length: 400 }, (_, i) => ({ op: 'MatMul', inputs: ['big', 'big'], output: `y${i}` })),
          ],
        }),
      },
      'a frame costs 50 million multiply-adds, more than the 20 million that can be played',
    ],
    [
      'randomness in the graph',
      { decoder: (g) => ({ ...g, nodes: [...g.nodes, { op: 'RandomNormalLike', inputs: ['z'], output: 'y' }] }) },
      'the operator RandomNormalLike',
    ],
  ];
  test.each(cases)('%s', async (_, changes, sentence) => {
    const message = await refusal(tinyBundle(changes));
    expect(message).toMatch(/^The model x\.timbre was refused: .+[^.]\.$/);
    if (typeof sentence === 'string') expect(message).toContain(sentence);
    else expect(message).toMatch(sentence);
  });
});
