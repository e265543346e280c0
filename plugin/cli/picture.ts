// `timbrefold picture`: the spectrogram of a sound file as a PNG, pitch upwards, a line at every C and every second.
import { type Command, InvalidArgumentError } from 'commander';
import { PNG } from 'pngjs';
import { ANALYSIS_RATE } from '../analysis/layout.ts';
import { rowOfKey, spectrogram } from '../analysis/spectrogram.ts';
import { Core } from '../engine/core.ts';
import { readSound } from './audio-file.ts';
import { coreModule } from './core-module.ts';
import { AtomicFile } from './files.ts';

/** Colours from silence to the loudest, red, green, blue. */
const COLOURS = [
  [9, 11, 20],
  [18, 34, 62],
  [22, 88, 108],
  [64, 160, 150],
  [226, 178, 92],
  [255, 244, 220],
] as const;
/** How much a grid line lightens what it crosses. */
const GRID = 0.12;

function colour(level: number, channel: 0 | 1 | 2): number {
  const place = Math.min(1, level) * (COLOURS.length - 1);
  const from = Math.min(COLOURS.length - 2, Math.floor(place));
  return COLOURS[from][channel] + (place - from) * (COLOURS[from + 1][channel] - COLOURS[from][channel]);
}

/** PNG of mono `sound` at ANALYSIS_RATE. */
export function drawSound(sound: Float32Array, width: number, core: Core): Uint8Array {
  const { height, levels } = spectrogram(sound, ANALYSIS_RATE, width, core);
  const png = new PNG({ width, height, colorType: 2 });
  const seconds = sound.length / ANALYSIS_RATE;
  const octaves = new Set(Array.from({ length: 10 }, (_, octave) => rowOfKey(24 + 12 * octave)));
  const bars = new Set(
    Array.from({ length: Math.ceil(seconds) }, (_, second) => Math.round((second / seconds) * width)),
  );
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const lift = octaves.has(y) || bars.has(x) ? GRID : 0;
      for (const channel of [0, 1, 2] as const) {
        const value = colour(levels[y * width + x], channel);
        png.data[4 * (y * width + x) + channel] = Math.round(value + lift * (255 - value));
      }
      png.data[4 * (y * width + x) + 3] = 255;
    }
  }
  return PNG.sync.write(png, { colorType: 2 });
}

function parseWidth(text: string): number {
  const width = Number(text);
  if (!(Number.isInteger(width) && width >= 100 && width <= 8000)) {
    throw new InvalidArgumentError('It must be a whole number from 100 to 8000.');
  }
  return width;
}

export function register(program: Command): void {
  program
    .command('picture')
    .description('draw the spectrogram of a sound: pitch upwards, a line at every C and every second')
    .argument('<sound>', 'sound file (WAV, FLAC, MP3, Ogg)')
    .requiredOption('-o, --output <file>', 'PNG to write')
    .option('--width <pixels>', 'width of the picture', parseWidth, 1200)
    .action(async (path: string, { output, width }: { output: string; width: number }) => {
      const sound = await readSound(path).catch((error: Error) => {
        throw new Error(`${path}: ${error.message}`);
      });
      const picture = drawSound(sound, width, Core.fromModule(coreModule()));
      const file = new AtomicFile(output);
      file.write(picture);
      file.commit();
    });
}
