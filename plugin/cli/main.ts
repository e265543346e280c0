#!/usr/bin/env node
// The command line: `timbrefold render | export | inspect | check | encode | analyse | resynthesise`. Exit codes: 0 done, 1 failed, 2 wrong use.
import { runCli } from './run.ts';

// Killed by Ctrl-C, the process still ends by `exit`, so that half-written files are removed.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => process.exit(signal === 'SIGINT' ? 130 : 143));
}

process.exitCode = await runCli(process.argv.slice(2));
