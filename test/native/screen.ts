// A screen of its own (Xvfb) with a hand on it (xdotool) and an eye (its pixels as PNG).
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PNG } from 'pngjs';

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export class Screen {
  private constructor(
    private readonly server: ChildProcess,
    /** What programs find it by: the variable DISPLAY. */
    readonly display: string,
    private readonly pixels: string,
  ) {}

  /** Opens one; its pixels lie in a file below `folder`. */
  static async open(folder: string, width: number, height: number): Promise<Screen> {
    const pixels = join(folder, `screen-${Date.now()}`);
    mkdirSync(pixels, { recursive: true });
    const server = spawn(
      'Xvfb',
      ['-displayfd', '3', '-screen', '0', `${width}x${height}x24`, '-fbdir', pixels, '-nolisten', 'tcp'],
      { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] },
    );
    const number = await new Promise<string>((resolve, reject) => {
      server.on('error', () =>
        reject(new Error('Xvfb could not be started; "node scripts/bootstrap.mjs test" installs it.')),
      );
      server.stdio[3]?.once('data', (data: Buffer) => resolve(data.toString().trim()));
    });
    return new Screen(server, `:${number}`, join(pixels, 'Xvfb_screen0'));
  }

  close(): void {
    this.server.kill();
  }

  click(x: number, y: number): void {
    this.xdotool('mousemove', String(x), String(y), 'click', '1');
  }

  /** Presses with the mouse, moves, lets go. */
  drag(x: number, y: number, dx: number, dy: number): void {
    this.xdotool('mousemove', String(x), String(y), 'mousedown', '1');
    for (let step = 1; step <= 4; step++)
      this.xdotool('mousemove', String(x + (dx * step) / 4), String(y + (dy * step) / 4));
    this.xdotool('mouseup', '1');
  }

  type(key: string): void {
    this.xdotool('key', key);
  }

  /** Keys that go down and stay there. */
  hold(...keys: string[]): void {
    for (const key of keys) this.xdotool('keydown', key);
  }

  /** The whole screen. */
  picture(): PNG {
    return readWindowDump(readFileSync(this.pixels));
  }

  /** Writes a part of the screen as a file. */
  savePicture(file: string, { x, y, width, height }: Box): void {
    const part = new PNG({ width, height });
    PNG.bitblt(this.picture(), part, x, y, width, height, 0, 0);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, PNG.sync.write(part, { colorType: 2 }));
  }

  /** Where the windows on an empty (black) screen stand; null where there are none. */
  occupied(): Box | null {
    const { data, width, height } = this.picture();
    let [left, top, right, bottom] = [width, height, -1, -1];
    for (let at = 0; at < width * height; at++) {
      if (data[4 * at] + data[4 * at + 1] + data[4 * at + 2] === 0) continue;
      const x = at % width;
      const y = (at - x) / width;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
    return right < 0 ? null : { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
  }

  private xdotool(...words: string[]): void {
    const { status } = spawnSync('xdotool', words, { env: { ...process.env, DISPLAY: this.display } });
    if (status !== 0) throw new Error(`xdotool ${words.join(' ')} failed.`);
  }
}

/** How many colours a picture has. */
export function colours({ data }: PNG): number {
  const found = new Set<number>();
  for (let at = 0; at < data.length; at += 4) found.add(data.readUInt32BE(at) >>> 8);
  return found.size;
}

/** X's own format of a screen (xwd, version 7), 32 bits a pixel. */
function readWindowDump(bytes: Buffer): PNG {
  const word = (index: number): number => bytes.readUInt32BE(4 * index);
  const [headerSize, width, height, bytesPerLine, colourCount] = [word(0), word(4), word(5), word(12), word(19)];
  const start = headerSize + 12 * colourCount;
  const png = new PNG({ width, height });
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const pixel = bytes.readUInt32LE(start + y * bytesPerLine + 4 * x);
      const at = 4 * (y * width + x);
      png.data.writeUInt32BE(((pixel << 8) | 0xff) >>> 0, at);
    }
  }
  return png;
}
