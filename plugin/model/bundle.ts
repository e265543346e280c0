// Reads a bundle (name.timbre): an untrusted zip, checked in every part before anything of it is used. Browser and Node.
import type * as z from 'zod';
import { type ModelIdentity, modelMismatch, type Preset, parsePreset } from '../instrument/preset.ts';
import { MAX_FRAME, MAX_NOISE_BANDS, MAX_PARTIALS, MODEL_HEADER, STAGING_FLOATS } from '../instrument/protocol.ts';
import { schemaSentence } from '../instrument/schema-sentence.ts';
import {
  CONTRACT,
  type GraphRole,
  type GraphSpec,
  type Manifest,
  manifestSchema,
  mapSchema,
  type SoundMap,
} from './manifest.ts';
import { type OnnxSummary, summariseOnnx } from './onnx-summary.ts';
import { type ParityVectors, readParity } from './parity.ts';
import { readZip } from './zip.ts';

/** Bytes of a bundle, packed, at most. */
export const MAX_BUNDLE_BYTES = 64 << 20;
const LIMITS = { entries: 32, entryBytes: 64 << 20, totalBytes: 128 << 20 };
/** Characters of one JSON file, at most. */
const MAX_JSON_BYTES = 8 << 20;
const MAX_PRESETS = 1024;
/** Multiply-adds of a decoded row, at most: 16 voices ask for some 1,500 rows a second, which even at a tenth of this keeps a core busy. */
const MAX_ROW_MACS = 20_000_000;

const REQUIRED = ['manifest.json', 'presets.json', 'map.json', 'parity.npz', 'card.md', 'LICENSE'] as const;
const GRAPH_NAME = /^graphs\/[a-z0-9][a-z0-9_-]{0,60}\.onnx$/;

export interface Bundle {
  manifest: Manifest;
  /** What presets name the model by. */
  identity: ModelIdentity & { name: string; latentDim: number };
  map: SoundMap;
  presets: Preset[];
  parity: ParityVectors;
  card: string;
  licence: string;
  /** Bytes of each graph, as hashed. */
  graphs: ReadonlyMap<GraphRole, Uint8Array<ArrayBuffer>>;
  /** What each graph is made of. */
  summaries: ReadonlyMap<GraphRole, OnnxSummary>;
  /** Bytes of the zip. */
  packedBytes: number;
}

/** A bundle that is refused; the message is a sentence for the person who offered it. */
export class BundleError extends Error {
  override readonly name = 'BundleError';
}

/**
 * Reads and checks a bundle: limits, names, hashes, schema, and that all sizes fit each other and the core. The graphs are not run here.
 * `source` is the file's name in sentences.
 * @throws BundleError
 */
