/** @jest-environment jsdom */
// A page that is enlarged as a whole, for views that know nothing of the screen's density.
import { applyScale, styleAt } from './scale.ts';

test('container queries ask about the pixels of the screen, and nothing else changes', () => {
  const css = '@container room (inline-size<900px)and (block-size>=56.5px){.a{inline-size:10px}}.b{block-size:20px}';
  expect(styleAt(css, 2)).toBe(
    '@container room (inline-size<1800px)and (block-size>=113px){.a{inline-size:10px}}.b{block-size:20px}',
  );
  expect(styleAt(css, 1)).toBe(css);
});

test('is enlarged by what the view does not do itself, and back', () => {
  document.elementFromPoint = () => null;
  const enlarged: number[] = [];
  const root = document.createElement('div');
  applyScale(2, 2, (factor) => enlarged.push(factor), root);
  expect(enlarged).toEqual([]);
  applyScale(3, 2, (factor) => enlarged.push(factor), root);
  applyScale(2, 2, (factor) => enlarged.push(factor), root);
  expect(enlarged).toEqual([1.5, 1]);
  expect(devicePixelRatio).toBe(2);
});
