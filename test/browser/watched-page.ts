// A page of a browser context of its own: what it plays is recorded, and what it complains about is collected.
import type { Browser, Page } from 'playwright-core';
import { installRecorder } from './recorder.ts';

/** How long a test waits for what it expects: much else may run on the machine. */
export const PATIENCE_MS = 90_000;

export interface WatchedPage {
  page: Page;
  /** Errors of scripts and of the console, as they come. */
  complaints: string[];
}

export async function openWatchedPage(
  browser: Browser,
  viewport: { width: number; height: number },
  serviceWorkers: 'allow' | 'block' = 'block',
): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport, serviceWorkers });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await installRecorder(page);
  return { page, complaints };
}
