// The modules one after the other: sound goes from each to the next one that takes sound, events go to all instruments.
import type { WamMidiData, WebAudioModule } from '@webaudiomodules/api';
import { make } from './element.ts';

export interface SavedModule {
  url: string;
  state: unknown;
}

interface Seat {
  url: string;
  module: WebAudioModule;
  item: HTMLLIElement;
  gui: Element | null;
}

export class Rack {
  private seats: Seat[] = [];
  private readonly output: GainNode;

  constructor(
    private readonly context: AudioContext,
    private readonly group: string,
    private readonly list: HTMLElement,
    private readonly onChange: () => void,
  ) {
    this.output = new GainNode(context);
    this.output.connect(context.destination);
  }

  get modules(): readonly WebAudioModule[] {
    return this.seats.map(({ module }) => module);
  }

  /** Fetches the module at `url` and puts it at the end. @throws Error with a sentence */
  async add(url: string, state?: unknown): Promise<void> {
    const { default: Module } = (await import(url)) as { default?: typeof WebAudioModule };
    if (!Module?.isWebAudioModuleConstructor) throw new Error(`There is no Web Audio Module at ${url}.`);
    const module = await Module.createInstance(this.group, this.context, state);
    const seat: Seat = { url, module, item: make('li'), gui: await module.createGui() };
    this.draw(seat);
    this.seats.push(seat);
    this.connect();
  }

  async remove(seat: Seat): Promise<void> {
    this.seats = this.seats.filter((other) => other !== seat);
    if (seat.gui) seat.module.destroyGui(seat.gui);
    seat.module.audioNode.destroy();
    seat.item.remove();
    this.connect();
  }

  /** MIDI bytes to every module that takes them, now. */
  play(bytes: WamMidiData['bytes']): void {
    for (const { module } of this.seats) {
      if (module.descriptor.hasMidiInput) module.audioNode.scheduleEvents({ type: 'wam-midi', data: { bytes } });
    }
  }

  async save(): Promise<SavedModule[]> {
    return Promise.all(this.seats.map(async ({ url, module }) => ({ url, state: await module.audioNode.getState() })));
  }

  /** Gives every module its state back; where the modules are others, the saved ones take their place. */
  async restore(session: readonly SavedModule[]): Promise<void> {
    const same = session.length === this.seats.length && session.every(({ url }, i) => url === this.seats[i].url);
    if (same) {
      await Promise.all(session.map(({ state }, i) => this.seats[i].module.audioNode.setState(state)));
      return;
    }
    for (const seat of [...this.seats]) await this.remove(seat);
    for (const { url, state } of session) await this.add(url, state);
  }

  /** Instruments are mixed; effects follow each other behind them; MIDI sources reach every module behind them. */
  private connect(): void {
    for (const { module } of this.seats) {
      module.audioNode.disconnect();
      module.audioNode.disconnectEvents();
    }
    let sounding: AudioNode[] = [];
    this.seats.forEach(({ module }, i) => {
      const { audioNode: node, descriptor } = module;
      if (descriptor.hasAudioInput && sounding.length > 0) {
        for (const before of sounding) before.connect(node);
        sounding = [node];
      } else if (descriptor.hasAudioOutput) sounding.push(node);
      for (const { module: later } of this.seats.slice(i + 1)) {
        if (descriptor.hasMidiOutput && later.descriptor.hasMidiInput) node.connectEvents(later.instanceId);
      }
    });
    for (const node of sounding) node.connect(this.output);
    this.onChange();
  }

  private draw(seat: Seat): void {
    const { name, vendor } = seat.module.descriptor;
    const close = make('button', { type: 'button', textContent: 'Remove', onclick: () => void this.remove(seat) });
    const room = make('div', { className: 'gui' });
    if (seat.gui) room.append(seat.gui);
    seat.item.append(
      make('header', {}, make('h2', { textContent: name }), make('span', { textContent: vendor }), close),
      room,
    );
    this.list.append(seat.item);
  }
}
