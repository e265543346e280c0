// Opens the plug-in's editor in a window of its own (Xvfb) and moves it as a hand and a host would. `npm test` runs it after the native build:
//   tsx test/native/editor.ts [PICTURE.png]
// Needs Xvfb, dbus-run-session, xdotool, and what `npm run native plugin` built. One line for each thing that holds; ends with 1 where one does not.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../scripts/build/paths.ts';
import { monoWav } from '../support/wav-file.ts';
import { EditorUnderTest, type Opened } from './editor-under-test.ts';
import { colours } from './screen.ts';

const home = mkdtempSync(join(tmpdir(), 'timbrefold-editor-'));
const picture = process.argv[2];
/** A model that does not ship inside the plug-in. */
const lite = join(root, 'models', 'atlas-lite.timbre');

const shows = (id: string): string =>
  `Number(document.querySelector('[data-parameter=${id}]').getAttribute('aria-valuenow'))`;
const press = (id: string, key: string): string =>
  `document.querySelector('[data-parameter=${id}]').dispatchEvent(new KeyboardEvent('keydown', { key: '${key}', bubbles: true, cancelable: true }))`;
const UNDO = `document.querySelector('button[aria-label^="Undo"]')`;

/** Waits for the first picture and says when what happened on the way to it, milliseconds after opening. */
async function opened(editor: EditorUnderTest): Promise<Opened> {
  const seen = await editor.wait();
  await editor.until(`performance.getEntriesByName('model').length > 0`);
  const times = `[['page', 0], ...performance.getEntriesByType('mark').map(({ name, startTime }) => [name, startTime])].map(([name, at]) => [name, performance.timeOrigin + at])`;
  const marks = ((await editor.script(times)) as [string, number][])
    .map(([name, at]) => `${name} ${Math.round(at - seen.opened)}`)
    .join(', ');
  console.log(`       first picture after ${Math.round(seen.milliseconds)} ms (${marks})`);
  return seen;
}

const carriesModel = (state: unknown): boolean =>
  typeof (state as { plugin?: { model?: unknown } }).plugin?.model === 'string';

