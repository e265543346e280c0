// The present sound as files: a note, a scale, a MIDI file it plays, a multisample, or the whole preset in an address.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ExportFormat, ExportJob } from '../../plugin/instrument/messages.ts';
import { useStore } from '../context.ts';
import { keyName } from '../keyboard/layout.ts';
import { Sheet } from '../parts/sheet.tsx';
import { strings } from '../strings.ts';
import { NumberField, SelectField } from './fields.tsx';

const WORDS = strings.export;
const KINDS = ['note', 'scale', 'midi', 'multisample', 'link'] as const;
type Kind = (typeof KINDS)[number];
const RATES = [44_100, 48_000, 88_200, 96_000] as const;
const BITS = ['16', '24', '32f'] as const;
const SCALES = ['major', 'minor', 'chromatic'] as const;
const VELOCITY = 0.8;

/** What is filled in; kept as long as the sheet is open. */
interface Wishes {
  key: number;
  seconds: number;
  scale: (typeof SCALES)[number];
  lowKey: number;
  highKey: number;
  step: number;
  layers: number;
  midi: File | null;
}

export function ExportSheet() {
  const store = useStore();
  const [kind, setKind] = useState<Kind>('note');
  const [wishes, setWishes] = useState<Wishes>({
    key: store.lastKey.peek(),
    seconds: 2,
    scale: 'major',
    lowKey: 36,
    highKey: 96,
    step: 3,
    layers: 2,
    midi: null,
  });
  const [format, setFormat] = useState<ExportFormat>({ sampleRate: 48_000, bits: '24' });
  const change = (part: Partial<Wishes>): void => setWishes({ ...wishes, ...part });
  const exporting = store.exporting.value;
  const busy = exporting?.stage === 'working';

  const begin = async (): Promise<void> => {
    if (kind === 'link') {
      store.send({ type: 'presetLink', name: store.sound.peek()?.preset.name ?? '' });
      return;
    }
    const job = await jobOf(kind, wishes);
    if (job) store.send({ type: 'export', job, format });
  };

  return (
    <Sheet name="export" title={WORDS.title}>
      <form
        class="sheet-body"
        onSubmit={(event) => {
          event.preventDefault();
          void begin();
        }}
      >
        <fieldset class="export-kinds" aria-label={WORDS.what}>
          {KINDS.map((name) => (
            <button
              key={name}
              type="button"
              class="chip"
              data-first={name === kind || undefined}
              aria-pressed={kind === name}
              onClick={() => setKind(name)}
            >
              {WORDS.kinds[name]}
            </button>
          ))}
        </fieldset>
        <p class="muted">{WORDS.leads[kind]}</p>
        <Wanted kind={kind} wishes={wishes} change={change} />
        {kind !== 'link' && (
          <div class="field-pair">
            <SelectField
              label={WORDS.rate}
              value={String(format.sampleRate)}
              options={RATES.map((rate) => ({ value: String(rate), text: `${rate / 1000} kHz` }))}
              set={(text) => setFormat({ ...format, sampleRate: Number(text) as ExportFormat['sampleRate'] })}
            />
            <SelectField
              label={WORDS.bits}
              value={format.bits}
              options={BITS.map((bits) => ({ value: bits, text: WORDS.bitNames[bits] }))}
              set={(text) => setFormat({ ...format, bits: text as ExportFormat['bits'] })}
            />
          </div>
        )}
        <div role="status" data-testid="exporting" data-stage={exporting?.stage ?? 'none'}>
          {exporting && <p>{exporting.text}</p>}
          {busy && (
            <progress
              aria-label={exporting.text}
              max={1}
              {...(exporting.progress >= 0 ? { value: exporting.progress } : {})}
            />
          )}
        </div>
        {kind === 'link' && <Link />}
        <div class="row-end">
          {busy ? (
            <button type="button" onClick={() => store.send({ type: 'cancelExport' })}>
              {strings.cancel}
            </button>
          ) : (
            <button type="submit" class="accent" disabled={kind === 'midi' && !wishes.midi}>
              {kind === 'link' ? WORDS.makeLink : WORDS.begin}
            </button>
          )}
        </div>
      </form>
    </Sheet>
  );
}