export async function readBundle(bytes: Uint8Array, source: string): Promise<Bundle> {
  const refuse = (why: string): never => {
    throw new BundleError(`The model ${source} was refused: ${why}.`);
  };
  const attempt = <T>(what: () => T): T => {
    try {
      return what();
    } catch (error) {
      return refuse((error as Error).message.replace(/\.$/, ''));
    }
  };
  if (bytes.length > MAX_BUNDLE_BYTES) {
    refuse(`it has ${(bytes.length / (1 << 20)).toFixed(0)} MiB and ${MAX_BUNDLE_BYTES >> 20} MiB are allowed`);
  }
  const known = (name: string): boolean => (REQUIRED as readonly string[]).includes(name) || GRAPH_NAME.test(name);
  const files = attempt(() => readZip(bytes, LIMITS, known));
  const file = (name: string): Uint8Array<ArrayBuffer> => files.get(name) ?? refuse(`${name} is missing`);
  for (const name of REQUIRED) file(name);

  const json = (name: string): unknown => {
    if (file(name).length > MAX_JSON_BYTES) refuse(`${name} is larger than ${MAX_JSON_BYTES >> 20} MiB`);
    return attempt(() => {
      try {
        return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(file(name)));
      } catch {
        throw new Error(`${name} is not JSON`);
      }
    });
  };
  const shaped = <T>(schema: z.ZodType<T>, name: string): T => {
    const value = json(name);
    const contract = name === 'manifest.json' ? (value as { contract?: unknown } | null)?.contract : undefined;
    if (typeof contract === 'number' && contract !== CONTRACT) {
      refuse(`it follows contract ${contract} and this Timbrefold reads ${CONTRACT}; update the one or the other`);
    }
    const parsed = schema.safeParse(value);
    return parsed.success ? parsed.data : refuse(`${name}: ${schemaSentence(parsed.error)}`);
  };

  const manifest = shaped(manifestSchema, 'manifest.json');
  const graphs = new Map<GraphRole, Uint8Array<ArrayBuffer>>();
  const hashes = new Map<string, string>(Object.entries(manifest.files));
  for (const [role, spec] of Object.entries(manifest.graphs) as [GraphRole, GraphSpec | undefined][]) {
    if (!spec) continue;
    if (hashes.has(spec.file)) refuse(`${spec.file} is listed twice`);
    hashes.set(spec.file, spec.sha256);
    graphs.set(role, file(spec.file));
  }
  for (const [name, data] of files) {
    if (name === 'manifest.json') continue;
    const expected = hashes.get(name) ?? refuse(`${name} is not listed in the manifest`);
    if ((await sha256Hex(data)) !== expected) refuse(`${name} is not the file the manifest lists (its hash differs)`);
  }
  for (const name of hashes.keys()) file(name);
  const summaries = new Map<GraphRole, OnnxSummary>();
  for (const [role, data] of graphs) {
    try {
      summaries.set(role, summariseOnnx(data));
    } catch (error) {
      refuse(`${manifest.graphs[role]?.file}: ${(error as Error).message}`);
    }
  }

  const macs = summaries.get('decoder')?.macs ?? 0;
  if (macs > MAX_ROW_MACS) {
    refuse(
      `a frame costs ${Math.round(macs / 1e6)} million multiply-adds, more than the ${MAX_ROW_MACS / 1e6} million that can be played`,
    );
  }
  const clash = firstClash(manifest);
  if (clash) refuse(clash);
  const { dim } = manifest.latent;
  const map = shaped(mapSchema, 'map.json');
  const odd = map.points.find((point) => point.latent.length !== dim);
  if (odd) refuse(`map.json: "${odd.name}" has ${odd.latent.length} latents, the model ${dim}`);
  if (MODEL_HEADER + 10 * dim + map.points.length * (2 + dim) > STAGING_FLOATS) {
    refuse(`its map of ${map.points.length} points of ${dim} latents is larger than the core takes`);
  }
  const identity = { id: manifest.id, sha256: manifest.graphs.decoder.sha256, name: manifest.name, latentDim: dim };
  const list = json('presets.json');
  if (!Array.isArray(list) || list.length === 0 || list.length > MAX_PRESETS) {
    return refuse(`presets.json must be a list of 1 to ${MAX_PRESETS} presets`);
  }
  const presets = list.map((entry, i) => attempt(() => parsePreset(entry, `${i + 1} of presets.json`)));
  for (const preset of presets) {
    const mismatch = modelMismatch(preset, identity);
    if (mismatch) refuse(mismatch.replace(/\.$/, ''));
  }
  const parity = attempt(() => readParity(file('parity.npz'), dim, frameSize(manifest)));
  const text = (name: string): string => new TextDecoder().decode(file(name));
  return {
    manifest,
    identity,
    map,
    presets,
    parity,
    card: text('card.md'),
    licence: text('LICENSE'),
    graphs,
    summaries,
    packedBytes: bytes.length,
  };
}

/** Payload floats of a frame: the sum of the layout. */
export const frameSize = (manifest: Manifest): number =>
  manifest.output.layout.reduce((sum, { size }) => sum + size, 0);

