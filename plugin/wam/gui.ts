// The instrument's face for a WAM host: the same UI, talking to the module's own instrument.
import { mount } from '../../ui/app.tsx';
import { LEAVE } from './identity.ts';
import type TimbrefoldModule from './module.ts';

/** Called by the SDK's `createGui`. The element has a size of its own until the host gives it another. */
export async function createElement(plugin: TimbrefoldModule): Promise<HTMLElement> {
  await loadStyle(new URL('style.css', import.meta.url).href);
  const element = document.createElement('div');
  element.style.cssText = 'inline-size: 1280px; block-size: 800px';
  const room = document.createElement('div');
  room.style.cssText = 'inline-size: 100%; block-size: 100%';
  element.append(room);
  const unmount = mount(plugin.instrument, room);
  element.addEventListener(LEAVE, unmount, { once: true });
  return element;
}

/** Adds the style sheet to the document, once; its rules apply inside the instrument alone. */
function loadStyle(href: string): Promise<void> {
  const links = document.head.querySelectorAll<HTMLLinkElement>('link[rel="stylesheet"]');
  if ([...links].some((link) => link.href === href)) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const link = document.createElement('link');
    link.rel = 'stylesheet';
    link.href = href;
    link.onload = () => resolve();
    link.onerror = () => reject(new Error(`The style sheet ${href} could not be fetched.`));
    document.head.append(link);
  });
}