async function jobOf(kind: Exclude<Kind, 'link'>, wishes: Wishes): Promise<ExportJob | null> {
  const { key, seconds, scale, lowKey, highKey, step, layers, midi } = wishes;
  switch (kind) {
    case 'note':
      return { kind, key, velocity: VELOCITY, seconds };
    case 'scale':
      return { kind, scale, key, velocity: VELOCITY, seconds };
    case 'midi':
      return midi && { kind, fileName: midi.name, bytes: await midi.arrayBuffer() };
    case 'multisample':
      return { kind, lowKey, highKey, step, layers, seconds };
  }
}

function Wanted({ kind, wishes, change }: { kind: Kind; wishes: Wishes; change(part: Partial<Wishes>): void }) {
  const key = (label: string, name: 'key' | 'lowKey' | 'highKey') => (
    <NumberField
      label={label}
      value={wishes[name]}
      min={0}
      max={127}
      step={1}
      said={keyName(wishes[name])}
      set={(value) => change({ [name]: value })}
    />
  );
  const seconds = (
    <NumberField
      label={WORDS.seconds}
      value={wishes.seconds}
      min={0.1}
      max={30}
      step={0.1}
      said={WORDS.secondsUnit}
      set={(value) => change({ seconds: value })}
    />
  );
  switch (kind) {
    case 'note':
      return (
        <div class="field-pair">
          {key(WORDS.key, 'key')}
          {seconds}
        </div>
      );
    case 'scale':
      return (
        <>
          <SelectField
            label={WORDS.scale}
            value={wishes.scale}
            options={SCALES.map((scale) => ({ value: scale, text: WORDS.scales[scale] }))}
            set={(scale) => change({ scale: scale as Wishes['scale'] })}
          />
          <div class="field-pair">
            {key(WORDS.key, 'key')}
            {seconds}
          </div>
        </>
      );
    case 'midi':
      return <MidiFile file={wishes.midi} take={(midi) => change({ midi })} />;
    case 'multisample':
      return (
        <>
          <div class="field-pair">
            {key(WORDS.lowest, 'lowKey')}
            {key(WORDS.highest, 'highKey')}
          </div>
          <div class="field-pair">
            <NumberField
              label={WORDS.step}
              value={wishes.step}
              min={1}
              max={12}
              step={1}
              said={WORDS.stepUnit}
              set={(step) => change({ step })}
            />
            <NumberField
              label={WORDS.layers}
              value={wishes.layers}
              min={1}
              max={8}
              step={1}
              said=""
              set={(layers) => change({ layers })}
            />
          </div>
          {seconds}
        </>
      );
    case 'link':
      return null;
  }
}

function MidiFile({ file, take }: { file: File | null; take(file: File): void }) {
  const picker = useRef<HTMLInputElement>(null);
  return (
    <div class="row-buttons">
      <button type="button" onClick={() => picker.current?.click()}>
        {WORDS.chooseMidi}
      </button>
      <span>{file?.name ?? ''}</span>
      <input
        ref={picker}
        type="file"
        hidden
        aria-label={WORDS.chooseMidi}
        accept=".mid,.midi,audio/midi"
        onChange={(event) => {
          const [chosen] = event.currentTarget.files ?? [];
          if (chosen) take(chosen);
        }}
      />
    </div>
  );
}

/** The address, ready to be copied. */
function Link() {
  const store = useStore();
  const field = useRef<HTMLInputElement>(null);
  const url = store.link.value;
  const [copied, setCopied] = useState(false);
  useEffect(() => setCopied(false), [url]);
  if (!url) return null;
  const copy = async (): Promise<void> => {
    field.current?.select();
    // Without the permission the address stands there selected, to be copied by hand.
    await navigator.clipboard?.writeText(url).then(
      () => setCopied(true),
      () => {},
    );
  };
  return (
    <div class="link-row">
      <input
        ref={field}
        readOnly
        aria-label={WORDS.link}
        value={url}
        onFocus={(event) => event.currentTarget.select()}
      />
      <button type="button" onClick={() => void copy()}>
        {copied ? WORDS.copied : WORDS.copy}
      </button>
    </div>
  );
}
