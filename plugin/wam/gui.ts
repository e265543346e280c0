// The instrument's face for a WAM host: the same UI, talking to the module's own instrument.
import { mount } from '../../ui/app.tsx';
import type TimbrefoldModule from './module.ts';

/** Called by the SDK's `createGui`. The host gives the element its size. */
export async function createElement(plugin: TimbrefoldModule): Promise<HTMLElement> {
  if (!plugin.instrument) throw new Error('The module has not been initialised yet; wait for createInstance.');
  const element = document.createElement('div');
  element.style.cssText = 'inline-size: 1280px; block-size: 800px';
  const style = document.createElement('link');
  style.rel = 'stylesheet';
  style.href = new URL('style.css', import.meta.url).href;
  element.append(style);
  const room = document.createElement('div');
  room.style.cssText = 'inline-size: 100%; block-size: 100%';
  element.append(room);
  mount(plugin.instrument, room);
  return element;
}
