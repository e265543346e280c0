// Files in and out: inputs read whole with a sentence where they cannot be, outputs that appear complete or not at all.
import { closeSync, openSync, readFileSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** The bytes of a file the user named; `what` says what it should be. @throws Error with a sentence */
export function readInput(path: string, what: string, maxBytes: number): Uint8Array<ArrayBuffer> {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) throw new Error(`The ${what} ${path} does not exist.`);
  if (!stat.isFile()) throw new Error(`The ${what} ${path} is not a file.`);
  if (stat.size > maxBytes) {
    throw new Error(
      `The ${what} ${path} has ${(stat.size / (1 << 20)).toFixed(0)} MiB; ${maxBytes >> 20} MiB are allowed.`,
    );
  }
  try {
    return new Uint8Array(readFileSync(path));
  } catch (error) {
    throw new Error(`The ${what} ${path} cannot be read (${(error as NodeJS.ErrnoException).code}).`);
  }
}

/** A file that is written under another name beside its place and takes its place when `commit` is called; until then the old one stays. */
export class AtomicFile {
  private readonly temporary: string;
  private readonly handle: number;
  private open = true;
  private readonly remove = (): void => this.abandon();

  /** @throws Error with a sentence where nothing can be written there */
  constructor(private readonly path: string) {
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory())
      throw new Error(`${path} is a folder, not a file to write.`);
    this.temporary = join(dirname(path), `.${basename(path)}.${process.pid}.part`);
    try {
      this.handle = openSync(this.temporary, 'w');
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      const why = code === 'ENOENT' ? 'its folder does not exist' : `${code}`;
      throw new Error(`${path} cannot be written: ${why}.`);
    }
    // An interrupted render leaves nothing behind.
    process.once('exit', this.remove);
  }

  /** Writes at `position`, or behind what was written last. */
  write(bytes: Uint8Array, position: number | null = null): void {
    try {
      for (let at = 0; at < bytes.length; ) {
        at += writeSync(this.handle, bytes, at, bytes.length - at, position === null ? null : position + at);
      }
    } catch (error) {
      this.abandon();
      const { code } = error as NodeJS.ErrnoException;
      throw new Error(`${this.path} cannot be written: ${code === 'ENOSPC' ? 'the disk is full' : code}.`);
    }
  }

  /** Puts the file in its place. */
  commit(): void {
    closeSync(this.handle);
    this.open = false;
    process.removeListener('exit', this.remove);
    try {
      renameSync(this.temporary, this.path);
    } catch (error) {
      rmSync(this.temporary, { force: true });
      throw new Error(`${this.path} cannot be written: ${(error as NodeJS.ErrnoException).code}.`);
    }
  }

  /** Drops what was written; whatever stood at the path stays. Does nothing after `commit`. */
  abandon(): void {
    if (!this.open) return;
    this.open = false;
    closeSync(this.handle);
    rmSync(this.temporary, { force: true });
    process.removeListener('exit', this.remove);
  }
}
