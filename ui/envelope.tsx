// The amplitude envelope, drawn; its three points are dragged or stepped with arrows.
import { useRef } from 'preact/hooks';
import { parameterById, toNormalised, toPlain } from '../plugin/instrument/parameters.ts';
import { useStore } from './context.ts';
import { startDrag } from './drag.ts';
import { controlMenu } from './menu/control-menu.ts';
import { keyStep } from './stepping.ts';
import { strings } from './strings.ts';
import { valueText } from './value-text.ts';

const WIDTH = 360;
const HEIGHT = 96;
const TOP = 10;
const BOTTOM = HEIGHT - 6;
/** Each of the three times may take this much of the width; the rest is the held part. */
const STAGE = WIDTH * 0.27;
const MARGIN = 8;

interface Handle {
  name: string;
  /** Parameters that sideways and upwards movement change. */
  across: string;
  up?: string;
  x: number;
  y: number;
}

export function Envelope() {
  const store = useStore();
  const drawing = useRef<SVGSVGElement>(null);
  const share = (id: string): number => toNormalised(parameterById(id), store.value(id));
  const attack = MARGIN + share('attackMs') * STAGE;
  const decay = attack + 14 + share('decayMs') * STAGE;
  const held = Math.max(decay + 24, WIDTH - STAGE - 56);
  const release = held + 14 + share('releaseMs') * (WIDTH - held - 14 - MARGIN);
  const level = BOTTOM - store.value('sustain') * (BOTTOM - TOP);

  const handles: Handle[] = [
    { name: strings.envelope.attack, across: 'attackMs', x: attack, y: TOP },
    { name: strings.envelope.decay, across: 'decayMs', up: 'sustain', x: decay, y: level },
    { name: strings.envelope.release, across: 'releaseMs', x: release, y: BOTTOM },
  ];

  const curve = `M ${MARGIN} ${BOTTOM} Q ${(MARGIN + attack) / 2} ${TOP} ${attack} ${TOP}
    Q ${attack + (decay - attack) * 0.35} ${level} ${decay} ${level} H ${held}
    Q ${held + (release - held) * 0.35} ${BOTTOM} ${release} ${BOTTOM}`;

  const grab = (handle: Handle) => (event: PointerEvent) => {
    if (event.button !== 0) return;
    event.stopPropagation();
    const scale = WIDTH / (drawing.current?.getBoundingClientRect().width ?? WIDTH);
    const across = parameterById(handle.across);
    let position = share(handle.across);
    let sustain = store.value('sustain');
    store.begin(handle.up ? [handle.across, handle.up] : [handle.across], handle.name.toLowerCase());
    startDrag(event, {
      move(dx, dy, moved) {
        const fine = moved.shiftKey ? 0.1 : 1;
        position = Math.min(1, Math.max(0, position + (dx * scale * fine) / STAGE));
        store.set(across.id, toPlain(across, position));
        if (!handle.up) return;
        sustain = Math.min(1, Math.max(0, sustain - (dy * scale * fine) / (BOTTOM - TOP)));
        store.set(handle.up, sustain);
      },
      end: () => store.end(),
    });
  };

  const step = (handle: Handle) => (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const upwards = event.key === 'ArrowUp' || event.key === 'ArrowDown';
    const id = upwards && handle.up ? handle.up : handle.across;
    const next = keyStep(parameterById(id), store.value(id), event.key, event.shiftKey);
    if (next === null) return;
    event.preventDefault();
    event.stopPropagation();
    store.change({ [id]: next });
  };

  const textOf = (handle: Handle): string =>
    [handle.across, handle.up]
      .filter((id) => id !== undefined)
      .map((id) => `${parameterById(id).label} ${valueText(parameterById(id), store.value(id))}`)
      .join(', ');

  const menuOf = ({ across, up }: Handle) => {
    const first = controlMenu(store, parameterById(across));
    if (!up) return first;
    const parameter = parameterById(up);
    return [
      ...first,
      ...controlMenu(store, parameter).map((item) => ({ ...item, label: `${parameter.label}: ${item.label}` })),
    ];
  };

  const shown = handles.find((handle) => handle.across === store.touched.value);
  const mode = valueText(parameterById('voiceMode'), store.value('voiceMode')).toLowerCase();
  return (
    <section class="panel envelope" aria-label={strings.side.envelope}>
      <h2>
        {strings.side.envelope}
        <span class="aside">
          {shown ? textOf(shown) : `${valueText(parameterById('voices'), store.value('voices'))} · ${mode}`}
        </span>
      </h2>
      {/* biome-ignore lint/a11y/noSvgWithoutTitle: its points have names of their own; a title would cover them as a tooltip */}
      <svg ref={drawing} viewBox={`0 0 ${WIDTH} ${HEIGHT}`}>
        <path class="envelope-fill" d={`${curve} L ${MARGIN} ${BOTTOM} Z`} />
        <path class="envelope-line" d={curve} />
        {handles.map((handle) => (
          <g
            key={handle.name}
            class="envelope-handle"
            role="slider"
            tabindex={0}
            aria-label={handle.name}
            aria-valuemin={parameterById(handle.across).min}
            aria-valuemax={parameterById(handle.across).max}
            aria-valuenow={store.value(handle.across)}
            aria-valuetext={textOf(handle)}
            onPointerDown={grab(handle)}
            onKeyDown={step(handle)}
            onContextMenu={(event) => store.menus.show(event, strings.menu.label(handle.name), menuOf(handle))}
            onDblClick={() => (handle.up ? store.reset(handle.across, handle.up) : store.reset(handle.across))}
          >
            <title>{textOf(handle)}</title>
            <circle class="envelope-reach" cx={handle.x} cy={handle.y} r="14" />
            <circle class="envelope-point" cx={handle.x} cy={handle.y} r="6" />
          </g>
        ))}
      </svg>
    </section>
  );
}
