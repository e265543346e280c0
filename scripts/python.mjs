// Runs the project's Python with `timbrefold_export` importable: npm run python -- -m timbrefold_export evaluate
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pythonPath } from './bootstrap.mjs';

const modelExport = join(dirname(fileURLToPath(import.meta.url)), '..', 'model-export');
const search = [modelExport, process.env.PYTHONPATH].filter(Boolean).join(':');
const child = spawn(pythonPath(), process.argv.slice(2), {
  stdio: 'inherit',
  env: { ...process.env, PYTHONPATH: search },
});
child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
