"""Ardour by its Lua command line: the plug-in on a MIDI track plays a region with an automated parameter and is exported, twice."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path

import mido
import numpy as np
import pytest
import soundfile

from sound import Audio, assert_plays, between, decibels, onset, rms

HERE = Path(__file__).parent
RATE = 48_000
SECONDS = 4.0
#: Key, beginning and length in seconds, at 120 beats a minute.
NOTES = [(57, 0.5, 0.5), (64, 1.5, 0.5), (69, 2.5, 0.7)]
TICKS_A_SECOND = 960
MOST_EXPORTS = 12
SCANNER = "/usr/lib/ardour7/ardour-vst3-scanner"


class Ardour:
    """Ardour with a home of its own, in which the plug-ins under test are the only ones of their formats."""

    def __init__(self, home: Path, vst3: Path, lv2: Path) -> None:
        self.home = home
        (home / ".vst3").mkdir(parents=True)
        (home / ".vst3" / vst3.name).symlink_to(vst3)
        (home / "lv2").mkdir()
        (home / "lv2" / lv2.name).symlink_to(lv2)
        libraries = "/usr/lib/ardour7"
        self.environment = {
            **os.environ,
            "HOME": str(home),
            "LV2_PATH": f"{home / 'lv2'}:/usr/lib/lv2",
            "LD_LIBRARY_PATH": libraries,
            "ARDOUR_DATA_PATH": "/usr/share/ardour7",
            "ARDOUR_CONFIG_PATH": "/etc/ardour7",
            "ARDOUR_DLL_PATH": libraries,
        }
        for name in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "DISPLAY"):
            self.environment.pop(name, None)

    def run(self, *command: str) -> tuple[str, bool]:
        """What a command says, and whether it ended in order rather than by an abort."""
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=240, check=False, cwd=self.home)
        said = done.stdout + done.stderr
        assert "Error: " not in said, said
        return said, done.returncode != -signal.SIGABRT

    def scan(self, vst3: Path) -> None:
        assert "Timbrefold" in self.run(SCANNER, "-f", "-v", str(self.home / ".vst3" / vst3.name))[0]

    def script(self, name: str, *words: str) -> tuple[str, bool]:
        return self.run("/usr/lib/ardour7/luasession", str(HERE / name), *words)

    def make(self, session: Path, kind: str, automation: tuple[str, float, float]) -> str:
        name, begin, end = automation
        said, _ = self.script("ardour-make.lua", str(session), kind, name, f"{begin}:{end}", str(SECONDS))
        assert "DONE" in said, said
        return said

    def export(self, session: Path) -> Audio:
        """The first of two exports that agree within -60 dB.

        The export of Ardour 7.3 writes beside its own memory now and then (PortExportChannel, whose destructor then aborts), with its own
        synthesizer as with ours: about one export in three ends by an abort, some with a click in every block. Those are made again.
        """
        whole: list[Audio] = []
        for _ in range(MOST_EXPORTS):
            audio = self.export_once(session)
            if audio is None:
                continue
            for before in whole:
                if decibels(rms(audio - before) / rms(before)) < -60:
                    return before
            whole.append(audio)
        raise AssertionError(f"of {MOST_EXPORTS} exports {len(whole)} ended in order, and no two of them agree")

    def export_once(self, session: Path) -> Audio | None:
        """One export; None if Ardour aborted."""
        folder = session / "out"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        said, in_order = self.script("ardour-export.lua", str(session), str(folder), str(SECONDS))
        if not in_order:
            return None
        assert "DONE" in said, said
        audio, rate = soundfile.read(folder / "export.wav", always_2d=True, dtype="float32")
        assert rate == RATE
        return audio


def add_region(session: Path) -> None:
    """Puts a MIDI file into the session as a region at its beginning."""
    score = mido.MidiFile(type=0, ticks_per_beat=TICKS_A_SECOND // 2)
    track = mido.MidiTrack()
    score.tracks.append(track)
    now = 0.0
    for key, begin, length in NOTES:
        for kind, at in (("note_on", begin), ("note_off", begin + length)):
            track.append(mido.Message(kind, note=key, velocity=100, time=round((at - now) * TICKS_A_SECOND)))
            now = at
    score.save(session / "interchange" / session.name / "midifiles" / "score.mid")

    file = session / "session.ardour"
    tree = ET.parse(file)
    root = tree.getroot()
    counter = int(root.get("id-counter", "0")) + 1000
    # Ardour counts 1,920 ticks a beat.
    length = f"b{int(SECONDS * 2 * 1920)}@b0"
    source = {"name": "score.mid", "type": "midi", "flags": "", "id": str(counter)}
    region = {
        "name": "score",
        "type": "midi",
        "start": "b0",
        "length": length,
        "position": "b0",
        "sync-position": "b0",
        "ancestral-start": "b0",
        "ancestral-length": length,
        "muted": "0",
        "opaque": "1",
        "locked": "0",
        "automatic": "0",
        "import": "0",
        "external": "0",
        "hidden": "0",
        "position-locked": "0",
        "stretch": "1",
        "shift": "1",
        "layering-index": "0",
        "first-edit": "nothing",
        "source-0": source["id"],
        "master-source-0": source["id"],
    }

    def part(name: str) -> ET.Element:
        found = root.find(name)
        assert found is not None, f"the session has no {name}"
        return found

    ET.SubElement(part("Sources"), "Source", source)
    ET.SubElement(part("Regions"), "Region", {**region, "whole-file": "1", "id": str(counter + 1)})
    playlists = [playlist for playlist in root.iter("Playlist") if playlist.get("type") == "midi"]
    assert len(playlists) == 1
    ET.SubElement(playlists[0], "Region", {**region, "whole-file": "0", "id": str(counter + 2)})
    root.set("id-counter", str(counter + 3))
    tree.write(file)


@pytest.fixture(scope="module")
def ardour(tmp_path_factory: pytest.TempPathFactory, vst3: Path, lv2: Path) -> Ardour:
    ardour = Ardour(tmp_path_factory.mktemp("ardour"), vst3, lv2)
    ardour.scan(vst3)
    return ardour


@pytest.mark.parametrize("kind", ["VST3", "LV2"])
def test_a_midi_track_plays_and_is_exported(ardour: Ardour, kind: str) -> None:
    session = ardour.home / kind
    said = ardour.make(session, kind, ("Gain", 0.8, 0.4))
    assert "LATENCY 0" in said
    # JUCE's LV2 has its parameters as messages, which Ardour 7 does not automate.
    assert f"AUTOMATED {'true' if kind == 'VST3' else 'false'}" in said
    add_region(session)
    audio = ardour.export(session)
    assert np.abs(audio).max() > 0.003
    for key, begin, length in NOTES:
        assert onset(audio, RATE, begin - 0.1, begin + 0.2) == pytest.approx(begin, abs=0.004)
        assert_plays(between(audio, RATE, begin + 0.1, begin + length), RATE, key)
    if kind == "VST3":
        # The gain falls in a straight line of the host's scale: it falls by what the parameter table says.
        still = ardour.make(ardour.home / "still", kind, ("Gain", 0.8, 0.8))
        assert "AUTOMATED true" in still
        add_region(ardour.home / "still")
        reference = ardour.export(ardour.home / "still")
        for at in (0.7, 1.8, 3.2):
            span = (at - 0.05, at + 0.05)
            heard = decibels(rms(between(audio, RATE, *span)) / rms(between(reference, RATE, *span)))
            assert heard == pytest.approx(gain_db(0.8 - 0.4 * at / SECONDS) - gain_db(0.8), abs=0.7), f"at {at} s"


def gain_db(share: float) -> float:
    """The gain at a place of its scale, as the parameter table says: -60..12 dB with the skew 0.5."""
    return -60 + 72 * share**0.5