/** What this Timbrefold plays of all that a manifest may say, and that its numbers fit together; null where all is well. */
function firstClash(manifest: Manifest): string | null {
  const { latent, conditioning, output, time, state, macros, graphs } = manifest;
  if (output.kind !== 'partials') return `it makes "${output.kind}" frames; this version plays "partials"`;
  if (time.mode !== 'indexed') return `its time is "${time.mode}"; this version plays "indexed" models`;
  if (conditioning.pitch !== 'continuous')
    return `its pitch is "${conditioning.pitch}"; this version plays "continuous"`;
  if (state.length > 0) return 'it keeps state between frames, which this version does not play';
  if (output.scale !== 'dB') return `its levels are in "${output.scale}", not dB`;
  if (latent.mean.length !== latent.dim)
    return `latent.mean has ${latent.mean.length} numbers, latent.dim says ${latent.dim}`;
  if (latent.std.length !== latent.dim)
    return `latent.std has ${latent.std.length} numbers, latent.dim says ${latent.dim}`;
  const detail = latent.detail ?? 0;
  if (detail >= latent.dim)
    return `latent.detail is ${detail}, which leaves nothing of the ${latent.dim} latents to move`;
  for (const macro of macros) {
    if (macro.direction.length !== latent.dim) {
      return `the macro "${macro.label}" has ${macro.direction.length} numbers, latent.dim says ${latent.dim}`;
    }
  }
  if (conditioning.range[0] >= conditioning.range[1])
    return `its pitch range ${conditioning.range.join(' to ')} is empty`;
  const [sustainStart, sustainEnd] = time.sustain;
  if (sustainStart > sustainEnd || sustainEnd > time.maxSeconds) {
    return `its sustain region ${sustainStart} to ${sustainEnd} s does not lie within ${time.maxSeconds} s`;
  }
  const limits: Record<string, number> = {
    partials: MAX_PARTIALS,
    noise: MAX_NOISE_BANDS,
    inharmonicity: 1,
    cents: 1,
    detunes: MAX_PARTIALS,
    vibrato: 2,
    release: 1,
  };
  const seen = new Set<string>();
  for (const { name, size } of output.layout) {
    if (!(name in limits)) return `its frames carry "${name}", which this version does not know`;
    if (seen.has(name)) return `its frames carry "${name}" twice`;
    if (size > limits[name]) return `its frames carry ${size} values of "${name}", at most ${limits[name]} are allowed`;
    if (name === 'vibrato' && size !== 2) return 'its frames carry a vibrato of one value, not depth and rate';
    seen.add(name);
  }
  if (!seen.has('partials')) return 'its frames carry no partials';
  const floats = frameSize(manifest);
  if (floats > MAX_FRAME) return `its frames have ${floats} values, at most ${MAX_FRAME} are allowed`;
  return graphClash(graphs, latent.dim, floats, manifest.encoder ?? null);
}

/** Whether the tensors each graph declares are those of the contract. */
function graphClash(
  graphs: Manifest['graphs'],
  dim: number,
  floats: number,
  encoder: { frames: number; columns: number } | null,
): string | null {
  const frames = encoder?.frames ?? 0;
  const columns = encoder?.columns ?? 0;
  const wanted: Record<GraphRole, { inputs: Record<string, unknown[]>; outputs: Record<string, unknown[]> }> = {
    decoder: {
      inputs: { z: ['batch', dim], pitch: ['batch'], velocity: ['batch'], tau: ['batch'] },
      outputs: { frame: ['batch', floats] },
    },
    encoder: { inputs: { frames: [1, frames, columns], pitch: [1] }, outputs: { z: [1, dim] } },
    refine: {
      inputs: { z: [1, dim], pitch: [1], velocity: [1], target: [1, frames, columns] },
      outputs: { loss: [], gradient: [1, dim] },
    },
  };
  for (const role of ['decoder', 'encoder', 'refine'] as const) {
    const spec = graphs[role];
    if (!spec) continue;
    if (role !== 'decoder' && !encoder) return `it has a graph "${role}" but its manifest describes no encoder`;
    for (const side of ['inputs', 'outputs'] as const) {
      const expected = wanted[role][side];
      const names = spec[side].map(({ name }) => name);
      const missing = Object.keys(expected).find((name) => !names.includes(name));
      if (missing) return `the graph "${role}" lacks "${missing}" among its ${side}`;
      if (names.length !== Object.keys(expected).length)
        return `the graph "${role}" has ${side} too many: ${names.join(', ')}`;
      for (const { name, shape } of spec[side]) {
        if (shape.join() !== expected[name].join()) {
          return `"${name}" of the graph "${role}" has the shape (${shape.join(', ')}), not (${expected[name].join(', ')})`;
        }
      }
    }
  }
  return null;
}

/** SHA-256 in lower-case hexadecimal (WebCrypto). @throws Error where the page is not secure and so has none */
export async function sha256Hex(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  // Absent in insecure contexts, whatever the types say.
  const subtle = globalThis.crypto?.subtle as SubtleCrypto | undefined;
  if (!subtle)
    throw new Error('Models can be checked only on a secure page; open Timbrefold by https or from localhost.');
  const digest = new Uint8Array(await subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
