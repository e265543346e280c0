// Small line drawings, one stroke each; their buttons carry the names.

const shapes = {
  undo: 'M7 4 L3.5 7.5 L7 11 M3.5 7.5 H12 a4.2 4.2 0 0 1 0 8.4 H8',
  redo: 'M13 4 L16.5 7.5 L13 11 M16.5 7.5 H8 a4.2 4.2 0 0 0 0 8.4 H12',
  left: 'M12 5 L7.5 10 L12 15',
  right: 'M8 5 L12.5 10 L8 15',
  close: 'M5.5 5.5 L14.5 14.5 M14.5 5.5 L5.5 14.5',
  search: 'M13.2 9 a4.6 4.6 0 1 1 -9.2 0 a4.6 4.6 0 1 1 9.2 0 M12.5 12.5 L16 16',
  star: 'M10 3.2 L12.1 7.6 L16.8 8.2 L13.3 11.5 L14.2 16.2 L10 13.9 L5.8 16.2 L6.7 11.5 L3.2 8.2 L7.9 7.6 Z',
  play: 'M7 4.8 L15 10 L7 15.2 Z',
  sound: 'M3.5 8 V12 H6.5 L10.5 15.5 V4.5 L6.5 8 Z M13 7.5 a3.6 3.6 0 0 1 0 5 M15 5.5 a6.4 6.4 0 0 1 0 9',
  dots: 'M4.5 10 h.01 M10 10 h.01 M15.5 10 h.01',
  dice: 'M4 4 h12 v12 h-12 Z M7.5 7.5 h.01 M12.5 12.5 h.01 M10 10 h.01',
  path: 'M3.5 14.5 C 6 5, 9 5, 10 10 S 14.5 15, 16.5 5.5',
  snow: 'M10 3 V17 M4 6.5 L16 13.5 M16 6.5 L4 13.5',
} as const;

export type IconName = keyof typeof shapes;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon-shape" data-icon={name} viewBox="0 0 20 20" aria-hidden="true">
      <path d={shapes[name]} />
    </svg>
  );
}
