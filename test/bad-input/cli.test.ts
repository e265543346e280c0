// Whatever a stranger hands to the command line: one clear sentence, the right exit code, and what stood there before stays untouched.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { strToU8, zipSync } from 'fflate';
import { runCli } from '../../plugin/cli/run.ts';
import { writePreset } from '../../plugin/instrument/preset.ts';
import { readBundle } from '../../plugin/model/bundle.ts';
import { Workplace } from '../support/cli.ts';
import { midiFile, note } from '../support/midi.ts';
import { type TinyChanges, tinyBundle } from '../support/tiny-bundle.ts';

const place = new Workplace();
const here = process.cwd();
let said = '';

/** What is in the folder before and must be there afterwards, byte for byte. */
const BEFORE = 'what was there before';

beforeAll(async () => {
  const write = (name: string, content: string | Uint8Array): void => writeFileSync(place.path(name), content);
  const good = tinyBundle();
  write('good.timbre', good);
  write('good.mid', midiFile([note(0, 60, 240)]));
  write('out.wav', BEFORE);
  mkdirSync(place.path('folder'));

  const bundles: Record<string, TinyChanges> = {
    'slip.timbre': { files: (files) => Object.assign(files, { '../../evil.onnx': strToU8('x') }) },
    'bomb.timbre': { files: (files) => Object.assign(files, { 'graphs/bomb.onnx': new Uint8Array((64 << 20) + 1) }) },
    'hash.timbre': { files: (files) => Object.assign(files, { LICENSE: strToU8('public domain') }) },
    'shape.timbre': { decoder: (graph) => ({ ...graph, inputs: { ...graph.inputs, z: ['batch', 5] } }) },
    'nan.timbre': {
      decoder: (graph) => ({
        ...graph,
        constants: { ...graph.constants, b2: { shape: [49], data: new Float32Array(49).fill(Number.NaN) } },
      }),
    },
  };
  for (const [name, changes] of Object.entries(bundles)) write(name, tinyBundle(changes));
  write('truncated.timbre', good.subarray(0, good.length / 2));
  write('empty.timbre', '');
  write('other.timbre', zipSync({ 'readme.txt': strToU8('hello') }));

  const { presets } = await readBundle(good, 'good.timbre');
  write('other-model.json', writePreset({ ...presets[0], model: { id: 'acme.brass', sha256: '0'.repeat(64) } }));
  write('range.json', JSON.stringify({ ...presets[0], parameters: { gainDb: 400 } }));
  write('unknown.json', JSON.stringify({ ...presets[0], parameters: { volume: 1 } }));
  write('newer.json', JSON.stringify({ ...presets[0], version: 99 }));
  write('broken.json', '{"format":');

  const midi = midiFile([note(0, 60, 240)]);
  write('empty.mid', '');
  write('text.mid', 'This is not music.');
  write('truncated.mid', midi.subarray(0, midi.length - 6));
  write('silent.mid', midiFile([[]]));
  const damaged = midi.slice();
  damaged.fill(0xf5, 26, 30);
  write('damaged.mid', damaged);
  const format2 = midi.slice();
  format2[9] = 2;
  write('patterns.mid', format2);

  write('columns.csv', 'seconds,parameter,value\n1,macro1\n');
  write('name.csv', '0.5,macro9,0.5\n');
  write('value.csv', '0,macro1,0\n1,macro1,1.5\n');
  write('time.csv', 'soon,macro1,0.5\n');
  write('quote.csv', '0,"macro1,0.5\n');
  process.chdir(place.folder);
});
afterAll(() => {
  process.chdir(here);
  place.remove();
});

beforeEach(() => {
  said = '';
  const hear = (text: unknown): void => {
    said += `${String(text)}\n`;
  };
  jest.spyOn(console, 'error').mockImplementation(hear);
  jest.spyOn(console, 'log').mockImplementation(hear);
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said += String(text);
    return true;
  });
});
afterEach(() => {
  jest.restoreAllMocks();
});

