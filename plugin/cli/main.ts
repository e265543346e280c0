#!/usr/bin/env node
// The command line: `timbrefold render | inspect | check | encode | analyse | resynthesise`. Exit codes: 0 done, 1 failed, 2 wrong use.
import { Command, CommanderError } from 'commander';
import { register as registerAnalyse } from './analyse.ts';
import { register as registerCheck } from './check.ts';
import { register as registerEncode } from './encode.ts';
import { register as registerInspect } from './inspect.ts';
import { register as registerRender } from './render.ts';
import { register as registerResynthesise } from './resynthesise.ts';
import { version } from './version.ts';

const FAILED = 1;
const WRONG_USE = 2;

const program = new Command('timbrefold')
  .description('Timbrefold, a neural synthesizer: render, encode and inspect from the command line')
  .version(version)
  .showHelpAfterError('(add --help for what there is)')
  .exitOverride();
for (const register of [
  registerRender,
  registerInspect,
  registerCheck,
  registerEncode,
  registerAnalyse,
  registerResynthesise,
])
  register(program);

// Killed by Ctrl-C, the process still ends by `exit`, so that half-written files are removed.
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => process.exit(signal === 'SIGINT' ? 130 : 143));

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    // Help and version end by an "error" of exit code 0.
    process.exitCode = error.exitCode === 0 ? 0 : WRONG_USE;
  } else {
    console.error(`timbrefold: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = FAILED;
  }
}
