// A preset in the address of the page becomes its sound; what is wrong with one is said, and the page plays on.
import { writePresetLink } from '../../plugin/export/preset-link.ts';
import type { Preset } from '../../plugin/instrument/preset.ts';
import { tinyBundle } from '../support/tiny-bundle.ts';
import { PageUnderTest } from './page-under-test.ts';

describe('a link', () => {
  let under: PageUnderTest;
  let preset: Preset;
  beforeAll(async () => {
    const bundle = tinyBundle({
      presets: (presets) => {
        preset = { ...presets[1], name: 'From afar', macros: [0.9, ...new Array<number>(7).fill(0.5)] };
        return presets;
      },
    });
    under = await PageUnderTest.build(bundle);
  });
  afterAll(() => under?.close());

  test('brings its sound when the page is opened with it, and when it is followed later', async () => {
    const { page, complaints } = await under.open({ fragment: writePresetLink(preset) });
    await page.getByTestId('preset-name').filter({ hasText: 'From afar' }).waitFor();
    const brightness = page.getByRole('slider', { name: 'Brightness' }).first();
    await page.waitForFunction(
      () =>
        document.querySelector('[role="slider"][aria-label="Brightness"]')?.getAttribute('aria-valuetext') === '90 %',
    );
    expect(await brightness.getAttribute('aria-valuetext')).toBe('90 %');
    await page.evaluate(
      (hash) => {
        location.hash = hash;
      },
      writePresetLink({ ...preset, name: 'Another one' }),
    );
    await page.getByTestId('preset-name').filter({ hasText: 'Another one' }).waitFor();
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test.each([
    { what: 'damaged', fragment: () => `${writePresetLink(preset).slice(0, -30)}`, said: 'damaged or was cut off' },
    {
      what: 'for another model',
      fragment: () => writePresetLink({ ...preset, model: { id: 'some.other', sha256: 'b'.repeat(64) } }),
      said: 'was made for the model some.other',
    },
  ])('that is $what is refused in a sentence', async ({ fragment, said }) => {
    const { page } = await under.open({ fragment: fragment() });
    await page.getByText(said).waitFor();
    await page.getByTestId('preset-name').filter({ hasText: 'Plain' }).waitFor();
    await page.context().close();
  });
});
