// A picture of a page for the docs, with few colours so that it stays small.
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { root } from '../../scripts/build/paths.ts';

export async function keepPicture(page: Page, name: string): Promise<void> {
  const { size } = await sharp(await page.screenshot())
    .png({ palette: true, colours: 192, effort: 10 })
    .toFile(join(root, 'docs/pictures', `${name}.png`));
  console.log(`${name}: ${Math.round(size / 1024)} KiB`);
}
