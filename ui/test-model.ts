// A small model for the UI's tests: eight named macros, two families, three presets.
import type { ModelView } from '../plugin/instrument/messages.ts';

export const testModel: ModelView = {
  id: 'test.ui',
  name: 'Test model',
  family: 'test',
  version: '1.0.0',
  licence: 'MIT',
  summary: 'For tests.',
  macros: ['Brightness', 'Attack', 'Decay', 'Noise', 'Stretch', 'Hollow', 'Motion', 'Body'].map((label) => ({
    label,
    description: '',
  })),
  points: [
    { name: 'Glass harp', family: 'Mallets', x: 0.2, y: 0.2 },
    { name: 'Flute', family: 'Winds', x: 0.6, y: 0.2 },
    { name: 'Pan flute', family: 'Winds', x: 0.8, y: 0.3 },
    { name: 'Celesta', family: 'Mallets', x: 0.2, y: 0.4 },
  ],
  presets: [{ name: 'One' }, { name: 'Two' }, { name: 'Three' }],
  maxSeconds: 3,
};
