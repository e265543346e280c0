"""The LV2: what its description says, and what our own lilv host hears."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sound import Audio, assert_plays, between, brightness, cents, difference_db, key_hz, onset, partial

RATE = 48_000
URI = "urn:timbrefold:instrument"

Perform = Callable[..., tuple[Audio, dict[str, Any]]]


def note(key: int, at: float, length: float, velocity: int = 100) -> list[list[float]]:
    return [[at, 0x90, key, velocity], [at + length, 0x80, key, 0]]


@pytest.fixture
def perform(lv2: Path, tools: Path, tmp_path: Path) -> Perform:
    def run(notes: list[list[float]], seconds: float, **options: Any) -> tuple[Audio, dict[str, Any]]:
        audio = tmp_path / "audio"
        moves = options.pop("moves", [])
        request = {
            "lv2": {"bundle": str(lv2), "uri": URI},
            "sampleRate": RATE,
            "blocks": [256],
            "seconds": seconds,
            "offline": True,
            "score": {"notes": sorted(notes), "moves": moves},
            "audio": str(audio),
            **options,
        }
        answer = subprocess.run(
            [str(tools / "timbrefold-host")],
            input=json.dumps(request),
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert answer.returncode == 0, answer.stderr
        return np.fromfile(audio, dtype="<f4").reshape(-1, 2), json.loads(answer.stdout)

    return run


def test_lv2info_reads_its_description(lv2: Path) -> None:
    info = subprocess.run(
        ["lv2info", URI], env={**os.environ, "LV2_PATH": f"{lv2.parent}:/usr/lib/lv2"}, capture_output=True, text=True, check=True
    ).stdout
    for line in ("Instrument", "Timbrefold", "audio_out_1", "atom#AtomPort", "http://lv2plug.in/ns/ext/state#interface"):
        assert line in info, f"{line} is missing"


def test_notes_begin_at_their_samples_and_are_in_tune(perform: Perform) -> None:
    audio, report = perform(note(57, 0.25, 0.6) + note(69, 1.25, 0.6), 2.2)
    assert report["latency"] == 0
    assert report["notFinite"] == 0
    assert 0 <= report["firstSoundSample"] - RATE // 4 <= 2
    for at, key in ((0.25, 57), (1.25, 69)):
        assert onset(audio, RATE, at - 0.05, at + 0.2) == pytest.approx(at, abs=0.003)
        assert_plays(between(audio, RATE, at + 0.05, at + 0.6), RATE, key)


def test_blocks_of_every_size_in_turn_change_nothing(perform: Perform) -> None:
    score = note(60, 0.1, 0.5) + note(67, 0.2, 0.4)
    whole, _ = perform(score, 1)
    ragged, _ = perform(score, 1, blocks=[1, 509, 64, 4096, 33])
    assert difference_db(ragged, whole) < -110


def test_parameters_move_at_their_samples(perform: Perform) -> None:
    still, _ = perform(note(57, 0, 2), 2)
    moved, _ = perform(note(57, 0, 2), 2, moves=[[1.0, "fineTune", 50.0]])
    assert np.array_equal(moved[: RATE - 256], still[: RATE - 256])
    hz, _ = partial(between(moved, RATE, 1.2, 1.95), RATE, key_hz(57))
    assert cents(hz, key_hz(57)) == pytest.approx(50, abs=3)
    bright, _ = perform(note(57, 0, 2), 2, moves=[[0.0, "macro1", 0.95]])
    dark, _ = perform(note(57, 0, 2), 2, moves=[[0.0, "macro1", 0.05]])
    assert brightness(bright, RATE) > brightness(dark, RATE) + 3


def test_state_is_restored_twice(perform: Perform, tmp_path: Path) -> None:
    first, second = str(tmp_path / "first.ttl"), str(tmp_path / "second.ttl")
    moves = [[0.0, "macro3", 0.9], [0.0, "releaseMs", 60.0]]
    score = note(57, 0.5, 0.5)
    moved, _ = perform(score, 1.5, moves=moves, stateOut=first)
    again, _ = perform(score, 1.5, stateIn=first, stateOut=second)
    assert difference_db(again, moved) < -60
    twice, _ = perform(score, 1.5, stateIn=second)
    assert np.array_equal(twice, again)
    plain, _ = perform(score, 1.5)
    assert difference_db(plain, moved) > -40


def test_a_storm_of_midi_in_one_block_is_survived(perform: Perform) -> None:
    random = np.random.default_rng(7)
    storm: list[list[float]] = [[0.1, 0x90, int(key), 90] for key in random.integers(0, 128, 9_000)]
    audio, report = perform([*storm, [0.6, 0xB0, 120, 0], *note(69, 1.0, 0.6)], 1.6)
    assert report["notFinite"] == 0
    assert np.abs(between(audio, RATE, 0.1, 0.6)).max() > 0.01
    assert_plays(between(audio, RATE, 1.1, 1.6), RATE, 69)


def test_in_real_time_nothing_is_late_once_the_keys_are_prepared(perform: Perform) -> None:
    audio, report = perform(note(60, 0.2, 0.8) + note(64, 0.4, 0.6), 1.2, offline=False, settleSeconds=3.0, blocks=[128])
    assert 0 <= report["firstSoundSample"] - int(0.2 * RATE) <= 2
    assert_plays(between(audio, RATE, 0.45, 0.95), RATE, 60)
    assert_plays(between(audio, RATE, 0.45, 0.95), RATE, 64)
