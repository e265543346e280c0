// The ribbon: the note over its time, with where notes begin, the loop and every voice; or what is heard, as it passes.
import { parameterById } from '../../plugin/instrument/parameters.ts';
import { useStore } from '../context.ts';
import type { RibbonView } from '../memory.ts';
import { strings } from '../strings.ts';
import { valueText } from '../value-text.ts';
import { Handle } from './handle.tsx';
import { NotePicture } from './note-picture.tsx';
import { Scope } from './scope.tsx';

const VIEWS: readonly RibbonView[] = ['note', 'rainbow', 'level', 'wave'];
const WORDS = strings.ribbon;

export function Ribbon() {
  const store = useStore();
  const view = store.memory.value.ribbon;
  return (
    <section class="ribbon" aria-label={WORDS.label} data-view={view}>
      {view === 'note' ? <NoteRibbon /> : <Scope view={view} />}
      <div class="ribbon-tools">
        {view === 'note' && <NoteTools />}
        <fieldset class="ribbon-views" aria-label={WORDS.views}>
          {VIEWS.map((name) => (
            <button
              key={name}
              type="button"
              title={WORDS.viewTitle[name]}
              aria-pressed={view === name}
              onClick={() => store.memory.change({ ribbon: name })}
            >
              {WORDS.view[name]}
            </button>
          ))}
        </fieldset>
      </div>
    </section>
  );
}

function NoteRibbon() {
  const store = useStore();
  const seconds = store.model.value?.maxSeconds ?? 3;
  const start = store.value('loopStart');
  const end = store.value('loopEnd');
  return (
    <>
      <NotePicture />
      <p class="ribbon-title">{WORDS.title(seconds.toFixed(1))}</p>
      <div
        class="ribbon-region"
        data-on={store.value('loopMode') > 0}
        style={{ left: `${start * 100}%`, width: `${Math.max(0, end - start) * 100}%` }}
      />
      <Voices seconds={seconds} />
      <Handle id="position" kind="position" />
      <Handle id="loopStart" kind="loop" />
      <Handle id="loopEnd" kind="loop" />
    </>
  );
}

/** A line at the time of every voice that sounds. */
function Voices({ seconds }: { seconds: number }) {
  const voices = useStore().meters.value?.voices ?? [];
  return (
    <>
      {voices.map((voice) => (
        <span
          key={`${voice.channel}-${voice.key}`}
          class="ribbon-voice"
          style={{
            transform: `translateX(${Math.min(1, voice.seconds / seconds) * 100}%)`,
            opacity: 0.3 + 0.7 * Math.min(1, voice.level),
          }}
        />
      ))}
    </>
  );
}

function NoteTools() {
  const store = useStore();
  const mode = parameterById('loopMode');
  const frozen = store.value('freeze') > 0;
  return (
    <>
      <button type="button" aria-pressed={frozen} onClick={() => store.change({ freeze: frozen ? 0 : 1 })}>
        {WORDS.freeze}
      </button>
      <button
        type="button"
        onClick={() => store.change({ loopMode: (store.value('loopMode') + 1) % (mode.max + 1) }, strings.steps.loop)}
      >
        {WORDS.loop(valueText(mode, store.value('loopMode')).toLowerCase())}
      </button>
    </>
  );
}
