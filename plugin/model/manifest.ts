// The manifest of a bundle and its map as schemas; types and the JSON Schema for Python come from here. See docs/contracts.md.
import * as z from 'zod';
import { MAX_FRAME, MAX_LATENT, MAX_MAP_POINTS } from '../instrument/protocol.ts';

/** Version of the bundle contract this reader knows. */
export const CONTRACT = 1;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hexadecimal digits');
const text = (max: number) => z.string().min(1).max(max);

const tensorSchema = z.object({
  name: text(100),
  /** Sizes; "batch" is the one dynamic axis and comes first. */
  shape: z.array(z.union([z.literal('batch'), z.number().int().min(1).max(1_000_000)])).max(4),
});

const graphSchema = z.object({
  file: z.string().regex(/^graphs\/[a-z0-9][a-z0-9_-]{0,60}\.onnx$/, 'must look like graphs/name.onnx'),
  sha256,
  inputs: z.array(tensorSchema).min(1).max(16),
  outputs: z.array(tensorSchema).min(1).max(16),
});

export const manifestSchema = z.object({
  contract: z.literal(CONTRACT),
  id: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,99}$/, 'must be lower-case letters, digits, dots and dashes'),
  name: text(100),
  family: text(100),
  version: text(40),
  licence: text(100),
  audio: z.object({
    sampleRate: z.number().int().min(8000).max(192_000),
    hop: z.number().int().min(1).max(8192),
    fftSize: z.number().int().min(64).max(32_768),
    window: text(40),
  }),
  latent: z.object({
    /** Numbers of the whole latent: z, then detail. */
    dim: z.number().int().min(1).max(MAX_LATENT),
    /** How many of its trailing numbers are detail: what makes an encoded sound that very sound, and what macros and drift leave alone. */
    detail: z
      .number()
      .int()
      .min(0)
      .max(MAX_LATENT - 1)
      .optional(),
    prior: text(40),
    mean: z.array(z.number()),
    std: z.array(z.number().positive()),
    interpolation: z.enum(['lerp', 'slerp']),
  }),
  conditioning: z.object({
    pitch: z.enum(['continuous', 'onehot', 'none']),
    range: z.tuple([z.number().min(0).max(127), z.number().min(0).max(127)]),
    velocity: z.boolean(),
  }),
  output: z.object({
    kind: z.enum(['partials', 'magnitude', 'mel', 'complex', 'magnitude-if', 'waveform']),
    layout: z
      .array(z.object({ name: text(40), size: z.number().int().min(1).max(MAX_FRAME) }))
      .min(1)
      .max(8),
    floorDb: z.number().min(-200).max(0),
    scale: text(20),
  }),
  time: z.object({
    mode: z.enum(['indexed', 'oneshot', 'stateful']),
    maxSeconds: z.number().positive().max(60),
    sustain: z.tuple([z.number().min(0), z.number().min(0)]),
    batchFrames: z.number().int().min(1).max(1024),
    lookahead: z.number().int().min(0).max(64),
  }),
  state: z.array(tensorSchema).max(16),
  macros: z
    .array(z.object({ label: text(40), description: z.string().max(400), direction: z.array(z.number()) }))
    .length(8),
  encoder: z
    .object({
      features: text(60),
      frames: z.number().int().min(1).max(1024),
      columns: z.number().int().min(1).max(1024),
    })
    .nullish(),
  graphs: z.object({ decoder: graphSchema, encoder: graphSchema.optional(), refine: graphSchema.optional() }),
  /** Hash of every file of the zip that is neither the manifest nor a graph. */
  files: z.record(z.string(), sha256),
});

export const mapSchema = z.object({
  points: z
    .array(
      z.object({
        name: text(200),
        family: text(100),
        x: z.number().min(0).max(1),
        y: z.number().min(0).max(1),
        latent: z.array(z.number()),
      }),
    )
    .min(1)
    .max(MAX_MAP_POINTS),
});

export type Manifest = z.infer<typeof manifestSchema>;
export type SoundMap = z.infer<typeof mapSchema>;
export type GraphSpec = z.infer<typeof graphSchema>;
export type TensorSpec = z.infer<typeof tensorSchema>;
export type GraphRole = keyof Manifest['graphs'];
