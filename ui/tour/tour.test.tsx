/**
 * @jest-environment jsdom
 * @jest-environment-options {"customExportConditions": ["node", "node-addons"]}
 */
import { act } from 'preact/test-utils';
import { strings } from '../strings.ts';
import { click, press, type Shown, show } from '../test-room.tsx';
import { Tour, TourOffer } from './tour.tsx';

const STEPS = Object.values(strings.tour.steps);

/** The face's rooms, as far as the tour points at them. */
const Face = () => (
  <div class="rooms">
    {['map', 'keyboard', 'side', 'ribbon'].map((name) => (
      <div key={name} class={name} />
    ))}
    <TourOffer />
    <Tour />
  </div>
);

const visit = (): Promise<Shown> => show(<Face />);
const title = ({ find }: Shown): string | null => find('[role="dialog"]').getAttribute('aria-label');

describe('the tour', () => {
  test('is offered at the first visit, and not after it was refused', async () => {
    const shown = await visit();
    await click(shown.button('Skip'));
    expect(shown.room.querySelector('.tour-offer')).toBeNull();
    expect(shown.bridge.kept.user).toMatchObject({ toured: true });
    await act(() => shown.store.memory.take(shown.bridge.kept.user));
    expect(shown.room.querySelector('.tour-offer')).toBeNull();
  });

  test('waits for what the host has kept before it offers itself', async () => {
    const shown = await visit();
    shown.store.memory.known.value = false;
    await shown.again(<Face />);
    expect(shown.room.querySelector('.tour-offer')).toBeNull();
  });

  test('stops at every room, lights it, and ends with the last', async () => {
    const shown = await visit();
    await click(shown.button('Thirty-second tour'));
    for (const [index, [name]] of STEPS.entries()) {
      expect(title(shown)).toBe(name);
      expect(shown.room.querySelectorAll('[data-toured]')).toHaveLength(1);
      expect(shown.find('[role="dialog"]').textContent).toContain(`${index + 1} of ${STEPS.length}`);
      await click(shown.button(index === STEPS.length - 1 ? 'Play' : 'Next'));
    }
    expect(shown.room.querySelector('[role="dialog"]')).toBeNull();
    expect(shown.room.querySelector('[data-toured]')).toBeNull();
    expect(shown.bridge.kept.user).toMatchObject({ toured: true });
  });

  test('goes back', async () => {
    const shown = await visit();
    await click(shown.button('Thirty-second tour'));
    await click(shown.button('Next'));
    await click(shown.button('Back'));
    expect(title(shown)).toBe(STEPS[0][0]);
  });

  test.each(['Escape', 'Skip'])('can be left in the middle by %s, and counts as taken', async (way) => {
    const shown = await visit();
    await click(shown.button('Thirty-second tour'));
    await click(shown.button('Next'));
    if (way === 'Escape') await press(shown.find('[role="dialog"]'), 'Escape');
    else await click(shown.button('Skip'));
    expect(shown.room.querySelector('[role="dialog"]')).toBeNull();
    expect(shown.room.querySelector('.tour-offer')).toBeNull();
    expect(shown.bridge.kept.user).toMatchObject({ toured: true });
  });
});
