// The latent that is heard at a place between sounds, so that a preset file can make it its own. Runs a core beside the playing one, without voices.
import { Core, type CoreModel } from '../engine/core.ts';
import type { SoundState } from '../instrument/messages.ts';
import { type Preset, PresetError, parameterEvent } from '../instrument/preset.ts';
import { MAX_BLOCK } from '../instrument/protocol.ts';

const RATE = 48_000;
/** Long enough for every smoothed parameter to arrive. */
const SETTLE_BLOCKS = 12;
const PLACES = ['mapX', 'mapY', 'morphX', 'morphY', 'morphMix'];

/**
 * The preset of a state: at home it is the preset it was; elsewhere on the map, or morphed, the latent heard there becomes its own and the place
 * its home. Macros and reach stay what they are: they are applied after it. `module` is null where there is no core to work it out.
 * @throws PresetError where a core is needed and there is none
 */
export function bakedPreset(
  module: WebAssembly.Module | null,
  model: CoreModel,
  state: SoundState,
  name: string,
): Preset {
  const { preset, values } = state;
  const macros = preset.macros.map((_, i) => values[`macro${i + 1}`]);
  const atHome = values.mapX === preset.map.x && values.mapY === preset.map.y && values.morphMix === 0;
  if (atHome) return { ...preset, name, macros, parameters: values };
  if (!module)
    throw new PresetError(
      'Away from its own place a sound cannot be kept without audio; double-click the map, then save.',
    );
  const core = Core.fromModule(module);
  core.prepare(RATE);
  core.setModel(model);
  core.setSound(preset.latent, preset.map.x, preset.map.y);
  state.corners.forEach(({ latent }, corner) => {
    core.setCorner(corner as 0 | 1 | 2 | 3, latent);
  });
  for (const id of PLACES) {
    const { kind, channel, key, value } = parameterEvent(id, values[id]);
    core.event(0, kind, channel, key, value);
  }
  for (let block = 0; block < SETTLE_BLOCKS; block++) core.process(MAX_BLOCK);
  return {
    ...preset,
    name,
    latent: Array.from(core.latent()),
    map: { x: values.mapX, y: values.mapY },
    macros,
    parameters: { ...values, morphMix: 0 },
  };
}
