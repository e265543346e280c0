// `npm run audit`: Lighthouse, offline, over the page as built: performance, accessibility and best practices in numbers, and what they are lowered by.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildPage } from './build/page.ts';
import { dist, root } from './build/paths.ts';
import { chromiumFlags, chromiumPath } from './open-browser.ts';
import { serve } from './serve.ts';

const CATEGORIES = ['performance', 'accessibility', 'best-practices'] as const;
/** Every category must reach this. */
const WANTED = 95;
/** The run in the middle counts: what else the machine does makes single runs differ. */
const RUNS = 3;
/** An instrument for a desk: Lighthouse's own desktop settings. */
const PRESET = 'desktop';

interface Audit {
  id: string;
  title: string;
  score: number | null;
  displayValue?: string;
}

interface Report {
  categories: Record<string, { title: string; score: number; auditRefs: { id: string; weight: number }[] }>;
  audits: Record<string, Audit>;
}

/** Lighthouse as a process of its own, since it keeps its browser's state in globals. */
function lighthouse(address: string, file: string): Promise<void> {
  const args = [
    join(root, 'node_modules/lighthouse/cli/index.js'),
    address,
    '--quiet',
    `--preset=${PRESET}`,
    `--only-categories=${CATEGORIES.join(',')}`,
    '--output=json',
    `--output-path=${file}`,
    '--no-enable-error-reporting',
    '--max-wait-for-load=60000',
    `--chrome-flags=${['--headless=new', ...chromiumFlags].join(' ')}`,
  ];
  return new Promise((resolve, reject) => {
    const env = { ...process.env, CHROME_PATH: chromiumPath() };
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'inherit'] });
    child.on('error', reject);
    child.on('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`Lighthouse ended with code ${code}; its message stands above.`)),
    );
  });
}

/** Scores 0..100 by category, and for each what lowered it, of the run in the middle by performance. */
export async function audit(): Promise<{ name: string; score: number; lowered: string[] }[]> {
  if (!existsSync(join(dist, 'page', 'index.html'))) await buildPage();
  const folder = mkdtempSync(join(tmpdir(), 'timbrefold-audit-'));
  const served = await serve({ port: 0, isolation: true });
  try {
    const reports: Report[] = [];
    for (let run = 0; run < RUNS; run++) {
      const file = join(folder, `${run}.json`);
      await lighthouse(served.address, file);
      reports.push(JSON.parse(readFileSync(file, 'utf8')) as Report);
    }
    reports.sort((a, b) => a.categories.performance.score - b.categories.performance.score);
    const { categories, audits } = reports[RUNS >> 1];
    return Object.values(categories).map(({ title, score, auditRefs }) => ({
      name: title,
      score: Math.round(score * 100),
      lowered: auditRefs
        .filter(({ id, weight }) => weight > 0 && (audits[id].score ?? 1) < 0.9)
        .map(({ id }) => `${audits[id].title}${audits[id].displayValue ? `: ${audits[id].displayValue}` : ''}`),
    }));
  } finally {
    await served.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function main(): Promise<void> {
  const found = await audit();
  for (const { name, score, lowered } of found) {
    console.log(`${String(score).padStart(3)}  ${name}`);
    for (const what of lowered) console.log(`       ${what}`);
  }
  if (found.some(({ score }) => score < WANTED)) process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
