// What can be done with a control beside moving it.
import type { Parameter } from '../../plugin/instrument/parameters.ts';
import type { Store } from '../store.ts';
import { strings } from '../strings.ts';
import type { MenuItem } from './menu.tsx';

/** `type` opens the field in which a value is typed, where the control has one. */
export function controlMenu(store: Store, parameter: Parameter, type?: () => void): MenuItem[] {
  const { id, index, group } = parameter;
  const words = strings.menu;
  const { controllers, waiting } = store.learned.peek();
  const items: MenuItem[] = [{ label: words.reset, act: () => store.reset(id) }];
  if (type) items.push({ label: words.type, act: type });
  items.push(
    waiting === id
      ? { label: words.stopLearning, act: () => store.send({ type: 'learn', id: null }) }
      : { label: words.learn, act: () => store.send({ type: 'learn', id }) },
  );
  if (controllers[id] !== undefined)
    items.push({ label: words.forget(controllers[id]), act: () => store.send({ type: 'forget', id }) });
  if (group === 'macros') {
    const locked = store.locked.peek();
    const held = locked.includes(index);
    items.push({
      label: words.lock,
      checked: held,
      act: () => {
        store.locked.value = held ? locked.filter((macro) => macro !== index) : [...locked, index];
      },
    });
  }
  items.push({ label: words.automate(id) });
  return items;
}
