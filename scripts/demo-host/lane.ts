// A curve that is looped over one parameter of one module, as events scheduled a little ahead of their time.
import type { WamParameterInfoMap, WebAudioModule } from '@webaudiomodules/api';
import { element } from './element.ts';

const STEPS = 240;
/** Events are scheduled this far ahead, and topped up this often. */
const AHEAD_SECONDS = 0.2;
const TICK_MS = 50;

export class Lane {
  /** Normalised values over the loop. */
  private readonly curve = Float32Array.from(
    { length: STEPS },
    (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / STEPS),
  );
  private readonly canvas = element<HTMLCanvasElement>('lane-curve');
  private readonly moduleChoice = element<HTMLSelectElement>('lane-module');
  private readonly parameterChoice = element<HTMLSelectElement>('lane-parameter');
  private readonly value = element('lane-value');
  private modules: readonly WebAudioModule[] = [];
  private info: WamParameterInfoMap = {};
  private timer: ReturnType<typeof setInterval> | null = null;
  private begun = 0;
  private next = 0;

  constructor(
    private readonly context: AudioContext,
    room: HTMLElement,
  ) {
    const run = element<HTMLButtonElement>('lane-run');
    run.onclick = () => {
      this.toggle();
      run.ariaPressed = String(this.timer !== null);
    };
    this.moduleChoice.onchange = () => void this.showParameters();
    this.canvas.onpointerdown = (event) => {
      this.canvas.setPointerCapture(event.pointerId);
      this.bend(event);
    };
    this.canvas.onpointermove = (event) => {
      if (event.buttons !== 0) this.bend(event);
    };
    new ResizeObserver(() => this.paint()).observe(room);
  }

  setModules(modules: readonly WebAudioModule[]): void {
    const chosen = this.modules[this.moduleChoice.selectedIndex];
    this.modules = modules;
    this.moduleChoice.replaceChildren(...modules.map(({ name }, i) => new Option(`${i + 1} ${name}`, String(i))));
    this.moduleChoice.selectedIndex = Math.max(0, modules.indexOf(chosen));
    void this.showParameters();
  }

  private async showParameters(): Promise<void> {
    const module = this.modules[this.moduleChoice.selectedIndex];
    this.info = module ? await module.audioNode.getParameterInfo() : {};
    this.parameterChoice.replaceChildren(
      ...Object.entries(this.info).map(([id, { label }]) => new Option(label || id, id)),
    );
  }

  private toggle(): void {
    if (this.timer !== null) {
      clearInterval(this.timer);
      this.timer = null;
      return;
    }
    this.begun = this.context.currentTime;
    this.next = 0;
    this.timer = setInterval(() => this.schedule(), TICK_MS);
  }

  /** One event for each step that falls due soon, at its own time. */
  private schedule(): void {
    const module = this.modules[this.moduleChoice.selectedIndex];
    const id = this.parameterChoice.value;
    const seconds = Number(element<HTMLInputElement>('lane-seconds').value) || 4;
    const until = this.context.currentTime + AHEAD_SECONDS;
    let value = 0;
    for (let time = this.timeOf(this.next, seconds); module && time < until; time = this.timeOf(++this.next, seconds)) {
      value = this.curve[this.next % STEPS];
      module.audioNode.scheduleEvents({ type: 'wam-automation', time, data: { id, value, normalized: true } });
    }
    this.value.textContent = value.toFixed(2);
  }

  private timeOf(step: number, seconds: number): number {
    return this.begun + (step * seconds) / STEPS;
  }

  private bend({ offsetX, offsetY }: PointerEvent): void {
    const { clientWidth, clientHeight } = this.canvas;
    const centre = Math.round((offsetX / clientWidth) * STEPS);
    const value = Math.min(1, Math.max(0, 1 - offsetY / clientHeight));
    for (let step = Math.max(0, centre - 3); step < Math.min(STEPS, centre + 4); step++) this.curve[step] = value;
    this.paint();
  }

  private paint(): void {
    const pen = this.canvas.getContext('2d');
    if (!pen) return;
    const { width, height } = this.canvas;
    pen.clearRect(0, 0, width, height);
    pen.lineWidth = 3;
    pen.strokeStyle = getComputedStyle(this.canvas).color;
    pen.beginPath();
    this.curve.forEach((value, i) => {
      pen.lineTo((i / (STEPS - 1)) * width, (1 - value) * (height - 8) + 4);
    });
    pen.stroke();
  }
}
