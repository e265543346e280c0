// The JSON Schemas by which Python checks what it writes, from the zod schemas by which the instrument reads it.
import * as z from 'zod';
import { presetSchema } from '../../plugin/instrument/preset.ts';
import { manifestSchema, mapSchema } from '../../plugin/model/manifest.ts';

const text = (schema: z.ZodType, title: string): string =>
  `${JSON.stringify({ title, ...z.toJSONSchema(schema) }, null, 2)}\n`;

export const manifestJsonSchema = (): string => text(manifestSchema, 'manifest.json of a Timbrefold bundle');
export const mapJsonSchema = (): string => text(mapSchema, 'map.json of a Timbrefold bundle');
export const presetJsonSchema = (): string => text(presetSchema, 'A Timbrefold preset');
