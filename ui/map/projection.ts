// From the map's unit square to pixels and back: the room is filled, then zoomed and shifted.

export interface View {
  /** 1 shows the whole map. */
  zoom: number;
  /** Map place in the middle of the room. */
  centreX: number;
  centreY: number;
}

export interface Room {
  width: number;
  height: number;
}

export const WHOLE: View = { zoom: 1, centreX: 0.5, centreY: 0.5 };
export const MAX_ZOOM = 16;
/** Share of the room that stays free around the outermost sounds. */
const MARGIN = 0.075;

const scale = (length: number, view: View): number => length * (1 - 2 * MARGIN) * view.zoom;

export const toScreenX = (x: number, view: View, room: Room): number =>
  room.width / 2 + (x - view.centreX) * scale(room.width, view);
export const toScreenY = (y: number, view: View, room: Room): number =>
  room.height / 2 + (y - view.centreY) * scale(room.height, view);
export const toMapX = (px: number, view: View, room: Room): number =>
  view.centreX + (px - room.width / 2) / scale(room.width, view);
export const toMapY = (py: number, view: View, room: Room): number =>
  view.centreY + (py - room.height / 2) / scale(room.height, view);

/** Zooms by `factor` so that what is under the pixel stays under it. */
export function zoomAt(view: View, room: Room, px: number, py: number, factor: number): View {
  const zoom = Math.min(MAX_ZOOM, Math.max(1, view.zoom * factor));
  const x = toMapX(px, view, room);
  const y = toMapY(py, view, room);
  const next = { ...view, zoom };
  return within({
    zoom,
    centreX: view.centreX + x - toMapX(px, next, room),
    centreY: view.centreY + y - toMapY(py, next, room),
  });
}

export function panBy(view: View, room: Room, dx: number, dy: number): View {
  return within({
    zoom: view.zoom,
    centreX: view.centreX - dx / scale(room.width, view),
    centreY: view.centreY - dy / scale(room.height, view),
  });
}

/** Keeps the middle of the room on the map; the whole map stays where it is. */
function within(view: View): View {
  const half = 0.5 / view.zoom;
  const clamp = (centre: number): number => Math.min(1 - half, Math.max(half, centre));
  return { zoom: view.zoom, centreX: clamp(view.centreX), centreY: clamp(view.centreY) };
}
