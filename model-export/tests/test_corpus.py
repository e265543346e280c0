"""Planning, gathering and rendering of notes."""

import errno
import json
import os
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from timbrefold_export.cli import main
from timbrefold_export.corpus.build import build_corpus
from timbrefold_export.corpus.notes import Instrument, Note, Source
from timbrefold_export.corpus.plan import CorpusSettings, ZynBank, ZynSettings, plan_clips, plan_notes, plan_zyn
from timbrefold_export.corpus.programs import program
from timbrefold_export.corpus.render import render_preset
from timbrefold_export.corpus.samples import gather_samples
from timbrefold_export.corpus.soundfont import Preset, read_presets
from timbrefold_export.corpus.zyn import periodicity, render_program
from timbrefold_export.errors import UserError
from timbrefold_export.paths import CONFIGS
from timbrefold_export.settings import check_settings, read_settings
from timbrefold_export.workers import workers

FLUID = Path("/usr/share/sounds/sf2/FluidR3_GM.sf2")


def test_notes_keep_to_the_instruments_range() -> None:
    settings = read_settings(CONFIGS / "corpus.yaml", CorpusSettings)
    for number in (0, 32, 73, 81):
        notes = plan_notes(Preset(0, number, "x"), settings.sources[0])
        keys = sorted({note.key for note in notes})
        assert program(number).low_key <= keys[0]
        assert keys[-1] <= program(number).high_key
        assert set(np.diff(keys)) == {settings.sources[0].key_step}
        assert {note.velocity for note in notes} == {100, 48}


def test_unpitched_programs_are_refused() -> None:
    with pytest.raises(ValueError, match="no pitch"):
        program(127)


def test_a_mistaken_configuration_names_the_key() -> None:
    with pytest.raises(UserError, match=r"here.*hold_second"):
        check_settings({"name": "x", "hold_second": 3, "sources": []}, CorpusSettings, "here")


def test_samples_are_taken_or_named(tmp_path: Path) -> None:
    source = tmp_path / "mine"
    (source / "Bells").mkdir(parents=True)
    time = np.arange(44100) / 44100
    soundfile.write(source / "Bells" / "ping.wav", np.stack([np.sin(2764 * time)] * 2, 1), 44100)
    soundfile.write(source / "silent.wav", np.zeros(44100), 44100)
    soundfile.write(source / "short.wav", np.ones(100), 44100)
    (source / "broken.wav").write_bytes(b"RIFF, but no more")
    soundfile.write(source / "clipped.wav", np.clip(3 * np.sin(2764 * time), -1, 1), 44100)
    soundfile.write(source / "torn.wav", np.where(time < 0.5, np.nan, 0.5), 44100, subtype="FLOAT")
    soundfile.write(source / "minutes.flac", np.zeros(8000 * 61), 8000)
    soundfile.write(source / "opposite.wav", np.stack([np.sin(2764 * time), -np.sin(2764 * time)], 1), 192000)
    soundfile.write(source / "opposite.flac", 0.5 * np.sin(2764 * time), 8000)
    count, skipped = gather_samples(source, tmp_path / "corpus")
    reasons = dict(sentence.split(": ", 1) for sentence in skipped)
    assert set(reasons) == {"silent.wav", "short.wav", "broken.wav", "clipped.wav", "torn.wav", "minutes.flac"}
    assert "78.4 % of its samples stand at full scale" in reasons["clipped.wav"]
    assert "not numbers" in reasons["torn.wav"]
    assert "longer than 60 s" in reasons["minutes.flac"]
    assert count == 3
    labels = json.loads((tmp_path / "corpus" / "labels.json").read_text())["sounds"]
    assert [label["file"] for label in labels] == ["Bells-ping.wav", "opposite-wav.wav", "opposite.wav"]
    seconds = [soundfile.info(tmp_path / "corpus" / label["file"]).duration for label in labels]
    assert seconds == pytest.approx([1, 0.2297, 5.5125], abs=1e-3)
    assert (labels[0]["family"], labels[0]["key"]) == ("Bells", None)
    sound, rate = soundfile.read(tmp_path / "corpus" / "Bells-ping.wav")
    assert (rate, sound.ndim) == (48000, 1)
    assert np.argmax(np.abs(np.fft.rfft(sound[:48000]))) == pytest.approx(2764 / 2 / np.pi, abs=1)


