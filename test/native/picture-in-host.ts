// The editor in a host's own window, a chord sounding, as a picture: jalv (LV2) on a JACK server without a device, framed by a window manager, on a screen of its own.
//   tsx test/native/picture-in-host.ts PICTURE.png
// Needs what `node scripts/bootstrap.mjs picture` installs and what `npm run native plugin` built. Ends with 1 where the host or the editor does not come.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { folderOf } from '../../scripts/native/cmake.ts';
import { colours, Screen } from './screen.ts';

const URI = 'urn:timbrefold:instrument';
const PATIENCE_S = 60;
/** Below this the window has its frame but no face yet. */
const FEWEST_COLOURS = 300;
const picture = process.argv[2];

const pause = (seconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1000 * seconds));

async function until(what: string, holds: () => boolean): Promise<void> {
  for (const end = Date.now() + 1000 * PATIENCE_S; Date.now() < end; await pause(0.25)) if (holds()) return;
  throw new Error(`${what} did not come within ${PATIENCE_S} seconds.`);
}

/** A home whose user likes it dark, window frames included. */
function furnish(home: string): void {
  const kept = join(home, 'data', 'timbrefold');
  const manager = join(home, '.config', 'openbox');
  for (const folder of [kept, manager]) mkdirSync(folder, { recursive: true });
  writeFileSync(join(kept, 'face.json'), JSON.stringify({ scheme: 'dark', toured: true }));
  writeFileSync(
    join(manager, 'rc.xml'),
    '<openbox_config xmlns="http://openbox.org/3.4/rc"><theme><name>Onyx</name></theme></openbox_config>',
  );
}

async function show(home: string, file: string): Promise<void> {
  furnish(home);
  const screen = await Screen.open(home, 1440, 1000);
  const server = `timbrefold-${process.pid}`;
  const env = {
    ...process.env,
    DISPLAY: screen.display,
    HOME: home,
    XDG_CONFIG_HOME: join(home, '.config'),
    XDG_DATA_HOME: join(home, 'data'),
    LV2_PATH: join(folderOf('release'), 'plugin', 'Timbrefold_artefacts', 'Release', 'LV2'),
    JACK_DEFAULT_SERVER: server,
    JACK_NO_AUDIO_RESERVATION: '1',
    GTK_THEME: 'Adwaita:dark',
    GDK_SCALE: '1',
    // The command may run as root, where WebKit's sandbox refuses to.
    WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1',
  };
  const running: ChildProcess[] = [];
  const start = (program: string, ...words: string[]): ChildProcess => {
    const child = spawn(program, words, { env, stdio: 'ignore' });
    child.on('error', () => console.error(`${program} is missing; "node scripts/bootstrap.mjs picture" installs it.`));
    running.push(child);
    return child;
  };
  try {
    start('openbox');
    start('jackd', '-r', '-n', server, '-d', 'dummy', '-r', '48000', '-p', '1024');
    await pause(2);
    start('dbus-run-session', '--', 'jalv.gtk3', '-s', URI);
    await until('The editor', () => colours(screen.picture()) > FEWEST_COLOURS);
    // The window has its place and size once it stands still; the picture of the note comes beside all else.
    await pause(12);
    const window = screen.occupied();
    if (!window) throw new Error('The window went away.');
    // Between two controls of the top bar, where the pointer stays: keys go to the window that it is in. They are the notes C, E and G.
    screen.click(window.x + 288, window.y + 78);
    screen.hold('a', 'd', 'g');
    await pause(1);
    screen.savePicture(file, window);
    // A palette: the face has few colours.
    const { status } = spawnSync('pngquant', ['--speed', '1', '--force', '--output', file, '256', file]);
    if (status !== 0) throw new Error('pngquant could not make the picture small.');
    console.log(`${file}: ${window.width} x ${window.height}`);
  } finally {
    for (const child of running.reverse()) child.kill();
    await pause(1);
    screen.close();
  }
}

if (!picture) {
  console.error('Say where the picture goes: tsx test/native/picture-in-host.ts PICTURE.png');
  process.exit(2);
}
const home = mkdtempSync(join(tmpdir(), 'timbrefold-host-'));
try {
  await show(home, picture);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  rmSync(home, { recursive: true, force: true });
}
