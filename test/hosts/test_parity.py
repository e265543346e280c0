"""One score through the command line, the native shell and Chromium: the same frames, the same sound."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import mido
import numpy as np
import pedalboard
import pytest
import soundfile

from conftest import ROOT
from sound import Audio, difference_db

RATE = 48_000
SECONDS = 4
#: At 480 ticks a beat and 120 beats a minute a tick is 50 samples: hosts that count in seconds hit the same samples.
TICK = 50 / RATE


def score() -> list[tuple[int, mido.Message]]:
    """A short piece with chords, velocities, bends, pressure, controllers and stolen voices: tick and message."""
    timed: list[tuple[int, mido.Message]] = []
    for i, key in enumerate([48, 60, 64, 67, 71, 76, 55, 59, 62, 43]):
        begin = 40 * i + i * i
        timed.append((begin, mido.Message("note_on", note=key, velocity=30 + 9 * i)))
        timed.append((begin + 900 + 10 * i, mido.Message("note_off", note=key)))
    timed += [(1400 + 16 * i, mido.Message("pitchwheel", pitch=int(4000 * np.sin(i / 5)))) for i in range(40)]
    timed += [(1504 + 32 * i, mido.Message("aftertouch", value=3 * i)) for i in range(20)]
    timed += [(1520 + 32 * i, mido.Message("control_change", control=74, value=127 - 3 * i)) for i in range(20)]
    timed += [(2200 + 3 * i, mido.Message("note_on", note=40 + i, velocity=80)) for i in range(24)]
    timed += [(2900 + 3 * i, mido.Message("note_off", note=40 + i)) for i in range(24)]
    return sorted(timed, key=lambda entry: entry[0])


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, tools: Path) -> Path:
    """A folder with the score as played by Node, Chromium and the native engine: samples, rows, frames."""
    folder = tmp_path_factory.mktemp("parity")
    file = mido.MidiFile(type=0, ticks_per_beat=480)
    track = mido.MidiTrack()
    file.tracks.append(track)
    before = 0
    for tick, message in score():
        track.append(message.copy(time=tick - before))
        before = tick
    file.save(folder / "score.mid")
    tsx = str(ROOT / "node_modules" / ".bin" / "tsx")
    command = [tsx, "test/hosts/play-in-node-and-chromium.ts", str(folder), str(SECONDS)]
    subprocess.run(command, cwd=ROOT, check=True, timeout=300)
    subprocess.run([str(tools / "timbrefold-offline"), str(folder / "request.json")], check=True, timeout=300)
    return folder


def numbers(file: Path) -> np.ndarray:
    return np.fromfile(file, dtype="<f4")


def stereo(file: Path) -> Audio:
    return numbers(file).reshape(-1, 2)


def test_rows_and_frames_are_the_same_bits_in_node_and_natively(place: Path) -> None:
    for what in ("rows", "frames"):
        node, native = (place / f"{shell}.{what}" for shell in ("node", "native"))
        assert node.stat().st_size > 100_000
        assert node.read_bytes() == native.read_bytes(), f"{what} differ"


def test_the_same_frames_sound_the_same(place: Path) -> None:
    node, native = stereo(place / "node.audio"), stereo(place / "native.audio")
    assert np.abs(node).max() > 0.01
    assert difference_db(native, node) < -80
    assert np.array_equal(native, node)


def test_chromium_sounds_the_same(place: Path) -> None:
    """Another build of ONNX Runtime: frames agree to a thousandth of a dB, the whole chain within -50 dB."""
    summary = json.loads((place / "chromium.json").read_text())
    assert "Chrom" in summary["browser"]
    node, chromium = stereo(place / "node.audio"), stereo(place / "chromium.audio")
    assert node.shape == chromium.shape
    assert difference_db(chromium, node) < -50
    assert np.abs(numbers(place / "chromium.frames") - numbers(place / "node.frames")).max() < 0.01


def test_the_command_line_is_the_offline_engine(place: Path, cli: list[str]) -> None:
    command = ["render", "score.mid", "-o", "cli.wav", "--bits", "32f", "--tail", "1"]
    subprocess.run([*cli, *command], cwd=place, check=True, capture_output=True, timeout=300)
    audio, rate = soundfile.read(place / "cli.wav", dtype="float32")
    node = stereo(place / "node.audio")
    length = min(len(audio), len(node))
    assert rate == RATE
    assert length > 3 * RATE
    assert np.array_equal(audio[:length], node[:length])


def test_the_lv2_in_a_host_gives_the_same_bits(place: Path, lv2: Path, tools: Path) -> None:
    notes = [[tick * TICK, *[*message.bytes(), 0][:3]] for tick, message in score()]
    request = {
        "lv2": {"bundle": str(lv2), "uri": "urn:timbrefold:instrument"},
        "sampleRate": RATE,
        "blocks": [480],
        "seconds": SECONDS,
        "offline": True,
        "score": {"notes": notes},
        "audio": str(place / "lv2.audio"),
    }
    subprocess.run([str(tools / "timbrefold-host")], input=json.dumps(request), text=True, check=True, capture_output=True, timeout=300)
    assert np.array_equal(stereo(place / "lv2.audio"), stereo(place / "node.audio"))


def test_the_vst3_in_a_host_gives_the_same_bits_until_the_first_controller(place: Path, vst3: Path) -> None:
    """A VST3 gets controllers as parameters, which hosts by JUCE move to the beginnings of blocks."""
    plugin = pedalboard.load_plugin(str(vst3))
    messages = [message.copy(time=tick * TICK) for tick, message in score()]
    audio = plugin(messages, duration=SECONDS, sample_rate=RATE, buffer_size=480).T
    node = stereo(place / "node.audio")
    until = min(tick for tick, message in score() if not message.type.startswith("note")) * 50 - 480
    assert until > RATE
    assert np.array_equal(audio[:until], node[:until])
