// What each voice is doing, for display.
import { MAX_VOICES, VOICE_REPORT } from '../generated/constants';
import { PHYSICAL_VOICES } from '../spectral/synthesis';
import { counted, loudness } from './allocation';
import { heardMapX, heardMapY } from './path';
import { voiceAt } from './voice';

const report: usize = memory.data(MAX_VOICES * VOICE_REPORT * 4, 16);

/** Rows of VOICE_REPORT floats (plugin/instrument/protocol.ts), those of sounding voices first. */
export function voiceReport(): usize {
  memory.fill(report, 0, MAX_VOICES * VOICE_REPORT * 4);
  let row = report;
  for (let i = 0; i < PHYSICAL_VOICES; i++) {
    const voice = voiceAt(i);
    if (!counted(voice)) continue;
    store<f32>(row, 1);
    store<f32>(row, <f32>voice.channel, 4);
    store<f32>(row, <f32>voice.key, 8);
    store<f32>(row, min<f32>(1, loudness(voice)), 12);
    store<f32>(row, heardMapX(), 16);
    store<f32>(row, heardMapY(), 20);
    store<f32>(row, voice.heardTau, 24);
    store<f32>(row, <f32>voice.late, 28);
    row += VOICE_REPORT * 4;
  }
  return report;
}
