// Presets carried by drag and drop: inside the instrument, and out of it as a file.
import { type Preset, parsePreset, writePreset } from '../../plugin/instrument/preset.ts';

const TYPE = 'application/x-timbrefold-preset';

export function presetFileName({ name }: Preset): string {
  const kept = name
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '')
    .toLowerCase();
  return `${kept || 'preset'}.json`;
}

/** Fills what is dragged: the preset itself, and where the browser knows of it (Chromium) a file for the desktop. */
export function carryPreset(event: DragEvent, preset: Preset): void {
  const carried = event.dataTransfer;
  if (!carried) return;
  const text = writePreset(preset);
  carried.effectAllowed = 'copy';
  carried.setData(TYPE, text);
  carried.setData('text/plain', text);
  carried.setData(
    'DownloadURL',
    `application/json:${presetFileName(preset)}:data:application/json,${encodeURIComponent(text)}`,
  );
}

export const carriesPreset = (event: DragEvent): boolean => event.dataTransfer?.types.includes(TYPE) ?? false;

/** The preset that was dropped, null where it is something else. */
export function carriedPreset(event: DragEvent): Preset | null {
  const text = event.dataTransfer?.getData(TYPE);
  if (!text) return null;
  try {
    return parsePreset(JSON.parse(text), 'that was dropped');
  } catch {
    return null;
  }
}
