// The text between view and native side: ASCII, arrays as base64, and back.
import { fromBase64, readWire, toBase64, writeWire } from './wire.ts';

describe('the wire', () => {
  test('writes ASCII, whatever a name is written in', () => {
    const message = { type: 'savePreset', name: 'Grüße 🎹 "Ω" \\ ~ ` ^ it\'s\u2028' };
    const text = writeWire(message);
    expect(text).toMatch(/^[\x20-\x7e]*$/);
    expect(readWire(text)).toEqual(message);
    // Nothing that JUCE would have to escape but what stands for the rare letters.
    expect(writeWire({ type: 'notice', text: 'a "b" \'c\' \n' })).not.toMatch(/["'\\]/);
  });

  test('writes bytes and arrays as base64 of their own part of the memory', () => {
    const memory = new Uint8Array([9, 1, 2, 255, 9]);
    const text = writeWire({ type: 'loadBundle', bytes: memory.slice(1, 4).buffer, part: memory.subarray(1, 4) });
    expect(readWire(text)).toEqual({ type: 'loadBundle', bytes: 'AQL/', part: 'AQL/' });
  });

  test('base64 survives a length of many slices', () => {
    const bytes = Uint8Array.from({ length: 100_001 }, (_, i) => (i * 7919) & 255);
    expect(fromBase64(toBase64(bytes))).toEqual(bytes);
  });

  test('gives the spectrum back as floats', () => {
    const levels = new Float32Array([-120, -3.25, 0]);
    const text = writeWire({ type: 'spectrum', levelsDb: levels, binHz: 11.71875 });
    expect(readWire(text)).toEqual({ type: 'spectrum', levelsDb: levels, binHz: 11.71875 });
  });

  test('gives arrays deep inside a message back, and leaves a message without them alone', () => {
    const latents = new Float32Array([1, -2]);
    const model = { name: 'Atlas', space: { dim: 2, latents } };
    expect(readWire(writeWire({ type: 'model', model }))).toEqual({ type: 'model', model });
    expect(readWire('{`type`:`model`,`model`:null}')).toEqual({ type: 'model', model: null });
    const encoding = { type: 'encoding', encoding: { fileName: 'a.wav', result: null } };
    expect(readWire(writeWire(encoding))).toEqual(encoding);
  });

  test('does not touch what the UI gave to be kept, even where it looks like an array', () => {
    const kept = { type: 'kept', place: 'session', value: { bytes: 'AQL/', levelsDb: 'AAAA' } };
    expect(readWire(writeWire(kept))).toEqual(kept);
  });
});
