// The page: a small WAM host with one instrument. Shows its face at once, then starts the sound.
import { initializeWamHost } from '@webaudiomodules/sdk';
import { mount } from '../../ui/app.tsx';
import { followLinks } from './follow-links.ts';
import type { Instrument } from './instrument.ts';
import { followVisits } from './last-visit.ts';
import TimbrefoldModule, { createInstrument } from './module.ts';
import { keepForOffline } from './offline.ts';

const GROUP = 'timbrefold-page';
/** Where links to presets lead: this page, without what stands behind "#". */
const PAGE_URL = location.href.replace(/#.*$/s, '');

const room = document.getElementById('instrument');
if (room) void open(room);

async function open(into: HTMLElement): Promise<void> {
  const context = typeof AudioContext === 'undefined' ? null : new AudioContext({ latencyHint: 'interactive' });
  if (!context) {
    const instrument = createInstrument(() => {}, PAGE_URL);
    mount(instrument, into);
    afterwards(instrument);
    silent(instrument, 'This browser has no Web Audio.');
    return;
  }
  const module = new TimbrefoldModule(GROUP, context, PAGE_URL);
  const { instrument } = module;
  mount(instrument, into);
  afterwards(instrument);
  // Browsers that notice a missing or failing device say so here; the notes go on without being heard.
  context.addEventListener('error', () => silent(instrument, 'No audio device could be opened.'));
  try {
    await initializeWamHost(context, GROUP);
    await module.initialize();
    module.audioNode.connect(context.destination);
    if (!module.audioNode.isolated)
      instrument.emit({ type: 'notice', id: 'isolation', tone: 'information', text: NOT_ISOLATED });
  } catch (error) {
    silent(instrument, error instanceof Error ? error.message : String(error));
  }
}

/** What can wait until there is a sound: the last visit, a preset in the address, and the files for offline use. */
function afterwards(instrument: Instrument): void {
  followVisits(instrument);
  followLinks(instrument);
  const stop = instrument.subscribe((message) => {
    if (message.type !== 'sound') return;
    stop();
    void keepForOffline(() =>
      instrument.emit({
        type: 'notice',
        id: 'update',
        tone: 'information',
        text: 'A new version of Timbrefold is ready; it opens when you reload the page.',
      }),
    );
  });
}

const NOT_ISOLATED =
  'This page may not share memory between its threads, so notes may come a little late under load; "npm start" serves it with sharing.';

function silent(instrument: Instrument, why: string): void {
  instrument.emit({ type: 'audio', state: 'none' });
  instrument.emit({
    type: 'notice',
    id: 'audio',
    tone: 'error',
    text: `${why} Nothing can be heard; all else goes on working. Connect an audio device or use another browser, then reload the page.`,
  });
}
