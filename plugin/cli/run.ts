// What `timbrefold` does with its arguments: finds the command, runs it, turns every outcome into an exit code and a sentence.
import { Command, CommanderError } from 'commander';
import { register as registerAnalyse } from './analyse.ts';
import { register as registerCheck } from './check.ts';
import { register as registerEncode } from './encode.ts';
import { register as registerExport } from './export.ts';
import { register as registerInspect } from './inspect.ts';
import { register as registerPicture } from './picture.ts';
import { register as registerRender } from './render.ts';
import { register as registerResynthesise } from './resynthesise.ts';
import { version } from './version.ts';

/** Exit codes: 0 is done. */
const FAILED = 1;
const WRONG_USE = 2;

const commands = [
  registerRender,
  registerExport,
  registerEncode,
  registerInspect,
  registerCheck,
  registerAnalyse,
  registerResynthesise,
  registerPicture,
];

/** Runs one command line (without the names of Node and the program) and says the exit code. Never throws. */
export async function runCli(args: readonly string[]): Promise<number> {
  const program = new Command('timbrefold')
    .description('Timbrefold, a neural synthesizer: render, encode and inspect from the command line')
    .version(version)
    .showHelpAfterError('(add --help for what there is)')
    .exitOverride();
  for (const register of commands) register(program);
  try {
    await program.parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    // Commander has said what is wrong with the arguments; help and version end by an "error" of exit code 0.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : WRONG_USE;
    console.error(`timbrefold: ${error instanceof Error ? error.message : String(error)}`);
    return FAILED;
  }
}
