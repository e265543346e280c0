// The host: uses nothing of a module but the WAM 2 API, so that whatever works here works in any host.
import type { WebAudioModule } from '@webaudiomodules/api';
import { initializeWamHost } from '@webaudiomodules/sdk';
import type { ModuleEntry } from './build.ts';
import { element } from './element.ts';
import { drawKeyboard } from './keyboard.ts';
import { Lane } from './lane.ts';
import { Rack, type SavedModule } from './rack.ts';

const STORED = 'wam-demo-host-session';

declare global {
  interface Window {
    /** For tests: the modules in their order. */
    rack?: readonly WebAudioModule[];
  }
}

const context = new AudioContext({ latencyHint: 'interactive' });
const said = element('said');
const say = (text: string): void => {
  said.textContent = text;
};

/** What fails is said to the person, and to the console for whoever writes modules. */
function watch(work: Promise<unknown>): void {
  work.catch((error: unknown) => {
    console.warn(error);
    say(error instanceof Error ? error.message : String(error));
  });
}

const [group] = await initializeWamHost(context);
const rack = new Rack(context, group, element('rack'), () => {
  lane.setModules(rack.modules);
  window.rack = rack.modules;
});
const lane = new Lane(context, element('lane'));

const offers = (await (await fetch('modules.json')).json()) as ModuleEntry[];
const offer = element<HTMLSelectElement>('offer');
for (const { name, url } of offers) offer.append(new Option(name, url));

element<HTMLFormElement>('add').addEventListener('submit', (event) => {
  event.preventDefault();
  const typed = element<HTMLInputElement>('address');
  const url = typed.value || offer.value;
  say('Fetching the module …');
  watch(
    rack.add(url).then(() => {
      typed.value = '';
      say('');
    }),
  );
});

element('save').addEventListener('click', () =>
  watch(
    rack.save().then((session) => {
      localStorage.setItem(STORED, JSON.stringify(session));
      element<HTMLButtonElement>('restore').disabled = false;
      say('The session is saved.');
    }),
  ),
);
element('restore').addEventListener('click', () => {
  const session = JSON.parse(localStorage.getItem(STORED) ?? '[]') as SavedModule[];
  watch(rack.restore(session).then(() => say('The session is restored.')));
});
element<HTMLButtonElement>('restore').disabled = localStorage.getItem(STORED) === null;

drawKeyboard(element('keys'), (bytes) => {
  void context.resume();
  rack.play(bytes);
});
window.rack = rack.modules;
// Before this moment a press would send the form to the server.
element<HTMLButtonElement>('add-module').disabled = false;
say('');
