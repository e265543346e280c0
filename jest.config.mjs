// Unit tests stand beside their code, tests that cross folders in test/. Both run on the real WebAssembly core.
export default {
  testEnvironment: '<rootDir>/test/support/node-environment.mjs',
  roots: ['<rootDir>/dsp-core', '<rootDir>/plugin', '<rootDir>/ui', '<rootDir>/scripts', '<rootDir>/test'],
  testMatch: ['**/*.test.ts', '**/*.test.tsx'],
  transform: {
    '\\.[jt]sx?$': '<rootDir>/test/support/esbuild-transform.mjs',
    '\\.mjs$': '<rootDir>/test/support/esbuild-transform.mjs',
  },
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  moduleFileExtensions: ['ts', 'tsx', 'js', 'mjs', 'json', 'node'],
  testTimeout: 180_000,
};
