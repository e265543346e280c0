// Sentences for the person in front of it, one button each at most; and the invitation to wake the sound.
import { useStore } from './context.ts';
import { Icon } from './parts/icon.tsx';
import { strings } from './strings.ts';

export function Notices() {
  const store = useStore();
  return (
    <div class="notices" role="status" aria-live="polite">
      {store.notices.value.map((notice) => (
        <div
          key={notice.id}
          class="notice"
          data-tone={notice.tone}
          role={notice.tone === 'error' ? 'alert' : undefined}
        >
          <p>{notice.text}</p>
          {notice.action && (
            <button
              type="button"
              onClick={() => {
                if (notice.action) store.send(notice.action.request);
                store.dismiss(notice.id);
              }}
            >
              {notice.action.label}
            </button>
          )}
          <button type="button" class="icon" aria-label={strings.dismiss} onClick={() => store.dismiss(notice.id)}>
            <Icon name="close" />
          </button>
        </div>
      ))}
    </div>
  );
}

/** Lies over the map without catching clicks: the click that wakes the sound also does what it was meant to do. */
export function WakeHint() {
  const store = useStore();
  if (store.audio.value !== 'asleep') return null;
  return <p class="wake-hint">{strings.map.wake}</p>;
}
