// Finding new sounds by chance: what was drawn last, from where, and with which seed.
import { type ReadonlySignal, signal } from '@preact/signals';
import type { ModelView, SpaceView } from '../../plugin/instrument/messages.ts';
import type { Preset } from '../../plugin/instrument/preset.ts';
import { strings } from '../strings.ts';
import { freshSeed } from './chance.ts';
import { lessLike, perturb, random } from './draw.ts';
import { between, placeOf } from './space.ts';

type Way = 'random' | 'change' | 'less';

/** A sound as an end of a way. */
export interface End {
  name: string;
  latent: readonly number[];
}

interface Drawing {
  way: Way;
  base: { root: string; latent: readonly number[] };
}

/** Where new sounds are found: what is heard now, and a way to hear another. */
export interface Ground {
  readonly model: ReadonlySignal<ModelView | null>;
  readonly sound: ReadonlySignal<{ preset: { name: string } } | null>;
  /** Macros that stay where they are. */
  readonly locked: ReadonlySignal<readonly number[]>;
  capture(name: string): Promise<Preset>;
  playLatent(name: string, latent: readonly number[], map: { x: number; y: number }): void;
}

export class Finder {
  readonly seed = signal(freshSeed());
  /** How far "change" and "less" go, 0..1 of the model's spread. */
  readonly amount = signal(0.25);
  /** Latents that were turned away from. */
  readonly disliked = signal<readonly (readonly number[])[]>([]);
  /** What was drawn last, so that another seed can begin at the same place. */
  private last: Drawing | null = null;
  /** The name from which each found name was made, so that a change of a change is not named twice. */
  private readonly roots = new Map<string, string>();

  constructor(private readonly ground: Ground) {}

  /** Draws anew from what is heard now. */
  async draw(way: Way, seed = freshSeed()): Promise<void> {
    const name = this.ground.sound.peek()?.preset.name ?? '';
    const { latent } = await this.ground.capture(name);
    if (way === 'less') this.disliked.value = [...this.disliked.peek(), latent];
    this.last = { way, base: { root: this.roots.get(name) ?? name, latent } };
    this.play(seed);
  }

  /** The same drawing once more with a seed of one's own: the sound that it brought before. */
  async repeat(seed: number): Promise<void> {
    if (this.last) this.play(seed);
    else await this.draw('random', seed);
  }

  /** A sound on the way from one to another; 0 is the one, 1 the other. */
  playBetween(from: End, to: End, share: number): void {
    const space = this.ground.model.peek()?.space;
    if (!space || from.latent.length !== space.dim || to.latent.length !== space.dim) return;
    this.land(strings.find.names.between(from.name, to.name), between(space, from.latent, to.latent, share));
  }

  forget(): void {
    this.disliked.value = [];
  }

  private play(seed: number): void {
    const space = this.ground.model.peek()?.space;
    const { last } = this;
    if (!space || !last) return;
    this.seed.value = seed;
    const { names } = strings.find;
    const { name, latent } = this.drawn(space, seed, last, names);
    if (last.way !== 'random') this.roots.set(name, last.base.root);
    this.land(name, latent);
  }

  private drawn(
    space: SpaceView,
    seed: number,
    { way, base }: Drawing,
    names: typeof strings.find.names,
  ): { name: string; latent: number[] } {
    const locked = this.ground.locked.peek();
    const amount = this.amount.peek();
    if (way === 'random') return { name: names.random(seed), latent: random(space, seed) };
    if (way === 'change')
      return { name: names.perturbed(base.root), latent: perturb(space, base.latent, amount, locked, seed) };
    const latent = lessLike(space, base.latent, this.disliked.peek(), Math.max(amount, 0.5), locked, seed);
    return { name: names.less(base.root), latent };
  }

  private land(name: string, latent: readonly number[]): void {
    const model = this.ground.model.peek();
    if (model) this.ground.playLatent(name, latent, placeOf(model.space, model.points, latent));
  }
}
