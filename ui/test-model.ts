// A small model for the UI's tests: eight named macros, two families, three presets, a latent space of four numbers of which one is detail.
import type { ModelView } from '../plugin/instrument/messages.ts';
import type { Preset } from '../plugin/instrument/preset.ts';

export const TEST_IDENTITY = { id: 'test.ui', sha256: 'f'.repeat(64) };
const DIM = 4;

const points = [
  { name: 'Glass harp', family: 'Mallets', x: 0.2, y: 0.2 },
  { name: 'Flute', family: 'Winds', x: 0.6, y: 0.2 },
  { name: 'Pan flute', family: 'Winds', x: 0.8, y: 0.3 },
  { name: 'Celesta', family: 'Mallets', x: 0.2, y: 0.4 },
];
/** One after the other, as `SpaceView.latents`. */
const latents = [1, 0, 0, 0.1, 0, 1, 0, 0.2, 0, 1, 0.5, 0.3, 1, 0, 0.5, 0.4];

export function testPreset(name: string, point: number, more: Partial<Preset> = {}): Preset {
  return {
    format: 'timbrefold-preset',
    version: 1,
    name,
    model: TEST_IDENTITY,
    latent: latents.slice(point * DIM, (point + 1) * DIM),
    map: { x: points[point].x, y: points[point].y },
    macros: Array.from({ length: 8 }, () => 0.5),
    parameters: {},
    seed: 1,
    ...more,
  };
}

export const testModel: ModelView = {
  id: TEST_IDENTITY.id,
  name: 'Test model',
  family: 'test',
  version: '1.0.0',
  licence: 'MIT',
  summary: 'For tests.',
  macros: ['Brightness', 'Attack', 'Decay', 'Noise', 'Stretch', 'Hollow', 'Motion', 'Body'].map((label) => ({
    label,
    description: '',
  })),
  points,
  presets: [
    testPreset('One', 0, { tags: ['bright', 'bell'], author: 'Ada' }),
    testPreset('Two', 1, { tags: ['soft'] }),
    testPreset('Three', 2),
  ],
  maxSeconds: 3,
  space: {
    dim: DIM,
    detail: 1,
    interpolation: 'lerp',
    mean: [0, 0, 0, 0],
    std: [1, 1, 2, 0.5],
    // Each macro moves one of the first three numbers.
    directions: Array.from({ length: 8 }, (_, macro) => [0, 1, 2, 3].map((i) => (i === macro % 3 ? 1 : 0))),
    latents: Float32Array.from(latents),
  },
};
