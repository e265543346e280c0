// Jest transform: esbuild strips the types (type-checking is `npm run typecheck`); modules stay ES modules.
import { transformSync } from 'esbuild';

export default {
  process(source, path) {
    const loader = path.endsWith('.tsx') ? 'tsx' : path.endsWith('.ts') ? 'ts' : 'js';
    const { code, map } = transformSync(source, {
      loader,
      format: 'esm',
      target: 'es2022',
      jsx: 'automatic',
      jsxImportSource: 'preact',
      sourcemap: true,
      sourcefile: path,
    });
    return { code, map };
  },
};
