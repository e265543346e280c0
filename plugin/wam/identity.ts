// How the instrument presents itself to Web Audio Module hosts.
import type { WamDescriptor } from '@webaudiomodules/api';

/** Also the name under which the processor is registered. */
export const MODULE_ID = 'timbrefold.instrument';

/** Event by which the module tells its face to go. */
export const LEAVE = 'timbrefold-leave';

export const descriptor: WamDescriptor = {
  identifier: MODULE_ID,
  name: 'Timbrefold',
  vendor: 'Timbrefold',
  description: 'A neural polyphonic synthesizer: a map of sounds, eight macros, every note decoded while it sounds.',
  version: '0.1.0',
  apiVersion: '2.0.0-alpha.6',
  thumbnail: 'thumbnail.png',
  keywords: ['instrument', 'synthesizer', 'neural'],
  isInstrument: true,
  website: '',
  hasAudioInput: false,
  hasAudioOutput: true,
  hasAutomationInput: true,
  hasAutomationOutput: false,
  hasMidiInput: true,
  hasMidiOutput: false,
  hasMpeInput: true,
  hasMpeOutput: false,
  hasOscInput: false,
  hasOscOutput: false,
  hasSysexInput: false,
  hasSysexOutput: false,
};
