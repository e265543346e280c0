// The page: a small WAM host with one instrument. Makes the audio context, loads the module, shows its face.
import { initializeWamHost } from '@webaudiomodules/sdk';
import { mount } from '../../ui/app.tsx';
import TimbrefoldModule from './module.ts';
import { silentBridge } from './silent-bridge.ts';

const room = document.getElementById('instrument');
if (room) void open(room);

async function open(into: HTMLElement): Promise<void> {
  try {
    const context = new AudioContext({ latencyHint: 'interactive' });
    const [groupId] = await initializeWamHost(context);
    const module = new TimbrefoldModule(groupId, context);
    await module.initialize();
    const { instrument } = module;
    if (!instrument) throw new Error('The instrument did not start.');
    module.audioNode.connect(context.destination);
    mount(instrument, into);
    if (!module.audioNode.isolated) {
      instrument.emit({
        type: 'notice',
        id: 'isolation',
        tone: 'information',
        text: 'This page may not share memory between its threads, so notes may come a little late under load; "npm start" serves it with sharing.',
      });
    }
    // Chromium says when the device fails or there is none; the notes go on without being heard.
    context.addEventListener('error', () => {
      instrument.emit({ type: 'audio', state: 'none' });
      instrument.emit({
        type: 'notice',
        id: 'audio',
        tone: 'error',
        text: 'No audio device could be opened; connect one and reload the page to hear the sound.',
      });
    });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    mount(
      silentBridge(`The sound could not be started: ${why} Everything can be looked at, but nothing will be heard.`),
      into,
    );
  }
}
