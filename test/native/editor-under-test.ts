// The editor in a window on a screen of its own, and what a hand, a host and an eye do with it. timbrefold-editor-hands answers line by line.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { folderOf } from '../../scripts/native/cmake.ts';
import { Screen } from './screen.ts';

const SCREEN = { width: 1920, height: 1200 };
const PATIENCE_S = 60;

export interface Opened {
  ready: boolean;
  plain: boolean;
  milliseconds: number;
  /** When it was opened, milliseconds since 1970. */
  opened: number;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export class EditorUnderTest {
  static readonly program =
    process.env.TIMBREFOLD_EDITOR_HANDS ?? join(folderOf('release'), 'editor', 'tests', 'timbrefold-editor-hands');

  private readonly answers: ((line: string) => void)[] = [];
  private readonly keysSoFar: string[] = [];
  private ended: string | null = null;

  private constructor(
    readonly screen: Screen,
    private readonly hands: ChildProcess,
  ) {
    if (!hands.stdout) throw new Error('The editor has no voice.');
    // Services of the session's bus speak on the same channel, but not in JSON.
    createInterface({ input: hands.stdout }).on('line', (line) => {
      if (/^(["[{\d-]|true|false|null)/.test(line)) this.answers.shift()?.(line);
    });
    hands.on('exit', (code, signal) => {
      this.ended = `the editor's process ended (${signal ?? code})`;
      for (const answer of this.answers.splice(0)) answer(JSON.stringify({ error: this.ended }));
    });
  }

  /** A screen, and the editor on it; `home` is its user's home. */
  static async start(home: string, variables: Readonly<Record<string, string>> = {}): Promise<EditorUnderTest> {
    const screen = await Screen.open(home, SCREEN.width, SCREEN.height);
    const env = {
      ...process.env,
      DISPLAY: screen.display,
      HOME: home,
      XDG_DATA_HOME: join(home, 'data'),
      // The tests may run as root, where WebKit's sandbox refuses to.
      WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1',
      GDK_SCALE: '1',
      ...variables,
    };
    const hands = spawn('dbus-run-session', ['--', EditorUnderTest.program], {
      env,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    return new EditorUnderTest(screen, hands);
  }

  // ---- Editor and host -----------------------------------------------------------------------------------------------

  wait = (): Promise<Opened> => this.ask('wait') as Promise<Opened>;
  /** Value of an expression in the page. */
  script = (text: string): Promise<unknown> =>
    this.ask(
      `script ${text.replace(/[\u007f-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)}`,
    );
  parameter = (id: string): Promise<number> => this.ask(`parameter ${id}`) as Promise<number>;
  automate = (id: string, normalised: number): Promise<unknown> => this.ask(`automate ${id} ${normalised}`);
  gestures = (): Promise<[string, string | number][]> => this.ask('gestures') as Promise<[string, string | number][]>;
  drop = (path: string): Promise<unknown> => this.ask(`drop ${path}`);
  size = (width: number, height: number): Promise<unknown> => this.ask(`size ${width} ${height}`);
  scale = (factor: number): Promise<unknown> => this.ask(`scale ${factor}`);
  state = (): Promise<unknown> => this.ask('state');
  idle = (ms: number): Promise<unknown> => this.ask(`idle ${ms}`);
  /** Waits until a view that no longer answers has been given up. */
  gone = (): Promise<unknown> => this.ask('gone');
  /** Opens and closes a web view with nothing in it: milliseconds until its first picture. */
  empty = (): Promise<number> => this.ask('empty') as Promise<number>;
  close = (): Promise<unknown> => this.ask('close');
  open = (): Promise<unknown> => this.ask('open');

  /** Waits until a script of the page is true. */
  async until(condition: string, seconds = PATIENCE_S): Promise<void> {
    for (const end = Date.now() + seconds * 1000; Date.now() < end; await pause(50)) {
      if ((await this.script(condition)) === true) return;
      if (this.ended) throw new Error(this.ended);
    }
    throw new Error(`This did not become true: ${condition} (it is ${JSON.stringify(await this.script(condition))})`);
  }

  /** Presses every few seconds until the keys that reached the host's window since the last `forgetKeys` are as wanted. */
  async untilKeys(wanted: (keys: readonly string[]) => boolean, press: () => void): Promise<readonly string[]> {
    const BETWEEN_MS = 3000;
    let next = Date.now();
    for (const end = next + PATIENCE_S * 1000; Date.now() < end; await pause(50)) {
      if (Date.now() >= next) {
        press();
        next = Date.now() + BETWEEN_MS;
      }
      this.keysSoFar.push(...((await this.ask('keys')) as string[]));
      if (wanted(this.keysSoFar)) return this.keysSoFar;
    }
    throw new Error(`The host saw only these keys: ${this.keysSoFar.join(', ') || 'none'}`);
  }

  async forgetKeys(): Promise<void> {
    await this.ask('keys');
    this.keysSoFar.length = 0;
  }

  async end(): Promise<void> {
    this.hands.stdin?.end('quit\n');
    for (let i = 0; i < 100 && !this.ended; i++) await pause(50);
    if (!this.ended) this.hands.kill('SIGKILL');
    this.screen.close();
  }

  /** Ends the process that draws the page, as a crash of it would. */
  killView(): void {
    this.signal('WebKitWebProcess', 'SIGKILL');
  }

  /** Stops the process that stands between page and host, as a machine does that is out of memory. */
  stopView(): void {
    this.signal('juce-gtkwebkitfork-child', 'SIGSTOP');
  }

  private signal(name: string, signal: NodeJS.Signals): void {
    const pids = (words: string[]): string[] => spawnSync('pgrep', words).stdout.toString().split('\n').filter(Boolean);
    const below = (pid: string): string[] => pids(['-P', pid]).flatMap((child) => [child, ...below(child)]);
    const drawing = new Set(pids(['-f', '--', name]));
    const mine = below(String(this.hands.pid)).filter((pid) => drawing.has(pid));
    if (mine.length === 0) throw new Error('The page has no process.');
    for (const pid of mine) process.kill(Number(pid), signal);
  }

  // ---- Eye --------------------------------------------------------------------------------------------------

  /** Middle of an element of the page, on the screen: the window stands in its corner without a frame. */
  async placeOf(selector: string): Promise<{ x: number; y: number }> {
    const box = `document.querySelector('${selector}').getBoundingClientRect()`;
    const [x, y] = (await this.script(
      `(() => { const b = ${box}; return [b.x + b.width / 2, b.y + b.height / 2]; })()`,
    )) as number[];
    return { x: Math.round(x), y: Math.round(y) };
  }

  private ask(line: string): Promise<unknown> {
    if (this.ended) return Promise.reject(new Error(this.ended));
    return new Promise((resolve, reject) => {
      const silence = setTimeout(
        () => reject(new Error(`The editor did not answer to: ${line}`)),
        2 * PATIENCE_S * 1000,
      );
      this.answers.push((text) => {
        clearTimeout(silence);
        const answer = text === '' ? null : (JSON.parse(text) as unknown);
        if (typeof answer === 'object' && answer !== null && 'error' in answer) reject(new Error(String(answer.error)));
        else resolve(answer);
      });
      this.hands.stdin?.write(`${line.replace(/\n/g, ' ')}\n`);
    });
  }
}
