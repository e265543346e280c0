// One built page for all tests of a `describe`: made before the first, closed after the last, opened by each as often as it likes.
import { type OpenOptions, PageUnderTest, untilReady } from './page-under-test.ts';
import type { WatchedPage } from './watched-page.ts';

/** How long building the page may take where much else runs, ms. */
const BUILD_MS = 300_000;

interface PageForTests {
  /** There once the tests run. */
  readonly under: PageUnderTest;
  /** A new page, its sound being ready. */
  open(options?: OpenOptions): Promise<WatchedPage>;
}

/** `model`: bytes of the bundle that the page plays; the shipped one if absent. */
export function pageForTests(model?: Uint8Array): PageForTests {
  let under: PageUnderTest;
  beforeAll(async () => {
    under = await PageUnderTest.build(model);
  }, BUILD_MS);
  afterAll(() => under?.close());
  return {
    get under() {
      return under;
    },
    async open(options = {}) {
      const opened = await under.open(options);
      await untilReady(opened.page);
      return opened;
    },
  };
}
