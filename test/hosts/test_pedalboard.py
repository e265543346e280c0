"""The VST3 in pedalboard: notes at their samples, in tune, the same at every block size; state; bad states; rates."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import mido
import numpy as np
import pedalboard
import pytest

from sound import Audio, assert_plays, between, brightness, difference_db, first_sound, onset

RATE = 48_000


def note(key: int, at: float, seconds: float, velocity: int = 100) -> list[mido.Message]:
    return [
        mido.Message("note_on", note=key, velocity=velocity, time=at),
        mido.Message("note_off", note=key, velocity=0, time=at + seconds),
    ]


def play(plugin: pedalboard.VST3Plugin, messages: list[mido.Message], seconds: float, **options: float) -> Audio:
    rate = options.pop("rate", RATE)
    return plugin(sorted(messages, key=lambda m: m.time), duration=seconds, sample_rate=rate, **options)


@pytest.fixture
def plugin(vst3: Path) -> pedalboard.VST3Plugin:
    return pedalboard.load_plugin(str(vst3))


def test_is_an_instrument_with_the_table_of_parameters(plugin: pedalboard.VST3Plugin) -> None:
    assert plugin.is_instrument
    names = list(plugin.parameters)
    assert names[:10] == [f"macro_{i}" for i in range(1, 9)] + ["map_x", "map_y"]
    assert {"attack_ms", "gain_db"} <= set(names), names
    assert plugin.reported_latency_samples == 0


def test_notes_begin_at_their_samples_and_are_in_tune(plugin: pedalboard.VST3Plugin) -> None:
    keys = [57, 64, 69, 76]
    audio = play(plugin, [m for i, key in enumerate(keys) for m in note(key, 0.25 + i, 0.6)], 4.5)
    assert np.isfinite(audio).all()
    assert 0 <= first_sound(audio) - RATE // 4 <= 2
    for i, key in enumerate(keys):
        assert onset(audio, RATE, i + 0.2, i + 0.5) == pytest.approx(0.25 + i, abs=0.003)
        assert_plays(between(audio, RATE, i + 0.3, i + 0.85), RATE, key)


def test_a_chord_holds_all_its_notes(plugin: pedalboard.VST3Plugin) -> None:
    audio = play(plugin, [m for key in (48, 52, 57, 62) for m in note(key, 0, 1.5)], 2)
    for key in (48, 52, 57, 62):
        assert_plays(between(audio, RATE, 0.2, 1.4), RATE, key)


def test_six_channels_are_refused_and_two_play_on(plugin: pedalboard.VST3Plugin) -> None:
    with pytest.raises(ValueError, match="6-channel"):
        play(plugin, note(60, 0.1, 0.4), 1, num_channels=6)
    assert_plays(between(play(plugin, note(60, 0.1, 0.4), 1), RATE, 0.15, 0.5), RATE, 60)


def test_a_bounce_is_the_same_twice_and_at_every_block_size(plugin: pedalboard.VST3Plugin) -> None:
    score = note(60, 0.1, 0.5) + note(67, 0.2003, 0.4) + note(48, 0.3331, 0.6)
    whole = play(plugin, score, 1.2, buffer_size=512)
    for size in (1, 37, 64, 512, 4096, 8192):
        assert difference_db(play(plugin, score, 1.2, buffer_size=size), whole) < -110, f"blocks of {size}"


def test_a_macro_moved_between_blocks_is_heard(plugin: pedalboard.VST3Plugin) -> None:
    plugin.macro_1 = 0.1
    dark = play(plugin, note(57, 0, 3), 1)
    plugin.macro_1 = 0.9
    bright = plugin([], duration=1, sample_rate=RATE, reset=False)
    assert brightness(between(bright, RATE, 0.3, 0.9), RATE) > brightness(between(dark, RATE, 0.3, 0.9), RATE) + 3


def test_state_is_restored_twice_and_at_another_rate(plugin: pedalboard.VST3Plugin, vst3: Path) -> None:
    plugin.macro_1 = 0.9
    plugin.release = 60
    score = note(57, 0, 0.6)
    expected = play(plugin, score, 1)
    state = plugin.raw_state
    other = pedalboard.load_plugin(str(vst3))
    assert difference_db(play(other, score, 1), expected) > -40
    for _ in range(2):
        other.raw_state = state
        assert other.macro_1 == pytest.approx(0.9, abs=1e-6)
        assert difference_db(play(other, score, 1), expected) < -110
        state = other.raw_state
    low, high = play(other, score, 1, rate=44_100), play(other, score, 1, rate=96_000)
    for audio, rate in ((low, 44_100), (high, 96_000)):
        assert_plays(between(audio, rate, 0.1, 0.6), rate, 57)


def inner(state: bytes) -> tuple[bytes, bytes, bytes]:
    """What stands before, in and behind the JSON of a state."""
    begin, end = state.index(b'{"'), state.rindex(b"}") + 1
    return state[:begin], state[begin:end], state[end:]


def test_states_that_cannot_be_used_change_nothing(plugin: pedalboard.VST3Plugin) -> None:
    score = note(57, 0, 0.4)
    plugin.macro_1 = 0.8
    before = play(plugin, score, 0.6)
    state = plugin.raw_state
    random = np.random.default_rng(4)
    for bad in (b"", b"x", random.bytes(10_000), state[: len(state) // 2]):
        with contextlib.suppress(RuntimeError):  # pedalboard refuses some of them itself
            plugin.raw_state = bad
        assert difference_db(play(plugin, score, 0.6), before) < -110


@pytest.mark.parametrize("rate", [8_000, 11_025, 22_050, 88_200, 192_000, 384_000, 768_000])
def test_rates_are_played_in_tune_or_stay_silent(plugin: pedalboard.VST3Plugin, rate: int) -> None:
    audio = play(plugin, note(69, 0, 0.4), 0.5, rate=rate)
    assert np.isfinite(audio).all()
    if 22_050 <= rate <= 192_000 or np.abs(audio).max() > 0:
        assert_plays(between(audio, rate, 0.05, 0.4), rate, 69)


def test_instances_do_not_disturb_each_other(plugin: pedalboard.VST3Plugin, vst3: Path) -> None:
    score = note(60, 0, 0.5)
    alone = play(plugin, score, 0.8)
    others = [pedalboard.load_plugin(str(vst3)) for _ in range(4)]
    for i, other in enumerate(others):
        other.macro_2 = i / 4
        play(other, note(40 + i, 0, 0.5), 0.5)
    assert difference_db(play(plugin, score, 0.8), alone) < -110
    assert json.dumps(list(plugin.parameters)) == json.dumps(list(others[0].parameters))
