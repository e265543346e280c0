// The whole instrument, arranged in rooms by how often a hand goes there.
import { render } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Bridge } from '../plugin/instrument/messages.ts';
import { StoreContext, useStore } from './context.ts';
import { Drawer } from './drawer.tsx';
import { Envelope } from './envelope.tsx';
import { openFiles, saveFile } from './files.ts';
import { Keyboard } from './keyboard/keyboard.tsx';
import { Macros } from './macros.tsx';
import { MapView } from './map/map-view.tsx';
import { MidiButton } from './midi-button.tsx';
import { MorphPad } from './morph-pad.tsx';
import { Notices } from './notices.tsx';
import { Ribbon } from './ribbon/ribbon.tsx';
import { Store } from './store.ts';
import { TopBar } from './top-bar.tsx';

const TABS = ['Macros', 'Morph', 'Envelope'] as const;
type Tab = (typeof TABS)[number];

function Side() {
  const [tab, setTab] = useState<Tab>('Macros');
  const [more, setMore] = useState(false);
  return (
    <aside class="side" data-tab={tab} aria-label="Shape of the sound">
      {/* Seen only where the column is too narrow for all three. */}
      <fieldset class="tabs" aria-label="Controls">
        {TABS.map((name) => (
          <button key={name} type="button" aria-pressed={tab === name} onClick={() => setTab(name)}>
            {name}
          </button>
        ))}
      </fieldset>
      <div class="side-body">
        <Macros />
        <MorphPad />
        <Envelope />
      </div>
      <div class="side-foot">
        <MidiButton />
        <button type="button" aria-expanded={more} onClick={() => setMore(!more)}>
          More controls
        </button>
      </div>
      {more && <Drawer close={() => setMore(false)} />}
    </aside>
  );
}

function Rooms() {
  const store = useStore();
  const root = useRef<HTMLDivElement>(null);
  const [over, setOver] = useState(false);
  const [tabbing, setTabbing] = useState(false);

  useEffect(() => store.onFile(({ fileName, mime, text }) => saveFile(fileName, mime, text)), [store]);

  // The first touch of any kind wakes the sound; capture, so that no control can swallow it.
  useEffect(() => {
    const wake = (): void => {
      if (store.audio.peek() === 'asleep') store.send({ type: 'wake' });
    };
    const kinds = ['pointerdown', 'pointerup', 'keydown', 'touchend'] as const;
    for (const kind of kinds) window.addEventListener(kind, wake, { capture: true, passive: true });
    return () => {
      for (const kind of kinds) window.removeEventListener(kind, wake, { capture: true });
    };
  }, [store]);

  // Browsers show focus as soon as any key is pressed, but here letters are music: only keys that move the focus or a value show it.
  useEffect(() => {
    const onKeyDown = ({ key }: KeyboardEvent): void => {
      if (key === 'Tab' || key.startsWith('Arrow')) setTabbing(true);
    };
    const onPointerDown = (): void => setTabbing(false);
    window.addEventListener('keydown', onKeyDown, { capture: true });
    window.addEventListener('pointerdown', onPointerDown, { capture: true });
    return () => {
      window.removeEventListener('keydown', onKeyDown, { capture: true });
      window.removeEventListener('pointerdown', onPointerDown, { capture: true });
    };
  }, []);

  // A file may be dropped anywhere on the instrument, and never makes the browser leave the page.
  useEffect(() => {
    const element = root.current;
    if (!element) return;
    const onDragOver = (event: DragEvent): void => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      setOver(true);
    };
    const onDragLeave = (event: DragEvent): void => {
      if (!(event.relatedTarget instanceof Node) || !element.contains(event.relatedTarget)) setOver(false);
    };
    const onDrop = (event: DragEvent): void => {
      event.preventDefault();
      setOver(false);
      void openFiles(store, event.dataTransfer?.files);
    };
    element.addEventListener('dragover', onDragOver);
    element.addEventListener('dragleave', onDragLeave);
    element.addEventListener('drop', onDrop);
    return () => {
      element.removeEventListener('dragover', onDragOver);
      element.removeEventListener('dragleave', onDragLeave);
      element.removeEventListener('drop', onDrop);
    };
  }, [store]);

  return (
    <div ref={root} class="rooms" data-dropping={over} data-tabbing={tabbing}>
      <TopBar />
      <MapView />
      <Side />
      <Ribbon />
      <Keyboard />
      <Notices />
      {over && <p class="drop-hint">Drop a model, a preset or a sound</p>}
    </div>
  );
}

/** Puts the UI into an element and ties it to a host; returns the way to take it out again. */
export function mount(bridge: Bridge, into: HTMLElement): () => void {
  const store = new Store(bridge);
  into.classList.add('timbrefold');
  render(
    <StoreContext.Provider value={store}>
      <Rooms />
    </StoreContext.Provider>,
    into,
  );
  return () => {
    render(null, into);
    into.classList.remove('timbrefold');
    store.dispose();
  };
}
