/**
 * @jest-environment jsdom
 * @jest-environment-options {"customExportConditions": ["node", "node-addons"]}
 */
import { act } from 'preact/test-utils';
import type { UiRequest } from '../../plugin/instrument/messages.ts';
import { click, fill, type Shown, show } from '../test-room.tsx';
import { ExportSheet } from './export-sheet.tsx';

const opened = (): Promise<Shown> => show(<ExportSheet />);
const field = ({ room }: Shown, label: string): HTMLInputElement | HTMLSelectElement => {
  const found = [...room.querySelectorAll('label')].find(({ textContent }) => textContent.startsWith(label));
  const input = found?.querySelector<HTMLInputElement | HTMLSelectElement>('input, select');
  if (!input) throw new Error(`There is no field "${label}".`);
  return input;
};
/** Presses the sheet's own button and says what was asked for. */
async function asked({ room, bridge }: Shown): Promise<UiRequest | undefined> {
  await act(async () => room.querySelector('form')?.requestSubmit());
  return bridge.requests.at(-1);
}

describe('the export sheet', () => {
  test('asks for a note at the key played last, as filled in', async () => {
    const shown = await opened();
    await fill(field(shown, 'Key'), '57');
    await fill(field(shown, 'Held for'), '4.5');
    await fill(field(shown, 'Sample rate'), '96000');
    await fill(field(shown, 'Depth'), '32f');
    expect(shown.room.textContent).toContain('A3');
    expect(await asked(shown)).toEqual({
      type: 'export',
      job: { kind: 'note', key: 57, velocity: 0.8, seconds: 4.5 },
      format: { sampleRate: 96_000, bits: '32f' },
    });
  });

  test('asks for a scale', async () => {
    const shown = await opened();
    await click(shown.button('Scale'));
    await fill(field(shown, 'Scale'), 'minor');
    expect(await asked(shown)).toMatchObject({ job: { kind: 'scale', scale: 'minor', key: 60 } });
  });

  test('asks for a multisample', async () => {
    const shown = await opened();
    await click(shown.button('Multisample'));
    await fill(field(shown, 'From'), '48');
    await fill(field(shown, 'To'), '72');
    await fill(field(shown, 'A sample every'), '4');
    await fill(field(shown, 'Velocities'), '3');
    expect(await asked(shown)).toMatchObject({
      job: { kind: 'multisample', lowKey: 48, highKey: 72, step: 4, layers: 3, seconds: 2 },
    });
  });

  test('asks for nothing while a number is beyond what can be', async () => {
    const shown = await opened();
    await fill(field(shown, 'Held for'), '7200');
    const before = shown.bridge.requests.length;
    await asked(shown);
    expect(shown.bridge.requests).toHaveLength(before);
    await fill(field(shown, 'Held for'), '30');
    expect(await asked(shown)).toMatchObject({ job: { seconds: 30 } });
  });

  test('waits for a MIDI file before it exports one', async () => {
    const shown = await opened();
    await click(shown.button('MIDI file'));
    expect(shown.button('Export').disabled).toBe(true);
    const picker = shown.find<HTMLInputElement>('input[type="file"]');
    const file = new File([Uint8Array.of(77, 84)], 'tune.mid');
    file.arrayBuffer = async () => Uint8Array.of(77, 84).buffer;
    Object.defineProperty(picker, 'files', { value: [file] });
    await act(() => void picker.dispatchEvent(new Event('change', { bubbles: true })));
    expect(shown.room.textContent).toContain('tune.mid');
    expect(await asked(shown)).toMatchObject({ job: { kind: 'midi', fileName: 'tune.mid' } });
  });

  test('shows how far it is, can be cancelled, and says how it ended', async () => {
    const shown = await opened();
    const say = (stage: 'working' | 'failed', text: string, progress: number): Promise<void> =>
      act(() => shown.bridge.emit({ type: 'export', stage, text, progress }));
    await say('working', 'Playing the note', 0.25);
    expect(shown.find<HTMLProgressElement>('progress').value).toBe(0.25);
    await click(shown.button('Cancel'));
    expect(shown.bridge.requests.at(-1)).toEqual({ type: 'cancelExport' });
    await say('failed', 'The disk is full.', 1);
    expect(shown.find('[role="status"]').textContent).toBe('The disk is full.');
    expect(shown.button('Export').disabled).toBe(false);
  });

  test('makes a link of the sound, and forgets it when the sound is another', async () => {
    const shown = await opened();
    await click(shown.button('Link'));
    expect(await asked(shown)).toEqual({ type: 'presetLink', name: 'One' });
    await act(() => shown.bridge.emit({ type: 'link', url: 'https://example.org/#sound' }));
    expect(shown.find<HTMLInputElement>('.link-row input').value).toBe('https://example.org/#sound');
    await act(() => shown.store.stepPreset(1));
    expect(shown.room.querySelector('.link-row')).toBeNull();
  });
});
