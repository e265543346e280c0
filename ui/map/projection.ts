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
/** Share of the room that stays free around the outermost sounds, and no fewer pixels than what stands at the map's head and foot takes. */
const MARGIN = 0.075;
const HEAD = 40;
const FOOT = 60;

const across = ({ width }: Room): number => width * (1 - 2 * MARGIN);
const head = ({ height }: Room): number => Math.max(HEAD, height * MARGIN);
const down = (room: Room): number => Math.max(1, room.height - head(room) - Math.max(FOOT, room.height * MARGIN));
/** The pixel row at which `centreY` lies. */
const middle = (room: Room): number => head(room) + down(room) / 2;

export const toScreenX = (x: number, view: View, room: Room): number =>
  room.width / 2 + (x - view.centreX) * across(room) * view.zoom;
export const toScreenY = (y: number, view: View, room: Room): number =>
  middle(room) + (y - view.centreY) * down(room) * view.zoom;
export const toMapX = (px: number, view: View, room: Room): number =>
  view.centreX + (px - room.width / 2) / (across(room) * view.zoom);
export const toMapY = (py: number, view: View, room: Room): number =>
  view.centreY + (py - middle(room)) / (down(room) * view.zoom);

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
    centreX: view.centreX - dx / (across(room) * view.zoom),
    centreY: view.centreY - dy / (down(room) * view.zoom),
  });
}

/** Keeps the middle of the room on the map; the whole map stays where it is. */
function within(view: View): View {
  const half = 0.5 / view.zoom;
  const clamp = (centre: number): number => Math.min(1 - half, Math.max(half, centre));
  return { zoom: view.zoom, centreX: clamp(view.centreX), centreY: clamp(view.centreY) };
}
