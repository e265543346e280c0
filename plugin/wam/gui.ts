// The instrument's face for a WAM host: the same UI, talking to the module's own instrument.
import { mount } from '../../ui/app.tsx';
import { LEAVE } from './identity.ts';
import type TimbrefoldModule from './module.ts';

const STYLE = new URL('style.css', import.meta.url).href;

/** Called by the SDK's `createGui`. The element has a size of its own until the host gives it another; it may stand in a shadow tree. */
export async function createElement(plugin: TimbrefoldModule): Promise<HTMLElement> {
  const element = document.createElement('div');
  element.style.cssText = 'inline-size: 1280px; block-size: 800px';
  const room = document.createElement('div');
  room.style.cssText = 'inline-size: 100%; block-size: 100%';
  let unmount: (() => void) | null = null;
  let left = false;
  const link = styleSheet(() => {
    if (!left && !unmount) unmount = mount(plugin.instrument, room);
  });
  element.addEventListener(
    LEAVE,
    () => {
      left = true;
      unmount?.();
    },
    { once: true },
  );
  element.append(link, room);
  return element;
}

/** The style sheet, inside the element so that it reaches it in any tree. The face is drawn by its colours, so it waits for it. */
function styleSheet(then: () => void): HTMLLinkElement {
  const link = document.createElement('link');
  link.rel = 'stylesheet';
  // A page that is cross-origin isolated takes foreign sheets by CORS alone.
  link.crossOrigin = 'anonymous';
  link.href = STYLE;
  link.onload = then;
  link.onerror = () => link.replaceWith(`The style sheet ${STYLE} could not be fetched; reload the page to try again.`);
  return link;
}