def test_an_empty_folder_fails_with_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["corpus", "--samples", str(tmp_path), "--out", str(tmp_path / "out")]) == 1
    assert "holds no usable sound" in capsys.readouterr().err
    with pytest.raises(SystemExit) as wrong:
        main(["corpus", "--nonsense"])
    assert wrong.value.code == 2


def test_something_else_is_no_soundfont(tmp_path: Path) -> None:
    path = tmp_path / "x.sf2"
    path.write_bytes(b"not a soundfont at all")
    with pytest.raises(UserError, match="not a SoundFont"):
        read_presets(path)


@pytest.mark.soundfont
@pytest.mark.skipif(not (FLUID.exists() and shutil.which("fluidsynth")), reason="needs fluidsynth and fluid-soundfont-gm")
def test_two_notes_are_rendered_at_their_pitch_and_alike_each_time(tmp_path: Path) -> None:
    source = Source("fluid", FLUID, "MIT")
    notes = [Note(57, 100), Note(69, 100)]
    rendered = render_preset(source, Preset(0, 73, "Flute"), notes, 1.0, tmp_path)
    assert len(rendered.labels) == 2
    assert rendered.skipped == []
    for label, hz in zip(rendered.labels, (220, 440), strict=True):
        sound, rate = soundfile.read(tmp_path / str(label["file"]))
        assert np.abs(sound[: int(0.04 * rate)]).max() < 1e-3
        spectrum = np.abs(np.fft.rfft(sound[rate // 4 : rate // 4 + rate // 2] * np.hanning(rate // 2)))
        peak = 2 * np.argmax(spectrum)
        assert min(abs(peak / hz - k) for k in (1, 2, 3)) < 0.02
    (tmp_path / "again").mkdir()
    again = render_preset(source, Preset(0, 73, "Flute"), notes, 1.0, tmp_path / "again")
    assert [label["sha256"] for label in again.labels] == [label["sha256"] for label in rendered.labels]


def test_zyn_and_clips_never_share_a_program_with_what_is_held_out() -> None:
    settings = read_settings(CONFIGS / "corpus.yaml", CorpusSettings)
    assert settings.zyn is not None
    assert settings.clips is not None
    planned = plan_zyn(settings.zyn)
    others = [instrument for _, _, instrument, _ in planned] + [instrument for _, instrument in plan_clips(settings.clips)]
    assert min(instrument.program for instrument in others) > 127
    assert len({(instrument.bank, instrument.program) for _, _, instrument, _ in planned}) == len(planned)
    assert all(notes for _, _, _, notes in planned)


def test_a_family_nobody_knows_is_named() -> None:
    bank = {"bank": "Bass", "family": "Basses", "low_key": 30, "high_key": 60, "programs": ["0001-Bass 1"]}
    with pytest.raises(UserError, match="Basses is none of the families Piano"):
        check_settings(bank, ZynBank, "here")


#: Plays a sine at each key of the request, nothing above key 90, and noise below key 40.
HOST = """#!{python}
import json, sys
import numpy as np
request = json.load(sys.stdin)
rate, random = request["sampleRate"], np.random.default_rng(1)
audio = np.zeros((round(request["seconds"] * rate), 2), np.float32)
for (begin, on, key, _), (end, *_) in zip(request["score"]["notes"][::3], request["score"]["notes"][1::3]):
    span = slice(round(begin * rate), round(end * rate))
    time = np.arange(span.stop - span.start) / rate
    sine = np.sin(2 * np.pi * 440 * 2 ** ((key - 69) / 12) * time) * (key < 90)
    audio[span] = (sine if key >= 40 else random.normal(size=len(time)))[:, None]
audio.tofile(request["audio"])
"""


def test_notes_of_a_program_are_cut_at_their_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    host = tmp_path / "host"
    host.write_text(HOST.format(python=sys.executable))
    host.chmod(0o755)
    monkeypatch.setattr("timbrefold_export.corpus.zyn._HOST", host)
    source, instrument = Source("zyn", tmp_path, "CC0"), Instrument(1, 1001, "Sine Pad", "Synth pad")
    notes = [Note(key, 100) for key in (33, 57, 69, 95)]
    rendered = render_program(source, "Pads", "0001-Sine Pad", instrument, notes, 1.0, tmp_path)
    assert [label["file"] for label in rendered.labels] == ["zyn-001-1001-sine-pad-k057-v100.wav", "zyn-001-1001-sine-pad-k069-v100.wav"]
    assert ["no pitch" in sentence for sentence in rendered.skipped] == [True, False]
    assert "silent" in rendered.skipped[1]
    sound, rate = soundfile.read(tmp_path / str(rendered.labels[1]["file"]))
    assert len(sound) == round(1.8 * rate)
    assert np.flatnonzero(np.abs(sound) > 1e-3)[[0, -1]] / rate == pytest.approx([0.05, 1.05], abs=1e-3)
    assert periodicity(sound, 69) > 0.99
    assert periodicity(sound, 64) < 0


def test_a_program_needs_its_host_and_plug_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("timbrefold_export.corpus.zyn._HOST", tmp_path / "none")
    bank = {"bank": "Bass", "family": "Bass", "low_key": 30, "high_key": 60, "programs": ["0001-Bass 1"]}
    for plugin, sentence in ((tmp_path, "npm run native plugin"), (tmp_path / "no.lv2", "bootstrap.mjs corpus")):
        zyn = {"name": "zyn", "path": plugin, "licence": "GPL-2+", "key_step": 7, "velocity": 100, "banks": [bank]}
        settings = made_corpus(tmp_path).model_copy(update={"zyn": check_settings(zyn, ZynSettings, "here")})
        with workers(1), pytest.raises(UserError, match=sentence):
            build_corpus(settings, tmp_path / "corpus")
        assert not list(tmp_path.glob("corpus/*.wav"))


def made_corpus(tmp_path: Path) -> CorpusSettings:
    """A corpus of three clips, and a soundfont without presets."""
    for name, hz in (("one", 220), ("two", 330), ("three", 440)):
        soundfile.write(tmp_path / f"{name}.wav", 0.5 * np.sin(2 * np.pi * hz * np.arange(24000) / 48000), 48000)
    (tmp_path / "empty.sf2").write_bytes(b"RIFF\0\0\0\0sfbkphdr\x26\0\0\0" + bytes(38))
    soundfont = {"name": "none", "path": tmp_path / "empty.sf2", "licence": "CC0", "key_step": 5, "velocity": 100}
    clips = {"name": "mine", "path": tmp_path, "licence": "CC0", "ending": ".wav", "families": {"Bass": ["one", "two"], "Reed": ["three"]}}
    return check_settings({"name": "made", "hold_seconds": 1.0, "sources": [soundfont], "clips": clips}, CorpusSettings, "here")


def test_a_full_disk_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings, folder = made_corpus(tmp_path), tmp_path / "corpus"
    written: list[int] = []
    sync = os.fsync

    def full(file: int) -> None:
        written.append(file)
        if len(written) == 3:  # the second clip's sound: the first one's and its record are there
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        sync(file)

    monkeypatch.setattr(os, "fsync", full)
    with workers(1), pytest.raises(UserError, match=r"mine-two\.wav could not be written: No space left on device"):
        build_corpus(settings, folder)
    assert sorted(path.name for path in folder.glob("*.wav*")) == ["mine-one.wav"]
    first = (folder / "mine-one.wav").stat().st_mtime_ns
    with workers(1):
        count, skipped = build_corpus(settings, folder)
    assert (count, skipped) == (3, [])
    assert (folder / "mine-one.wav").stat().st_mtime_ns == first
    sound, _ = soundfile.read(folder / "mine-one.wav")
    assert np.flatnonzero(np.abs(sound) > 1e-3)[0] / 48000 == pytest.approx(0.05, abs=1e-3)
    with workers(1):
        build_corpus(settings, folder)
    assert len(written) == 3 + 2 * 2 + 1 + 1  # nothing but labels.json is written a third time
