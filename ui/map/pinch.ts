// Two fingers on the map: how they moved together and apart since the last look.

export interface PinchMove {
  /** Pixels that the middle between the fingers moved. */
  dx: number;
  dy: number;
  /** How much further apart they are. */
  factor: number;
  /** The middle, in client pixels. */
  clientX: number;
  clientY: number;
}

export class Pinch {
  private readonly fingers = new Map<number, { x: number; y: number }>();

  get active(): boolean {
    return this.fingers.size === 2;
  }

  /** Notes a finger; true when it is the second. */
  down({ pointerId, clientX, clientY }: PointerEvent): boolean {
    if (this.fingers.size < 2) this.fingers.set(pointerId, { x: clientX, y: clientY });
    return this.active;
  }

  /** The movement since the last call, null unless one of two fingers moved. */
  move({ pointerId, clientX, clientY }: PointerEvent): PinchMove | null {
    if (!this.active || !this.fingers.has(pointerId)) return null;
    const before = this.shape();
    this.fingers.set(pointerId, { x: clientX, y: clientY });
    const after = this.shape();
    return {
      dx: after.x - before.x,
      dy: after.y - before.y,
      factor: before.spread > 0 ? after.spread / before.spread : 1,
      clientX: after.x,
      clientY: after.y,
    };
  }

  up({ pointerId }: PointerEvent): void {
    this.fingers.delete(pointerId);
  }

  private shape(): { x: number; y: number; spread: number } {
    const [a, b] = [...this.fingers.values()];
    return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, spread: Math.hypot(a.x - b.x, a.y - b.y) };
  }
}
