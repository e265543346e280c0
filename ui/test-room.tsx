// For tests of components: shows one in a document, with a host that has no sound, and acts like a hand.
import { type ComponentChildren, render } from 'preact';
import { act } from 'preact/test-utils';
import { StoreContext } from './context.ts';
import { FakeBridge } from './fake-bridge.ts';
import { Store } from './store.ts';
import { testModel } from './test-model.ts';

export interface Shown {
  bridge: FakeBridge;
  store: Store;
  room: HTMLElement;
  /** The one element that the selector finds. */
  find<E extends HTMLElement = HTMLElement>(selector: string): E;
  /** The button that says so, or is called so. */
  button(name: string): HTMLButtonElement;
  /** Shows it anew, as after closing the face and opening it again. */
  again(children: ComponentChildren): Promise<void>;
}

export async function show(children: ComponentChildren): Promise<Shown> {
  // jsdom lays nothing out.
  Element.prototype.scrollIntoView = () => {};
  const bridge = new FakeBridge(testModel);
  const store = new Store(bridge);
  const room = document.createElement('div');
  document.body.replaceChildren(room);
  const again = (shown: ComponentChildren): Promise<void> =>
    act(() => render(<StoreContext.Provider value={store}>{shown}</StoreContext.Provider>, room));
  await again(children);
  const only = <E extends HTMLElement>(found: E[], what: string): E => {
    if (found.length !== 1) throw new Error(`There are ${found.length} of ${what} in ${room.innerHTML}.`);
    return found[0];
  };
  return {
    bridge,
    store,
    room,
    find: <E extends HTMLElement>(selector: string) => only([...room.querySelectorAll<E>(selector)], selector),
    button: (name) =>
      only(
        [...room.querySelectorAll<HTMLButtonElement>('button')].filter(
          (button) => button.textContent === name || button.getAttribute('aria-label') === name,
        ),
        `the button "${name}"`,
      ),
    again,
  };
}

export const press = (target: Element, key: string): Promise<void> =>
  act(() => void target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true })));

export const click = (target: HTMLElement): Promise<void> => act(() => target.click());

/** Fills a field in, as typing does. */
export const fill = (field: HTMLInputElement | HTMLSelectElement, value: string): Promise<void> =>
  act(() => {
    field.value = value;
    field.dispatchEvent(new Event(field instanceof HTMLSelectElement ? 'change' : 'input', { bubbles: true }));
  });
