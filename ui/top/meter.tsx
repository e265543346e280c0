// Output level with a peak that lingers and a lamp that stays lit after clipping, and the figures of the engine.
import { useEffect, useRef, useState } from 'preact/hooks';
import { useStore } from '../context.ts';
import { strings } from '../strings.ts';

const FLOOR_DB = -60;
/** How fast the lingering peak falls, dB a second, after it has stood for HOLD_MS. */
const FALL_DB = 24;
const HOLD_MS = 900;
const WORDS = strings.top;

export const peakDb = (peak: number): number => 20 * Math.log10(Math.max(peak, 1e-6));
const share = (db: number): number => Math.min(1, Math.max(0, 1 - db / FLOOR_DB));
const said = (db: number): string => (db <= FLOOR_DB ? '−∞ dB' : `${db.toFixed(1).replace('-', '−')} dB`);

interface Held {
  db: number;
  atMs: number;
}

/** The peak that lingers: rises at once, stands, then falls. */
export function linger(held: Held, db: number, nowMs: number): Held {
  const rested = Math.max(0, nowMs - held.atMs - HOLD_MS) / 1000;
  return db >= held.db - FALL_DB * rested ? { db, atMs: nowMs } : held;
}

const shownDb = ({ db, atMs }: Held, nowMs: number): number =>
  db - FALL_DB * (Math.max(0, nowMs - atMs - HOLD_MS) / 1000);

export function Meter() {
  const store = useStore();
  const meters = store.meters.value;
  const [clipped, setClipped] = useState(false);
  const held = useRef<Held[]>([
    { db: FLOOR_DB, atMs: 0 },
    { db: FLOOR_DB, atMs: 0 },
  ]);
  const peaks = [meters?.peakLeft ?? 0, meters?.peakRight ?? 0];
  const nowMs = performance.now();
  held.current = held.current.map((peak, side) => linger(peak, peakDb(peaks[side]), nowMs));
  const loud = peaks.some((peak) => peak >= 1);
  useEffect(() => {
    if (loud) setClipped(true);
  }, [loud]);

  const levels = peaks.map(peakDb);
  return (
    <div class="level">
      {/* biome-ignore lint/a11y/useSemanticElements: <meter> shows one level, here are two */}
      <div
        class="meter"
        role="meter"
        aria-label={WORDS.level(said(levels[0]), said(levels[1]))}
        aria-valuemin={FLOOR_DB}
        aria-valuemax={0}
        aria-valuenow={Math.round(Math.max(FLOOR_DB, Math.min(0, Math.max(...levels))))}
      >
        {levels.map((db, side) => (
          <span
            key={side}
            class="meter-bar"
            style={{ '--share': share(db), '--held': share(shownDb(held.current[side], nowMs)) }}
          />
        ))}
      </div>
      <button
        type="button"
        class="clip"
        aria-label={WORDS.clipped}
        title={WORDS.clipped}
        disabled={!clipped}
        data-clipped={clipped}
        onClick={() => setClipped(false)}
      />
    </div>
  );
}

export function Figures() {
  const meters = useStore().meters.value;
  const load = meters && meters.decoderLoad >= 0 ? `${Math.round(meters.decoderLoad * 100)} %` : '– %';
  const late = meters?.underruns ?? 0;
  return (
    <dl class="figures">
      <div title={WORDS.voicesTitle}>
        <dt>{WORDS.voices}</dt>
        <dd data-testid="voices">{meters?.voices.length ?? 0}</dd>
      </div>
      <div title={WORDS.loadTitle}>
        <dt>{WORDS.load}</dt>
        <dd data-testid="load" data-waiting={meters?.decoderWaiting ?? -1}>
          {load}
        </dd>
      </div>
      <div title={WORDS.lateTitle} data-warn={late > 0}>
        <dt>{WORDS.late}</dt>
        <dd data-testid="underruns">{late}</dd>
      </div>
    </dl>
  );
}
