// The page with the model that ships: a chord is in tune, the map is played by pressing it, a dropped sound becomes a preset.
import wavefile from 'wavefile';
import { boxOf, button, CHORD, cents, drop, hold, named, place, release, untilVoices } from './hands.ts';
import { pageForTests } from './page-for-tests.ts';
import { untilReady } from './page-under-test.ts';
import { record } from './recorder.ts';
import { noteHz, peakNear, rmsDb, spectrumOf } from './spectrum.ts';

/** A bright tone of one and a half seconds with a quick attack and a slow decay, as a WAV file. */
function toneWav(key: number): Uint8Array {
  const rate = 44_100;
  const samples = Float64Array.from({ length: rate * 1.5 }, (_, i) => {
    const t = i / rate;
    let value = 0;
    for (let k = 1; k <= 12; k++) value += Math.sin(2 * Math.PI * noteHz(key) * k * t) / k;
    return Math.round(9000 * value * Math.min(1, t / 0.005) * Math.exp(-1.2 * t));
  });
  const wav = new wavefile.WaveFile();
  wav.fromScratch(1, rate, '16', samples);
  return wav.toBuffer();
}

describe('the page with Atlas', () => {
  const tested = pageForTests();

  test('plays a chord in tune with its first preset', async () => {
    const { page, complaints } = await tested.open();
    expect(await page.locator('.model').textContent()).toContain('Atlas');
    await hold(page);
    const heard = await record(page, 0.8);
    await release(page);
    expect(rmsDb(heard)).toBeGreaterThan(-50);
    const spectrum = spectrumOf(heard);
    for (const { key } of CHORD) {
      expect(Math.abs(cents(peakNear(spectrum, noteHz(key)).hz, noteHz(key)))).toBeLessThan(5);
    }
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test('pressing the map plays the sound there and moves the puck', async () => {
    const { page } = await tested.open();
    const map = place(page);
    const box = await boxOf(map);
    const before = await map.getAttribute('aria-valuetext');
    await page.mouse.move(box.x + box.width * 0.4, box.y + box.height * 0.6);
    await page.mouse.down();
    await untilVoices(page, 1);
    const heard = await record(page, 0.4);
    await page.mouse.up();
    expect(rmsDb(heard)).toBeGreaterThan(-70);
    expect(await map.getAttribute('aria-valuetext')).not.toBe(before);
    await page.getByRole('button', { name: 'Undo place on the map' }).click();
    expect(await map.getAttribute('aria-valuetext')).toBe(before);
    await page.context().close();
  });

  test('its starting presets are found by tag, family and word, and what is found plays', async () => {
    const { page } = await tested.open();
    await page.locator('.preset-name').click();
    const rows = page.locator('.browser-row');
    const all = await rows.count();
    expect(all).toBeGreaterThanOrEqual(64);
    const tag = page.locator('.browser-tags button').first();
    const tagged = (await tag.textContent()) ?? '';
    await tag.click();
    const found = await page.locator('.row-tags').allTextContents();
    expect(found.length).toBeGreaterThan(0);
    expect(found.length).toBeLessThan(all);
    for (const tags of found) expect(tags.split(' · ')).toContain(tagged);
    await page.locator('.row-main').last().click();
    await named(page, (await page.locator('.row-name').last().textContent()) ?? '');
    await tag.click();
    expect(await rows.count()).toBe(all);

    const family = page.locator('.browser-families button').first();
    await family.click();
    expect(await rows.count()).toBe(Number(await family.locator('.muted').textContent()));
    await family.click();
    const name = (await page.locator('.row-name').nth(5).textContent()) ?? '';
    await page.getByLabel('Search presets').fill(name.toUpperCase());
    await page.locator('.row-name', { hasText: name }).first().waitFor();
    expect(await rows.count()).toBeLessThan(5);
    await button(page, 'Close').click();
    await untilReady(page);
    await hold(page);
    expect(rmsDb(await record(page, 0.4))).toBeGreaterThan(-60);
    await release(page);
    await page.context().close();
  });

  test('a dropped sound becomes a preset that plays, a text named .wav is refused', async () => {
    const { page } = await tested.open();
    await drop(page, 'not-a-sound.wav', new TextEncoder().encode('hello'));
    await page.getByRole('alert').getByText('not-a-sound.wav is no sound that can be read here').waitFor();
    await drop(page, 'my-tone.wav', toneWav(57));
    await named(page, /^my-tone$/);
    await untilReady(page);
    await hold(page);
    const spectrum = spectrumOf(await record(page, 0.8));
    await release(page);
    expect(Math.abs(cents(peakNear(spectrum, noteHz(60)).hz, noteHz(60)))).toBeLessThan(5);
    await page.context().close();
  });
});
