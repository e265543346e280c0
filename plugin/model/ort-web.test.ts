// ONNX Runtime Web gives the same frames as ONNX Runtime for Node, and refuses the same graphs.

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { root } from '../../scripts/build/paths.ts';
import { TINY, tinyBundle } from '../../test/support/tiny-bundle.ts';
import { FRAME_HEADER, ROW, ROW_HEADER } from '../instrument/protocol.ts';
import { readBundle } from './bundle.ts';
import { openNodeDecoder } from './ort-node.ts';
import { configureWebRuntime, openWebDecoder, openWebGraph } from './ort-web.ts';
import { parityError } from './parity.ts';

configureWebRuntime(pathToFileURL(join(root, 'node_modules', 'onnxruntime-web', 'dist', '/')).href);

describe('ONNX Runtime Web', () => {
  test('agrees with Node', async () => {
    const bundle = await readBundle(tinyBundle(), 'tiny.timbre');
    const web = await openWebDecoder(bundle);
    const node = await openNodeDecoder(bundle);
    const count = 70;
    const rows = Float32Array.from({ length: count * (ROW_HEADER + TINY.dim) }, (_, i) => {
      const column = i % (ROW_HEADER + TINY.dim);
      return column === ROW.pitch ? 30 + i * 0.05 : Math.sin(i);
    });
    const [byWeb, byNode] = [0, 1].map(() => new Float32Array(count * (FRAME_HEADER + TINY.frame)));
    await web.decode(rows, count, byWeb);
    await node.decode(rows, count, byNode);
    const worst = byWeb.reduce((most, value, i) => Math.max(most, Math.abs(value - byNode[i])), 0);
    expect(worst).toBeLessThan(1e-3);
    expect(await parityError(web, bundle.parity)).toBeLessThan(1e-3);
    const encoder = await openWebGraph(bundle, 'encoder');
    const { z } = await encoder!.run({
      frames: new Float32Array(TINY.frames * TINY.columns).fill(-40),
      pitch: Float32Array.of(60),
    });
    expect(z).toHaveLength(TINY.dim);
    await Promise.all([web.dispose(), node.dispose(), encoder!.dispose()]);
  });

  test('refuses a graph with another latent size', async () => {
    const bytes = tinyBundle({ decoder: (graph) => ({ ...graph, inputs: { ...graph.inputs, z: ['batch', 5] } }) });
    await expect(openWebDecoder(await readBundle(bytes, 'x.timbre'))).rejects.toThrow(
      /^The model Tiny was refused: graphs\/decoder\.onnx is not/,
    );
  });
});
