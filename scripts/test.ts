// `npm test`: every check and every test of every language, one after the other; ends with one line of counts.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pythonPath } from './bootstrap.mjs';
import { root } from './build/paths.ts';

interface Outcome {
  passed: number;
  failed: number;
}

interface Step {
  name: string;
  command: string;
  args: string[];
  cwd?: string;
  /** Counts of single tests, where the runner reports them; otherwise the step counts as one test. */
  counts?: () => Outcome;
}

const reports = mkdtempSync(join(tmpdir(), 'timbrefold-test-'));
const bin = (name: string): string => join(root, 'node_modules', '.bin', name);
const python = pythonPath();
const hostsPython = pythonPath('hosts');
const modelExport = join(root, 'model-export');
const hosts = join(root, 'test', 'hosts');

const jestCounts = (): Outcome => {
  const report = JSON.parse(readFileSync(join(reports, 'jest.json'), 'utf8')) as {
    numPassedTests: number;
    numFailedTests: number;
    numRuntimeErrorTestSuites: number;
  };
  return { passed: report.numPassedTests, failed: report.numFailedTests + report.numRuntimeErrorTestSuites };
};

/** The counts of a report in JUnit's format: pytest's, or CTest's. */
const junitCounts = (file: string) => (): Outcome => {
  const report = readFileSync(join(reports, file), 'utf8');
  const count = (name: string): number =>
    Number(new RegExp(`<testsuite\\s[^>]*\\b${name}="(\\d+)"`).exec(report)?.[1] ?? 0);
  const failed = count('failures') + count('errors');
  return { passed: count('tests') - failed - count('skipped'), failed };
};

const steps: Step[] = [
  { name: 'generated files', command: bin('tsx'), args: ['scripts/generate.ts', '--check'] },
  { name: 'types', command: bin('tsc'), args: ['--project', '.'] },
  { name: 'format and lint', command: bin('biome'), args: ['check', '.'] },
  { name: 'build', command: bin('tsx'), args: ['scripts/build.ts'] },
  {
    name: 'TypeScript and the core',
    command: process.execPath,
    args: [
      '--experimental-vm-modules',
      '--no-warnings',
      bin('jest'),
      '--json',
      `--outputFile=${join(reports, 'jest.json')}`,
    ],
    counts: jestCounts,
  },
  { name: 'Python format and lint', command: python, args: ['-m', 'ruff', 'check', '.'], cwd: modelExport },
  { name: 'Python types', command: python, args: ['-m', 'mypy', 'timbrefold_export'], cwd: modelExport },
  {
    name: 'Python',
    command: python,
    args: ['-m', 'pytest', '-q', `--junitxml=${join(reports, 'pytest.xml')}`],
    cwd: modelExport,
    counts: junitCounts('pytest.xml'),
  },
  { name: 'native shell', command: bin('tsx'), args: ['scripts/native.ts', 'plugin'] },
  { name: 'plug-in editor', command: bin('tsx'), args: ['test/native/editor.ts'] },
  {
    name: 'native shell with address and undefined-behaviour sanitizers',
    command: bin('tsx'),
    args: ['scripts/native.ts', 'asan'],
  },
  {
    name: 'Python of the host tests, format and lint',
    command: python,
    args: ['-m', 'ruff', 'check', '.'],
    cwd: hosts,
  },
  {
    name: 'plug-in in hosts',
    command: hostsPython,
    args: ['-m', 'pytest', '-q', '--rootdir=.', `--junitxml=${join(reports, 'hosts.xml')}`],
    cwd: hosts,
    counts: junitCounts('hosts.xml'),
  },
];

function run(step: Step): Promise<number> {
  return new Promise((resolve, reject) => {
    // Jest writes its JSON report to the file and, with --json, to stdout too: that copy is not for a reader.
    const quietStdout = step.args.includes('--json');
    const child = spawn(step.command, step.args, {
      cwd: step.cwd ?? root,
      stdio: ['ignore', quietStdout ? 'ignore' : 'inherit', 'inherit'],
    });
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

const only = process.argv.slice(2);
const total: Outcome = { passed: 0, failed: 0 };
const summary: string[] = [];
for (const step of steps.filter((s) => only.length === 0 || only.some((word) => s.name.includes(word)))) {
  console.log(`\n── ${step.name}`);
  const code = await run(step);
  let outcome: Outcome = code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
  if (step.counts) {
    try {
      const counted = step.counts();
      outcome = { passed: counted.passed, failed: Math.max(counted.failed, code === 0 ? 0 : 1) };
    } catch {
      // The runner ended before it could report: the step counts as one failure.
    }
  }
  total.passed += outcome.passed;
  total.failed += outcome.failed;
  summary.push(`${outcome.failed === 0 ? 'ok    ' : 'FAILED'}  ${step.name}`);
}
rmSync(reports, { recursive: true, force: true });
console.log(`\n${summary.join('\n')}\n\n${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed === 0 ? 0 : 1);
