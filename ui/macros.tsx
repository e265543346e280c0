// The eight macros, called what the model calls them.
import { parameters } from '../plugin/instrument/parameters.ts';
import { useStore } from './context.ts';
import { Knob } from './parts/knob.tsx';
import { strings } from './strings.ts';

const macros = parameters.filter((parameter) => parameter.group === 'macros');

export function Macros() {
  const model = useStore().model.value;
  return (
    <section class="panel macros" aria-label={strings.side.macros}>
      <h2>{strings.side.macros}</h2>
      <div class="knobs">
        {macros.map((parameter) => (
          <Knob key={parameter.id} id={parameter.id} description={model?.macros[parameter.index]?.description} />
        ))}
      </div>
    </section>
  );
}
