// Makes docs/pictures/demo-host.png: the module in the demo host, played by the host's keyboard while its curve automates a macro. `npx tsx test/wam/host-picture.ts`
import { serveDemoHost } from '../../scripts/demo-host.ts';
import { openBrowser } from '../../scripts/open-browser.ts';
import { keepPicture } from '../browser/keep-picture.ts';
import { openWatchedPage } from '../browser/watched-page.ts';

const served = await serveDemoHost({ port: 0, tryNext: false, isolated: false, community: null });
const browser = await openBrowser();
try {
  const { page } = await openWatchedPage(browser, { width: 1360, height: 1290 });
  page.setDefaultTimeout(240_000);
  await page.goto(served.address);
  await page.getByRole('button', { name: 'Add' }).click();
  await page.locator('.map-foot', { hasText: /sounds/ }).waitFor();
  await page.getByRole('button', { name: 'Skip' }).click();
  // Every key of the first sound is prepared, and its picture drawn.
  await page.locator('[data-testid="load"][data-waiting="0"]').waitFor();
  await page.waitForTimeout(5000);
  await page.getByLabel('Parameter to automate').selectOption('macro1');
  await page.getByRole('button', { name: 'Run' }).press('Enter');
  const key = await page.getByRole('button', { name: 'E 4', exact: true }).boundingBox();
  if (!key) throw new Error('The keyboard of the host is not to be seen.');
  await page.mouse.move(key.x + key.width / 2, key.y + key.height * 0.9);
  await page.mouse.down();
  await page.waitForFunction(() => Number(document.querySelector('#lane-value')?.textContent) > 0.8);
  await keepPicture(page, 'demo-host');
} finally {
  await browser.close();
  await served.close();
}
