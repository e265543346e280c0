// Where JUCE leaves the built plug-in, by format.
import { join } from 'node:path';
import { folderOf } from './cmake.ts';

/** Folder of the formats below a build's folder. */
export const artefacts = (build = folderOf('release')): string =>
  join(build, 'plugin', 'Timbrefold_artefacts', 'Release');

export const vst3 = (build?: string): string => join(artefacts(build), 'VST3', 'Timbrefold.vst3');
export const lv2 = (build?: string): string => join(artefacts(build), 'LV2', 'Timbrefold.lv2');
/** Folder of the program and what it carries. */
export const standalone = (build?: string): string => join(artefacts(build), 'Standalone');
