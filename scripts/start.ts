// `npm start`: builds the core, the command line and the page, then serves the instrument and opens it.
import { buildCli } from './build/cli.ts';
import { buildCore } from './build/core.ts';
import { buildPage } from './build/page.ts';
import { serve } from './serve.ts';

console.log('Building the instrument …');
await buildCore();
await Promise.all([buildCli(), buildPage()]);
await serve(process.argv.slice(2));
