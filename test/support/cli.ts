// Runs the built command line in a process of its own, as a musician would, in a fresh folder.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dist } from '../../scripts/build/paths.ts';

export interface CliResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A folder for one test file; `remove` it in afterAll. */
export class Workplace {
  readonly folder = mkdtempSync(join(tmpdir(), 'timbrefold-test-'));

  path(name: string): string {
    return join(this.folder, name);
  }

  /** Names of everything in it, hidden files included. */
  list(): string[] {
    return readdirSync(this.folder).sort();
  }

  run(...args: string[]): CliResult {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(dist, 'cli.mjs'), ...args], {
      cwd: this.folder,
      encoding: 'utf8',
      // Options of the test runner's own Node do not concern the child.
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    return { code: status, stdout, stderr };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
