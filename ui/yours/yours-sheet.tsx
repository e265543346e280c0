// Your sound: what became of the file that was dropped, beside the original, with the way to bring it nearer.
import type { EncodedView, EncodingView, SoundPicture } from '../../plugin/instrument/messages.ts';
import { useStore } from '../context.ts';
import { SOUND_TYPES } from '../files.ts';
import { keyName } from '../keyboard/layout.ts';
import { ChooseFile } from '../parts/choose-file.tsx';
import { Icon } from '../parts/icon.tsx';
import { Sheet } from '../parts/sheet.tsx';
import { strings } from '../strings.ts';
import { Picture } from './picture.tsx';

const WORDS = strings.yours;

export function YoursSheet() {
  const store = useStore();
  const encoding = store.encoding.value;
  return (
    <Sheet name="yours" title={encoding ? encoding.fileName : WORDS.title} tools={encoding && <Facts {...encoding} />}>
      {encoding ? <Encoded encoding={encoding} /> : <Nothing />}
    </Sheet>
  );
}

/** Note, distance and what is to be known, in the head of the sheet. */
function Facts({ result }: EncodingView) {
  if (!result) return <span class="spring" />;
  const { pitch, score } = result;
  const key = Math.round(pitch);
  const cents = Math.round((pitch - key) * 100);
  return (
    <dl class="facts">
      <div>
        <dt>{WORDS.note}</dt>
        <dd>
          {keyName(key)}
          {cents !== 0 && <span class="muted"> {cents > 0 ? `+${cents}` : `−${-cents}`} cents</span>}
        </dd>
      </div>
      {score !== null && (
        <div title={WORDS.scoreTitle}>
          <dt>{WORDS.score}</dt>
          <dd data-testid="score">
            {score.toFixed(1)} dB <span class="muted">{WORDS.scoreWords(score)}</span>
          </dd>
        </div>
      )}
    </dl>
  );
}

function Encoded({ encoding }: { encoding: EncodingView }) {
  const { fileName, stage, progress, sentence, result } = encoding;
  const busy = stage === 'listening' || stage === 'encoding' || stage === 'refining';
  const text = sentence || (stage === 'done' ? '' : wordsOf(stage, fileName));
  return (
    <div class="sheet-body" data-testid="encoding" data-stage={stage}>
      {result ? (
        <div class="takes">
          <Take take="original" picture={result.original} />
          <Take take="resynthesis" picture={result.resynthesis} />
        </div>
      ) : (
        <div class="takes takes-none" />
      )}
      <div class="yours-foot">
        <div class="yours-progress" role="status">
          {text && <p>{text}</p>}
          {busy && <progress aria-label={text} max={1} {...(progress >= 0 ? { value: progress } : {})} />}
          {!busy && result?.warnings.map((warning) => <p key={warning}>{warning}</p>)}
        </div>
        <Actions busy={busy} result={result} />
      </div>
    </div>
  );
}

const wordsOf = (stage: EncodingView['stage'], fileName: string): string => {
  const words = WORDS.stage[stage];
  return typeof words === 'function' ? words(fileName) : words;
};

function Take({ take, picture }: { take: 'original' | 'resynthesis'; picture: SoundPicture }) {
  const store = useStore();
  const name = WORDS[take];
  return (
    <figure class="take">
      <Picture picture={picture} label={WORDS.picture(name)} />
      <figcaption>
        <button
          type="button"
          class="icon"
          aria-label={WORDS.play(name)}
          onClick={() => store.send({ type: 'audition', sound: { take } })}
        >
          <Icon name="play" />
        </button>
        {name}
      </figcaption>
    </figure>
  );
}

function Actions({ busy, result }: { busy: boolean; result: EncodedView | null }) {
  const store = useStore();
  if (busy)
    return (
      <button type="button" onClick={() => store.send({ type: 'cancelEncoding' })}>
        {strings.cancel}
      </button>
    );
  return (
    <>
      <ChooseFile label={WORDS.another} accept={SOUND_TYPES} />
      {result?.refinable && (
        <button type="button" title={WORDS.refineTitle} onClick={() => store.send({ type: 'refineSound' })}>
          {WORDS.refine}
        </button>
      )}
      {result && (
        <button type="button" class="accent" onClick={() => store.storePreset(null, store.placed(result.preset))}>
          {WORDS.keep}
        </button>
      )}
    </>
  );
}

function Nothing() {
  return (
    <div class="sheet-body yours-nothing">
      <p>{WORDS.drop}</p>
      <ChooseFile label={WORDS.choose} accept={SOUND_TYPES} />
    </div>
  );
}
