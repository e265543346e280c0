// The face of the plug-in: the same UI as everywhere, in the host's web view, talking to the native instrument. It comes as a script that the web view runs at
// the beginning of the page, with the style inside (scripts/build/editor.ts): of all that crosses to a web view on Linux, files are the slowest.
import { mount } from '../../ui/app.tsx';
import { EncodingThread } from '../analysis/encoding-thread.ts';
import { Listening } from '../analysis/listening.ts';
import { readAudio } from '../analysis/read-audio.ts';
import type { HostMessage } from '../instrument/messages.ts';
import { Auditions, playByView } from './auditions.ts';
import { passKeysToHost } from './host-keys.ts';
import { ModelBytes, type ModelFile } from './model-bytes.ts';
import { NativeBridge } from './native-bridge.ts';
import { NativeFiles } from './native-files.ts';
import { nativePort, VIEW_EVENT } from './native-port.ts';
import { NativePresets } from './native-presets.ts';
import { Offline } from './offline.ts';
import { applyScale, styleAt } from './scale.ts';
import { SoundMirror } from './sound-mirror.ts';
import type { FromView, ToView } from './view-messages.ts';

/** The style of the UI with its usual letters, put in by the build. */
declare const STYLE: string;

const style = document.createElement('style');
style.textContent = STYLE;
document.head.append(style);
const room = document.getElementById('instrument');
if (room) open(room);

function open(into: HTMLElement): void {
  const port = nativePort(window.__JUCE__?.backend);
  const tell = (message: FromView): void => port.send(VIEW_EVENT, message);
  const ownScale = devicePixelRatio;
  const bridge = new NativeBridge(port, afterPaint);
  const files = new NativeFiles(into, tell);
  const emit = (message: HostMessage): void => bridge.receive(message);
  const presets = new NativePresets(tell, emit);
  const bytes = new ModelBytes(tell);
  const mirror = new SoundMirror();
  const folder = new URL('./', location.href).href;
  let compiled: Promise<WebAssembly.Module> | null = null;
  const places = {
    folder,
    core: () => (compiled ??= WebAssembly.compileStreaming(fetch('core.wasm'))),
    model: () => bytes.get(),
  };
  const worker = (name: string): Worker => new Worker(`${folder}${name}-worker.js`, { type: 'module', name });
  const offline = new Offline(emit, mirror, { ...places, openWorker: () => worker('offline') });
  bridge.employ(presets);
  bridge.employ(offline);
  const listening = new Listening<ModelFile>(emit, {
    async place() {
      const [core, source] = await Promise.all([places.core(), places.model()]);
      return { core, source, runtimeUrl: folder };
    },
    readAudio,
    openThread: (onProgress) => new EncodingThread(worker('encode'), onProgress),
  });
  bridge.employ(listening);
  bridge.employ(
    new Auditions({
      render: (sound) => offline.note(sound),
      take: (take) => listening.heard(take),
      play: playByView,
      say: (text) => emit({ type: 'notice', id: 'audition', tone: 'error', text }),
    }),
  );
  bridge.subscribe((message) => {
    mirror.receive(message);
    if (message.type === 'portrait') performance.mark('portrait');
    if (message.type !== 'model') return;
    performance.mark('model');
    bytes.forget();
    offline.forgetModel();
  });
  port.listen(VIEW_EVENT, (message) => {
    const word = message as ToView;
    switch (word.type) {
      case 'ping':
        tell({ type: 'pong' });
        return;
      case 'scale':
        applyScale(word.scale, ownScale, (enlarged) => {
          style.textContent = styleAt(STYLE, enlarged);
        });
        return;
      case 'offer':
        files.receive(word);
        return;
      case 'bytes':
        bytes.receive(word);
        return;
      case 'presetFiles':
      case 'presetStored':
      case 'presetRemoved':
        presets.receive(word);
    }
  });
  performance.mark('script');
  mount(bridge, into);
  passKeysToHost(tell);
  performance.mark('mounted');
  afterPaint(() => {
    performance.mark('painted');
    tell({ type: 'ready' });
  });
}

/** Two frames: the first is laid out and painted, the second comes when it has been. A view that is hidden gets none, and goes on without. */
function afterPaint(then: () => void): void {
  const HIDDEN_MS = 250;
  let done = false;
  const once = (): void => {
    if (!done) then();
    done = true;
  };
  requestAnimationFrame(() => requestAnimationFrame(once));
  setTimeout(once, HIDDEN_MS);
}
