import fc from 'fast-check';
import { testModel } from '../test-model.ts';
import { families } from './families.ts';
import { placeLabels } from './labels.ts';
import { boxAround } from './moving-picture.ts';
import { nearest, placeWords } from './nearest.ts';
import { Pinch } from './pinch.ts';
import { panBy, toMapX, toMapY, toScreenX, toScreenY, WHOLE, zoomAt } from './projection.ts';
import { search } from './search.ts';
import { contours } from './terrain.ts';

const { points } = testModel;
const room = { width: 900, height: 550 };

describe('places', () => {
  test('the nearest points come nearest first', () => {
    const place = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(place, place), { minLength: 1, maxLength: 60 }), place, place, (list, x, y) => {
        const all = list.map(([px, py], i) => ({ name: String(i), family: 'f', x: px, y: py }));
        const found = nearest(all, x, y, 5).map(({ distance }) => distance);
        const sorted = all.map((p) => Math.hypot(p.x - x, p.y - y)).sort((a, b) => a - b);
        expect(found).toHaveLength(Math.min(5, all.length));
        // A distance too small to be squared counts as none.
        found.forEach((distance, i) => {
          expect(distance).toBeCloseTo(sorted[i], 12);
        });
      }),
    );
  });

  test('are said in words', () => {
    expect(placeWords(nearest(points, 0.39, 0.2, 4))).toEqual({
      title: 'Between Glass harp and Flute',
      detail: 'nearest Glass harp\u00a0.19 · Flute\u00a0.21 · Celesta\u00a0.28',
    });
    expect(placeWords(nearest(points, 0.6, 0.2, 4))?.title).toBe('Flute');
    expect(placeWords([])).toBeNull();
  });

  test('are found by name and family, names first', () => {
    expect(search(points, 'flu').map(({ point }) => point.name)).toEqual(['Flute', 'Pan flute']);
    expect(search(points, 'mallets cel').map(({ point }) => point.name)).toEqual(['Celesta']);
    expect(search(points, '  ')).toEqual([]);
  });
});

describe('what moves', () => {
  const spot = fc.record({
    x: fc.double({ min: -200, max: 1100, noNaN: true }),
    y: fc.double({ min: -200, max: 750, noNaN: true }),
    reach: fc.integer({ min: 1, max: 40 }),
  });

  test('has a box that holds what of it lies in the room, and no more than the room', () => {
    fc.assert(
      fc.property(fc.array(spot, { maxLength: 8 }), (spots) => {
        const box = boxAround(spots, room);
        const seen = spots.filter(({ x, y }) => x > 0 && y > 0 && x < room.width && y < room.height);
        if (seen.length > 0) expect(box).not.toBeNull();
        if (!box) return;
        expect([box.left >= 0, box.top >= 0, box.right <= room.width, box.bottom <= room.height]).not.toContain(false);
        for (const { x, y, reach } of seen) {
          expect(Math.max(0, x - reach)).toBeGreaterThanOrEqual(box.left);
          expect(Math.min(room.height, y + reach)).toBeLessThanOrEqual(box.bottom);
        }
      }),
    );
  });

  test('has no box where nothing moves', () => {
    expect(boxAround([], room)).toBeNull();
    expect(boxAround([{ x: -90, y: 20, reach: 8 }], room)).toBeNull();
  });
});

describe('the view', () => {
  const view = fc.record({
    zoom: fc.double({ min: 1, max: 16, noNaN: true }),
    centreX: fc.constant(0.5),
    centreY: fc.constant(0.5),
  });

  test('goes there and back', () => {
    fc.assert(
      fc.property(view, fc.double({ min: 0, max: 1, noNaN: true }), (v, x) => {
        expect(toMapX(toScreenX(x, v, room), v, room)).toBeCloseTo(x, 9);
        expect(toMapY(toScreenY(x, v, room), v, room)).toBeCloseTo(x, 9);
      }),
    );
  });

  test('zooming keeps what is under the pointer, and out again shows the whole', () => {
    const x = toMapX(500, WHOLE, room);
    const near = zoomAt(WHOLE, room, 500, 280, 2);
    expect(toMapX(500, near, room)).toBeCloseTo(x, 9);
    expect(zoomAt(near, room, 10, 10, 1e-6)).toEqual(WHOLE);
  });

  test('the whole map cannot be pushed away', () => {
    expect(panBy(WHOLE, room, 400, -300)).toEqual(WHOLE);
  });
});

describe('two fingers', () => {
  const finger = (pointerId: number, clientX: number, clientY: number): PointerEvent =>
    ({ pointerId, clientX, clientY }) as PointerEvent;

  test('move the map together and zoom it apart', () => {
    const pinch = new Pinch();
    expect(pinch.down(finger(1, 100, 100))).toBe(false);
    expect(pinch.move(finger(1, 120, 100))).toBeNull();
    pinch.up(finger(1, 120, 100));
    pinch.down(finger(1, 100, 100));
    expect(pinch.down(finger(2, 200, 100))).toBe(true);
    expect(pinch.move(finger(2, 300, 100))).toEqual({ dx: 50, dy: 0, factor: 2, clientX: 200, clientY: 100 });
    expect(pinch.move(finger(3, 0, 0))).toBeNull();
    pinch.up(finger(1, 100, 100));
    expect(pinch.active).toBe(false);
  });
});

describe('the terrain', () => {
  test('families lie where they are densest and differ in hue', () => {
    const found = families(points);
    expect(found.map(({ name, count }) => [name, count])).toEqual(
      expect.arrayContaining([
        ['Mallets', 2],
        ['Winds', 2],
      ]),
    );
    expect(new Set(found.map(({ hue }) => hue)).size).toBe(found.length);
  });

  test('contours are closed rings around the points', () => {
    const found = contours(points);
    expect(found.length).toBeGreaterThan(3);
    for (const { rings } of found) for (const ring of rings) expect(ring[0]).toEqual(ring.at(-1));
    const xs = found[0].rings.flat().map(([x]) => x);
    expect(Math.min(...xs)).toBeLessThan(0.2);
    expect(Math.max(...xs)).toBeGreaterThan(0.8);
  });

  test('labels never cover each other', () => {
    const label = fc.record({
      text: fc.constant('a'),
      hue: fc.constant(0),
      x: fc.integer({ min: 0, max: 300 }),
      y: fc.integer({ min: 0, max: 200 }),
      width: fc.integer({ min: 20, max: 120 }),
    });
    fc.assert(
      fc.property(fc.array(label, { maxLength: 20 }), (labels) => {
        const placed = placeLabels(labels);
        placed.forEach((a, i) => {
          for (const b of placed.slice(i + 1)) {
            const apart = Math.abs(a.x - b.x) >= (a.label.width + b.label.width) / 2 || Math.abs(a.y - b.y) >= 18;
            expect(apart).toBe(true);
          }
        });
      }),
    );
  });
});