const render = (...args: string[]): string[] => [
  'render',
  'good.mid',
  '--model',
  'good.timbre',
  '-o',
  'out.wav',
  ...args,
];
const play = (midi: string): string[] => ['render', midi, '--model', 'good.timbre', '-o', 'out.wav'];
const withModel = (model: string): string[] => ['render', 'good.mid', '--model', model, '-o', 'out.wav'];

const FAILED = 1;
const WRONG_USE = 2;
const cases: [string, string[], number, string][] = [
  ['no such model', withModel('none.timbre'), FAILED, 'The model none.timbre does not exist.'],
  ['a folder as model', withModel('folder'), FAILED, 'The model folder is not a file.'],
  [
    'a truncated bundle',
    withModel('truncated.timbre'),
    FAILED,
    'truncated.timbre was refused: it is not a whole zip file',
  ],
  ['an empty bundle', withModel('empty.timbre'), FAILED, 'empty.timbre was refused: it is not a whole zip file'],
  ['another zip', withModel('other.timbre'), FAILED, 'an entry that does not belong there: "readme.txt"'],
  ['a wrong hash', withModel('hash.timbre'), FAILED, 'LICENSE is not the file the manifest lists (its hash differs)'],
  ['a zip slip', withModel('slip.timbre'), FAILED, 'an entry that does not belong there: "../../evil.onnx"'],
  ['a bomb', withModel('bomb.timbre'), FAILED, 'more than 64.0 MiB'],
  ['wrong shapes', withModel('shape.timbre'), FAILED, 'graphs/decoder.onnx is not'],
  ['weights that are not numbers', withModel('nan.timbre'), FAILED, 'gave a number that is not finite'],
  ['the same for check', ['check', 'nan.timbre'], FAILED, 'gave a number that is not finite'],
  ['the same for inspect', ['inspect', 'slip.timbre'], FAILED, 'does not belong there'],

  [
    'a preset for another model',
    render('--preset', 'other-model.json'),
    FAILED,
    'was made for the model acme.brass (00000000); Tiny (test.tiny, ',
  ],
  [
    'a preset out of range',
    render('--preset', 'range.json'),
    FAILED,
    'The preset range.json cannot be used: gainDb is 400, outside -60 to 12.',
  ],
  [
    'a preset with an unknown parameter',
    render('--preset', 'unknown.json'),
    FAILED,
    'it sets "volume", which is not a parameter',
  ],
  [
    'a preset of a newer version',
    render('--preset', 'newer.json'),
    FAILED,
    'it has version 99 and this Timbrefold reads up to 1',
  ],
  [
    'a preset that is no JSON',
    render('--preset', 'broken.json'),
    FAILED,
    'The preset broken.json cannot be used: it is not JSON.',
  ],
  [
    'no such preset',
    render('--preset', 'Glass'),
    FAILED,
    'There is no preset file Glass, and Tiny has no preset of that name (it has Plain, Bright).',
  ],

  ['no such MIDI file', play('none.mid'), FAILED, 'The MIDI file none.mid does not exist.'],
  ['an empty MIDI file', play('empty.mid'), FAILED, 'The MIDI file empty.mid cannot be played: it is empty.'],
  ['something else as MIDI', play('text.mid'), FAILED, 'text.mid cannot be played: it is not a MIDI file.'],
  ['truncated MIDI', play('truncated.mid'), FAILED, 'truncated.mid cannot be played: it is truncated.'],
  ['damaged MIDI', play('damaged.mid'), FAILED, 'damaged.mid cannot be played: '],
  ['MIDI patterns', play('patterns.mid'), FAILED, 'it holds independent patterns (format 2)'],
  ['MIDI without notes', play('silent.mid'), FAILED, 'silent.mid cannot be played: it holds no notes.'],

  [
    'automation of two columns',
    render('--automate', 'columns.csv'),
    FAILED,
    'The automation columns.csv cannot be used: line 2: it has 2 columns',
  ],
  [
    'automation of nothing',
    render('--automate', 'name.csv'),
    FAILED,
    'name.csv cannot be used: line 1: there is no parameter "macro9"; did you mean',
  ],
  [
    'automation out of range',
    render('--automate', 'value.csv'),
    FAILED,
    'value.csv cannot be used: line 2: macro1 is 1.5, outside 0.00 to 1.00.',
  ],
  ['automation without a time', render('--automate', 'time.csv'), FAILED, 'line 1: "soon" is not a time in seconds.'],
  [
    'automation that is no table',
    render('--automate', 'quote.csv'),
    FAILED,
    'quote.csv cannot be used: it is not a table',
  ],
  ['no such automation', render('--automate', 'none.csv'), FAILED, 'The automation none.csv does not exist.'],

  ['an unknown parameter', render('--set', 'volume=3'), WRONG_USE, 'There is no parameter "volume"'],
  ['a value out of range', render('--set', 'macro1=1.2'), WRONG_USE, 'macro1 is 1.2, outside 0.00 to 1.00.'],
  ['a setting without a value', render('--set', 'macro1'), WRONG_USE, 'It must look like macro1=0.7.'],
  ['a value that is no number', render('--set', 'macro1=loud'), WRONG_USE, '"loud" is not a number.'],
  ['a sample rate too low', render('--rate', '8000'), WRONG_USE, 'It must be a whole number from 22050 to 192000.'],
  ['a block of nothing', render('--block', '0'), WRONG_USE, 'It must be a whole number from 1 to 8192.'],
  ['a sample format that is none', render('--bits', '12'), WRONG_USE, 'Allowed choices are 16, 24, 32f.'],
  ['a tail before the end', render('--tail', '-1'), WRONG_USE, 'It must lie between 0 and 3600 seconds.'],
  ['a seed that is no number', render('--seed', 'abc'), WRONG_USE, 'It must be a whole number from 0 to 4294967295.'],
  ['no output', ['render', 'good.mid'], WRONG_USE, "required option '-o, --output <file>' not specified"],
  ['no MIDI file named', ['render', '-o', 'out.wav'], WRONG_USE, "missing required argument 'notes'"],
  ['an unknown option', render('--loud'), WRONG_USE, "unknown option '--loud'"],
  ['an unknown command', ['sing'], WRONG_USE, "unknown command 'sing'"],

  [
    'an output folder that does not exist',
    [...play('good.mid').slice(0, -1), 'nowhere/out.wav'],
    FAILED,
    'nowhere/out.wav cannot be written: its folder does not exist.',
  ],
  [
    'a folder as output',
    [...play('good.mid').slice(0, -1), 'folder'],
    FAILED,
    'folder is a folder, not a file to write.',
  ],
];

