// One way of dragging for all controls: pointer capture, movement since the press, a certain end.

export interface Drag {
  /** Pixels moved since the last call, and the event for modifier keys and places. */
  move(dx: number, dy: number, event: PointerEvent): void;
  /** Comes exactly once, whether the pointer was lifted or taken away. */
  end(event: PointerEvent): void;
}

/** Follows the pointer of a pointerdown event until it is lifted or cancelled; returns the way to end it before. */
export function startDrag(down: PointerEvent, drag: Drag): () => void {
  const target = down.currentTarget;
  if (!(target instanceof Element)) return () => {};
  let { clientX, clientY } = down;
  let ended = false;
  target.setPointerCapture(down.pointerId);
  const move = (event: Event): void => {
    if (!(event instanceof PointerEvent) || event.pointerId !== down.pointerId) return;
    drag.move(event.clientX - clientX, event.clientY - clientY, event);
    clientX = event.clientX;
    clientY = event.clientY;
  };
  const end = (event: Event): void => {
    if (!(event instanceof PointerEvent) || event.pointerId !== down.pointerId) return;
    target.removeEventListener('pointermove', move);
    target.removeEventListener('pointerup', end);
    target.removeEventListener('pointercancel', end);
    target.removeEventListener('lostpointercapture', end);
    ended = true;
    drag.end(event);
  };
  target.addEventListener('pointermove', move);
  target.addEventListener('pointerup', end);
  target.addEventListener('pointercancel', end);
  target.addEventListener('lostpointercapture', end);
  return () => {
    if (!ended) end(down);
  };
}
