"""The VST3 in DawDreamer: automation as arrays, heard where it moves; state; odd block sizes."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import dawdreamer as daw
import numpy as np
import pytest

from sound import Audio, assert_plays, between, brightness, cents, decibels, difference_db, key_hz, partial, rms

RATE = 48_000
SECONDS = 3.0


class Studio:
    """An engine with the plug-in in it; notes and automation are given anew for each render."""

    def __init__(self, vst3: Path, block: int = 128, rate: int = RATE) -> None:
        self.engine = daw.RenderEngine(rate, block)
        self.plugin = self.engine.make_plugin_processor("timbrefold", str(vst3))
        self.engine.load_graph([(self.plugin, [])])
        described = self.plugin.get_parameters_description()
        self.index = {entry["name"]: entry["index"] for entry in described}

    def render(self, notes: list[tuple[int, float, float]], seconds: float = SECONDS) -> Audio:
        self.plugin.clear_midi()
        for key, at, length in notes:
            self.plugin.add_midi_note(key, 100, at, length)
        self.engine.render(seconds)
        return self.engine.get_audio()


@pytest.fixture
def studio(vst3: Path) -> Studio:
    return Studio(vst3)


def test_notes_are_in_tune(studio: Studio) -> None:
    audio = studio.render([(52, 0.0, 1.0), (64, 1.5, 1.0)])
    assert_plays(between(audio, RATE, 0.1, 0.9), RATE, 52)
    assert_plays(between(audio, RATE, 1.6, 2.4), RATE, 64)


def test_the_gain_follows_its_automation(studio: Studio) -> None:
    still = studio.render([(57, 0.0, SECONDS)])
    # The parameter's own scale, 0..1; the host says what it means.
    gain = studio.index["Gain"]
    low, high = 0.3, 0.8
    studio.plugin.set_automation(gain, np.linspace(low, high, int(SECONDS * RATE), dtype=np.float32))
    moved = studio.render([(57, 0.0, SECONDS)])

    def plain(share: float) -> float:
        # The table: -60..12 dB with the skew 0.5.
        return -60 + 72 * (low + (high - low) * share) ** 0.5

    for at in (0.3, 0.9, 1.5, 2.1, 2.7):
        span = (at - 0.05, at + 0.05)
        heard = decibels(rms(between(moved, RATE, *span)) / rms(between(still, RATE, *span)))
        assert heard == pytest.approx(plain(at / SECONDS) + 6, abs=0.5), f"at {at} s"


def test_the_pitch_follows_a_step_of_automation(studio: Studio) -> None:
    tune = np.full(int(SECONDS * RATE), 0.5, dtype=np.float32)
    tune[int(1.5 * RATE) :] = 0.75
    studio.plugin.set_automation(studio.index["Fine tune"], tune)
    audio = studio.render([(60, 0.0, SECONDS)])
    before, _ = partial(between(audio, RATE, 0.3, 1.4), RATE, key_hz(60))
    after, _ = partial(between(audio, RATE, 1.7, 2.8), RATE, key_hz(60))
    # A piano's fundamental lies beside its series by some two cents; the step does not.
    assert cents(before, key_hz(60)) == pytest.approx(0, abs=3)
    assert cents(after, before) == pytest.approx(50, abs=1)


def test_a_macro_follows_its_automation(studio: Studio) -> None:
    """The first macro of the model that ships is brightness."""
    studio.plugin.set_automation(studio.index["Macro 1"], np.full(int(SECONDS * RATE), 0.0, dtype=np.float32))
    still = studio.render([(57, 0.0, SECONDS)])
    studio.plugin.set_automation(studio.index["Macro 1"], np.linspace(0, 1, int(SECONDS * RATE), dtype=np.float32))
    moved = studio.render([(57, 0.0, SECONDS)])
    difference = [
        brightness(between(moved, RATE, at, at + 0.4), RATE) - brightness(between(still, RATE, at, at + 0.4), RATE)
        for at in (0.2, 0.9, 1.6, 2.3)
    ]
    assert all(later > sooner for sooner, later in pairwise(difference)), difference
    assert difference[-1] > 4, difference


def test_automation_leaves_no_steps_at_any_block_size(vst3: Path) -> None:
    """A slow ramp of the level sounds alike whether the host hands it over every 32 samples or every 2,048."""

    def play(block: int) -> Audio:
        studio = Studio(vst3, block)
        ramp = np.linspace(0.4, 0.9, int(SECONDS * RATE), dtype=np.float32)
        studio.plugin.set_automation(studio.index["Gain"], ramp)
        return studio.render([(57, 0.0, SECONDS)])

    fine, coarse = play(32), play(2048)
    # The first block comes from where the parameter stood before; from then on the coarse one is a block behind.
    assert difference_db(between(coarse, RATE, 0.3, SECONDS), between(fine, RATE, 0.3, SECONDS)) < -25
    # A step would be a click: energy between the partials, high above them.
    for audio in (fine, coarse):
        part = between(audio, RATE, 1.0, 2.0)
        _, fundamental = partial(part, RATE, key_hz(57))
        _, click = partial(part, RATE, 15_300, 30)
        assert click < fundamental - 60


def test_every_parameter_moves_at_every_sample(studio: Studio) -> None:
    """What a careless host may do: nothing but numbers comes out, and the instrument plays on afterwards."""
    random = np.random.default_rng(3)
    for index in studio.index.values():
        studio.plugin.set_automation(index, random.random(RATE).astype(np.float32))
    wild = studio.render([(48, 0.0, 0.8), (60, 0.1, 0.7), (67, 0.2, 0.6)], 1.0)
    assert np.isfinite(wild).all()
    assert np.abs(wild).max() > 0


def test_state_survives_the_file_and_another_rate(studio: Studio, vst3: Path, tmp_path: Path) -> None:
    studio.plugin.set_parameter(studio.index["Macro 2"], 0.85)
    studio.plugin.set_parameter(studio.index["Attack"], 0.4)
    expected = studio.render([(57, 0.0, 1.0)], 1.5)
    file = str(tmp_path / "state")
    studio.plugin.save_state(file)
    for _ in range(2):
        other = Studio(vst3)
        other.plugin.load_state(file)
        assert difference_db(other.render([(57, 0.0, 1.0)], 1.5), expected) < -110
        other.plugin.save_state(file)
    fast = Studio(vst3, rate=88_200)
    fast.plugin.load_state(file)
    assert fast.plugin.get_parameter(fast.index["Macro 2"]) == pytest.approx(0.85, abs=1e-5)
    assert_plays(between(fast.render([(57, 0.0, 1.0)], 1.5), 88_200, 0.3, 0.95), 88_200, 57)
