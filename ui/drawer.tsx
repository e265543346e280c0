// Rarely used controls, straight from the parameter table, in a drawer over the right column.
import { type Parameter, parameters } from '../plugin/instrument/parameters.ts';
import { Choice, Slider } from './slider.tsx';

const titles: Partial<Record<Parameter['group'], string>> = {
  map: 'Map and drift',
  time: 'Time of the note',
  spectrum: 'Spectrum',
  unison: 'Unison',
  voices: 'Voices and tuning',
  expression: 'Expression',
  output: 'Output',
};

/** The map has its puck and the ribbon its handles. */
const elsewhere = new Set(['mapX', 'mapY']);
const MAX_BUTTONS = 4;

export function Drawer({ close }: { close(): void }) {
  return (
    <section
      class="drawer"
      aria-label="More controls"
      onKeyDown={(event) => {
        if (event.key === 'Escape') close();
      }}
    >
      <header>
        <h2>More controls</h2>
        <button type="button" class="quiet" onClick={close}>
          Close
        </button>
      </header>
      {Object.entries(titles).map(([group, title]) => (
        <div key={group} class="drawer-group">
          <h3>{title}</h3>
          {parameters
            .filter((parameter) => parameter.group === group && !elsewhere.has(parameter.id))
            .map((parameter) =>
              parameter.choices && parameter.choices.length <= MAX_BUTTONS ? (
                <Choice key={parameter.id} id={parameter.id} />
              ) : (
                <Slider key={parameter.id} id={parameter.id} />
              ),
            )}
        </div>
      ))}
    </section>
  );
}