const checks: Record<string, (editor: EditorUnderTest) => Promise<void>> = {
  async 'opens with the model, its macros and its map'(editor) {
    assert.equal((await opened(editor)).ready, true);
    await editor.until(`document.querySelectorAll('[data-parameter^=macro]').length === 8`);
    await editor.until(`${UNDO} !== null`);
    assert.equal(await editor.script(`document.fonts.check('14px "Inter Variable"')`), true);
    assert.equal(await editor.script(`document.createElement('canvas').getContext('webgl2') !== null`), true);
  },

  async 'a macro moved in the view moves the host, inside a gesture'(editor) {
    const before = await editor.parameter('macro1');
    await editor.gestures();
    await editor.script(press('macro1', 'ArrowUp'));
    await editor.until(`${shows('macro1')} > ${before}`);
    const after = await editor.parameter('macro1');
    assert.ok(after > before, `${after} is not above ${before}`);
    const told = (await editor.gestures()).filter(([id]) => id === 'macro1');
    assert.deepEqual([told[0]?.[1], told.at(-1)?.[1]], ['begin', 'end']);
    assert.ok(told.some(([, what]) => typeof what === 'number' && Math.abs(what - after) < 1e-6));
  },

  async 'the host moves a macro and the view shows it'(editor) {
    await editor.automate('macro2', 0.125);
    await editor.until(`Math.abs(${shows('macro2')} - 0.125) < 1e-3`);
  },

  async 'nothing can be fetched from outside'(editor) {
    await editor.script(
      `(fetch('https://example.invalid/').then(() => { window.outside = 'came'; }, () => { window.outside = 'refused'; }), 0)`,
    );
    await editor.until(`window.outside === 'refused'`);
    await editor.script(
      `(window.blocked = 0, addEventListener('securitypolicyviolation', () => window.blocked++), new Image().src = 'https://example.invalid/a.png')`,
    );
    await editor.until('window.blocked > 0');
  },

  async 'the space bar reaches the host, the keys that are notes do not'(editor) {
    const { x, y } = await editor.placeOf('.brand');
    editor.screen.click(x, y);
    await editor.until('document.hasFocus()');
    await editor.forgetKeys();
    // A busy X server may move the focus after the page believes that it has it: the hand tries again.
    const press = (): void => {
      for (const key of ['space', 'a', 'F5']) editor.screen.type(key);
    };
    const keys = await editor.untilKeys((seen) => /space.*F5/i.test(seen.join(' ')), press);
    assert.ok(
      keys.some((key) => /space/i.test(key)),
      `the host saw ${keys.join(', ')}`,
    );
    assert.ok(!keys.some((key) => /^a$/i.test(key)));
  },

  async 'the mouse turns a macro'(editor) {
    const before = await editor.parameter('macro3');
    const { x, y } = await editor.placeOf('[data-parameter=macro3]');
    editor.screen.drag(x, y, 0, -40);
    await editor.until(`${shows('macro3')} > ${before + 0.1}`);
    assert.ok((await editor.parameter('macro3')) > before + 0.1);
  },

  async 'a dropped sound is encoded in the view'(editor) {
    const rate = 48_000;
    const tone = Array.from({ length: rate }, (_, i) => {
      const time = i / rate;
      const partials = [1, 2, 3, 4, 5, 6].map((k) => Math.sin(2 * Math.PI * 220 * k * time) / k);
      return 0.2 * Math.exp(-2 * time) * partials.reduce((sum, value) => sum + value);
    });
    const file = join(home, 'Ünique tone.wav');
    writeFileSync(file, monoWav(tone, rate));
    await editor.drop(file);
    await editor.until(`document.body.textContent.includes('Ünique tone')`, 120);
  },

  async 'closes and opens again at its size, with undo'(editor) {
    await editor.size(1000, 700);
    await editor.until('innerWidth === 1000 && innerHeight === 700');
    const moved = await editor.parameter('macro1');
    await editor.until(`!${UNDO}.disabled`);
    const label = await editor.script(`${UNDO}.getAttribute('aria-label')`);
    // The UI gathers what it keeps until the hand has rested.
    await editor.idle(1500);
    await editor.close();
    await editor.open();
    assert.equal((await opened(editor)).ready, true);
    await editor.until('innerWidth === 1000 && innerHeight === 700');
    await editor.until(`${UNDO} !== null && !${UNDO}.disabled`);
    assert.equal(await editor.script(`${UNDO}.getAttribute('aria-label')`), label);
    assert.equal(await editor.parameter('macro1'), moved);
  },

  async 'a size below the smallest is not taken'(editor) {
    assert.deepEqual(await editor.size(300, 200), { width: 900, height: 560 });
    await editor.until('innerWidth === 900 && innerHeight === 560');
  },

  async 'a dense screen enlarges everything, and hands meet what they see'(editor) {
    const rooms = `['.preset', '.side', '.tabs', '.envelope'].map((name) => Math.round(document.querySelector(name)?.getBoundingClientRect().width ?? -1))`;
    const asBefore = await editor.script(rooms);
    await editor.scale(2);
    await editor.until('innerWidth === 1800 && innerHeight === 1120');
    // The page has as much room as before: a pixel of the design is two of the screen.
    await editor.until(`document.getElementById('instrument').offsetWidth === 900 && devicePixelRatio === 2`);
    await editor.until(`${rooms}.join() === '${String(asBefore)}'`);
    const before = await editor.parameter('macro4');
    const { x, y } = await editor.placeOf('[data-parameter=macro4]');
    editor.screen.drag(2 * x, 2 * y, 0, -80);
    await editor.until(`${shows('macro4')} > ${before + 0.1}`);
    if (picture) {
      await editor.idle(5000);
      editor.screen.savePicture(picture.replace('.png', '-2x.png'), { x: 0, y: 0, width: 1800, height: 1120 });
    }
    await editor.scale(1);
    await editor.size(1280, 800);
    await editor.until('innerWidth === 1280 && innerHeight === 800');
  },

  async "a user's model goes into the project where the user wants it"(editor) {
    const boxes = `document.querySelector('.drawer input[type=checkbox]')`;
    await editor.script(`document.querySelector('.side-foot button[aria-expanded]').click()`);
    // The model that ships is on every machine.
    await editor.until(`document.querySelector('.drawer') !== null && ${boxes} === null`);
    await editor.drop(lite);
    await editor.until(`${boxes} !== null && !${boxes}.checked`);
    assert.equal(carriesModel(await editor.state()), false);
    await editor.script(`${boxes}.click()`);
    await editor.until(`${boxes}.checked`);
    assert.equal(carriesModel(await editor.state()), true);
    await editor.script(`document.querySelector('.drawer header button').click()`);
  },

  async 'a face that dies is started again, and says so'(editor) {
    const moved = await editor.parameter('macro1');
    editor.killView();
    await editor.gone();
    assert.equal((await editor.wait()).ready, true);
    await editor.until(`document.body.textContent.includes('was started again')`);
    await editor.until(`Math.abs(${shows('macro1')} - ${moved}) < 1e-3`);
  },

  async 'a view that no longer listens can be closed all the same'(editor) {
    // Once what it asked for has been handed over: nothing can be taken back that is on its way to it.
    await editor.until(`window.performance.getEntriesByName('portrait').length > 0`);
    editor.stopView();
    await editor.close();
    await editor.open();
    assert.equal((await editor.wait()).ready, true);
  },

  async 'what a web view costs that shows nothing'(editor) {
    const milliseconds = await editor.empty();
    assert.ok(milliseconds > 0);
    console.log(`       first picture after ${Math.round(milliseconds)} ms`);
  },

  async 'the picture is whole'(editor) {
    // A picture that is kept is to show the note's own picture too, which the view renders beside all else.
    await editor.idle(picture ? 10_000 : 1500);
    // An empty sheet has a handful of colours, the map and the type with its smoothed edges have hundreds.
    const seen = colours(editor.screen.picture());
    assert.ok(seen > 300, `the picture has ${seen} colours`);
    if (picture) editor.screen.savePicture(picture, { x: 0, y: 0, width: 1280, height: 800 });
  },
};

