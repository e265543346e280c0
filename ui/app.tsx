// The whole instrument, arranged in rooms by how often a hand goes there.
import { render } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Bridge } from '../plugin/instrument/messages.ts';
import { StoreContext, useStore } from './context.ts';
import { Drawer } from './drawer.tsx';
import { Envelope } from './envelope.tsx';
import { ExportSheet } from './export/export-sheet.tsx';
import { openFiles, saveFile } from './files.ts';
import { FindSheet } from './find/find-sheet.tsx';
import { Keyboard } from './keyboard/keyboard.tsx';
import { PresetBrowser } from './library/browser.tsx';
import { carriesPreset } from './library/carry.ts';
import { SaveSheet } from './library/save-sheet.tsx';
import { Macros } from './macros.tsx';
import { MapView } from './map/map-view.tsx';
import { NeighboursSheet } from './map/neighbours-sheet.tsx';
import { Menu } from './menu/menu.tsx';
import { MidiButton } from './midi-button.tsx';
import { MorphPad } from './morph-pad.tsx';
import { Notices } from './notices.tsx';
import { Ribbon } from './ribbon/ribbon.tsx';
import { followScheme } from './scheme.ts';
import { type Sheet, Store } from './store.ts';
import { strings } from './strings.ts';
import { TopBar } from './top/top-bar.tsx';
import { Tour } from './tour/tour.tsx';
import { YoursSheet } from './yours/yours-sheet.tsx';

const TABS = ['macros', 'morph', 'envelope'] as const;
type Tab = (typeof TABS)[number];

const sheets: Record<Sheet, () => preact.JSX.Element | null> = {
  presets: PresetBrowser,
  save: SaveSheet,
  find: FindSheet,
  neighbours: NeighboursSheet,
  yours: YoursSheet,
  export: ExportSheet,
};

function Side() {
  const store = useStore();
  const [tab, setTab] = useState<Tab>('macros');
  const more = store.drawer.value;
  return (
    <aside class="side" data-tab={tab} aria-label={strings.side.label}>
      {/* Seen only where the column is too narrow for all three. */}
      <fieldset class="tabs" aria-label={strings.side.tabs}>
        {TABS.map((name) => (
          <button key={name} type="button" aria-pressed={tab === name} onClick={() => setTab(name)}>
            {strings.side[name]}
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
        <button
          type="button"
          aria-expanded={more}
          onClick={() => {
            store.drawer.value = !more;
          }}
        >
          {strings.side.more}
        </button>
      </div>
      {more && (
        <Drawer
          close={() => {
            store.drawer.value = false;
          }}
        />
      )}
    </aside>
  );
}

function Rooms() {
  const store = useStore();
  const root = useRef<HTMLDivElement>(null);
  const [tabbing, setTabbing] = useState(false);
  const over = useDrop(root);

  useEffect(
    () => store.on('file', ({ fileName, mime, text }) => saveFile(fileName, new Blob([text], { type: mime }))),
    [store],
  );
  useEffect(() => store.on('exported', ({ fileName, data }) => saveFile(fileName, data)), [store]);
  useWaking();

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

  const sheet = store.sheet.value;
  const Shown = sheet && sheets[sheet];
  return (
    <div ref={root} class="rooms" data-dropping={over} data-tabbing={tabbing} data-keys={store.memory.value.keys}>
      <TopBar />
      <MapView />
      {Shown && <Shown key={sheet} />}
      <Side />
      <Ribbon />
      <Keyboard />
      <Notices />
      <Tour />
      <Menu menus={store.menus} />
      {over && <p class="drop-hint">{strings.files.drop}</p>}
    </div>
  );
}

/** The first touch of any kind wakes the sound; capture, so that no control can swallow it. */
function useWaking(): void {
  const store = useStore();
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
}

/** A file may be dropped anywhere on the instrument, and never makes the browser leave the page. True while one is held over it. */
function useDrop(root: { readonly current: HTMLElement | null }): boolean {
  const store = useStore();
  const [over, setOver] = useState(false);
  useEffect(() => {
    const element = root.current;
    if (!element) return;
    const onDragOver = (event: DragEvent): void => {
      // A preset of the browser is a file, too, but is dropped on the morph pad alone.
      if (!event.dataTransfer?.types.includes('Files') || carriesPreset(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const onDragLeave = (event: DragEvent): void => {
      if (!(event.relatedTarget instanceof Node) || !element.contains(event.relatedTarget)) setOver(false);
    };
    const onDrop = (event: DragEvent): void => {
      event.preventDefault();
      if (!carriesPreset(event)) void openFiles(store, event.dataTransfer?.files);
    };
    // Capture: the hint goes wherever the file was dropped.
    const onAnyDrop = (): void => setOver(false);
    element.addEventListener('dragover', onDragOver);
    element.addEventListener('dragleave', onDragLeave);
    element.addEventListener('drop', onDrop);
    element.addEventListener('drop', onAnyDrop, { capture: true });
    return () => {
      element.removeEventListener('dragover', onDragOver);
      element.removeEventListener('dragleave', onDragLeave);
      element.removeEventListener('drop', onDrop);
      element.removeEventListener('drop', onAnyDrop, { capture: true });
    };
  }, [store]);
  return over;
}

/** Puts the UI into an element and ties it to a host; returns the way to take it out again. */
export function mount(bridge: Bridge, into: HTMLElement): () => void {
  const store = new Store(bridge);
  into.classList.add('timbrefold');
  const stopScheme = followScheme(into, store.memory);
  const leave = (): void => store.leave();
  window.addEventListener('pagehide', leave);
  render(
    <StoreContext.Provider value={store}>
      <Rooms />
    </StoreContext.Provider>,
    into,
  );
  return () => {
    render(null, into);
    window.removeEventListener('pagehide', leave);
    stopScheme();
    into.classList.remove('timbrefold');
    store.dispose();
  };
}