test.each(cases)('%s', async (_, args, code, sentence) => {
  const files = place.list();
  expect(await runCli(args)).toBe(code);
  expect(said).toContain(sentence);
  // No stack, no second sentence about the same thing.
  expect(said).not.toMatch(/\n\s+at /);
  expect(said.trim().split('\n')).toHaveLength(code === WRONG_USE ? 2 : 1);
  expect(place.list()).toEqual(files);
  expect(readFileSync(place.path('out.wav'), 'utf8')).toBe(BEFORE);
});

describe('after all that', () => {
  test('a good render replaces the old file, and nothing else lies about', async () => {
    const files = place.list();
    expect(await runCli(render())).toBe(0);
    expect(place.list()).toEqual(files);
    expect(readFileSync(place.path('out.wav')).toString('latin1', 0, 4)).toBe('RIFF');
    expect(said).toMatch(/^Rendered 1 notes, /);
  });

  test('help and version are no errors', async () => {
    jest.spyOn(process.stdout, 'write').mockImplementation(() => true);
    expect(await runCli(['--help'])).toBe(0);
    expect(await runCli(['--version'])).toBe(0);
    expect(await runCli(['render', '--help'])).toBe(0);
  });

  test('the process ends with that code, as a shell sees it', () => {
    expect(place.run('render', 'text.mid', '--model', 'good.timbre', '-o', 'x.wav')).toMatchObject({
      code: FAILED,
      stdout: '',
    });
    expect(place.run('render', 'good.mid', '--bits', '12', '-o', 'x.wav').code).toBe(WRONG_USE);
    expect(place.list()).not.toContain('x.wav');
  });
});