const plain = async (): Promise<void> => {
  // Libraries of no bytes stand before the real ones: WebKit cannot be opened, as on a machine without it.
  const libraries = join(home, 'libraries');
  mkdirSync(libraries);
  for (const name of ['libwebkit2gtk-4.1.so', 'libwebkit2gtk-4.0.so']) writeFileSync(join(libraries, name), '');
  const editor = await EditorUnderTest.start(home, { LD_LIBRARY_PATH: libraries });
  try {
    const { ready, plain } = await editor.wait();
    assert.deepEqual({ ready, plain }, { ready: false, plain: true });
    await editor.automate('macro1', 0.25);
    assert.equal(await editor.parameter('macro1'), 0.25);
    await editor.close();
    await editor.open();
    assert.equal((await editor.wait()).plain, true);
  } finally {
    await editor.end();
  }
};

let failed = 0;
async function check(name: string, run: () => Promise<void>): Promise<void> {
  try {
    await run();
    console.log(`ok     ${name}`);
  } catch (error) {
    failed++;
    console.log(`FAILED ${name}\n       ${error instanceof Error ? error.message : error}`);
  }
}

if (!existsSync(EditorUnderTest.program)) {
  console.error(`${EditorUnderTest.program} is missing; build it by "npm run native plugin".`);
  process.exit(1);
}
try {
  const editor = await EditorUnderTest.start(home);
  try {
    for (const [name, run] of Object.entries(checks)) await check(name, () => run(editor));
  } finally {
    await editor.end();
  }
  await check('without a web view the plain list of parameters stands in', plain);
} finally {
  rmSync(home, { recursive: true, force: true });
}
console.log(`${Object.keys(checks).length + 1 - failed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
