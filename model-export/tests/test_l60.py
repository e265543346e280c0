"""L60 against the reference's own check figures, and what must not change it."""

import numpy as np
import pytest

from timbrefold_export.measure.l60 import l60

RATE = 48000
TIME = np.arange(2 * RATE) / RATE


def tone(hz: float, partials: int, decay: float) -> np.ndarray:
    return np.asarray(sum(np.sin(2 * np.pi * hz * k * TIME) / k * np.exp(-TIME * decay) for k in range(1, partials + 1)))


# The figures that the project's reference prints with --check.
@pytest.mark.parametrize(
    ("reference", "other", "expected"),
    [
        (tone(440, 1, 2), tone(880, 1, 2), 10.399),
        (tone(110, 100, 1), tone(110, 10, 1), 19.665),
        (tone(440, 1, 2), np.concatenate([np.zeros(960), tone(440, 1, 2) * 10**-0.15]), 0.103),
    ],
)
def test_reference_figures(reference: np.ndarray, other: np.ndarray, expected: float) -> None:
    assert l60(reference, other) == pytest.approx(expected, abs=0.002)


def test_a_sound_is_no_distance_from_itself_louder_and_later() -> None:
    sound = tone(220, 20, 1)
    assert l60(sound, 0.1 * sound) == pytest.approx(0, abs=1e-9)
    early, late = (np.concatenate([np.zeros(n), sound]) for n in (4800, 9600))
    assert l60(early, late) == pytest.approx(0, abs=1e-9)


def test_the_attack_is_the_first_frames() -> None:
    sound = tone(220, 20, 1)
    late = sound + np.where(TIME > 1, 0.3 * np.sin(2 * np.pi * 3000 * TIME), 0)
    assert l60(sound, late, frames=12) < 1 < l60(sound, late)
