// Asks for MIDI once, then says what is connected.
import { useStore } from './context.ts';
import { strings } from './strings.ts';

export function MidiButton() {
  const store = useStore();
  const midi = store.midi.value;
  if (!midi || midi.state === 'missing') return null;
  if (midi.state === 'on') {
    const names = midi.inputs.join(', ');
    return (
      <span class="muted midi-state" title={names}>
        {midi.inputs.length === 0 ? strings.side.noMidi : strings.side.midi(names)}
      </span>
    );
  }
  return (
    <button type="button" onClick={() => store.send({ type: 'openMidi' })}>
      {strings.side.connectMidi}
    </button>
  );
}
