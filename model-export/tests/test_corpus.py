"""Planning, gathering and rendering of notes."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import soundfile

from timbrefold_export.cli import main
from timbrefold_export.corpus.plan import CorpusSettings, plan_notes
from timbrefold_export.corpus.programs import program
from timbrefold_export.corpus.render import Note, Source, render_preset
from timbrefold_export.corpus.samples import gather_samples
from timbrefold_export.corpus.soundfont import Preset, read_presets
from timbrefold_export.errors import UserError
from timbrefold_export.paths import CONFIGS
from timbrefold_export.settings import check_settings, read_settings

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
    count, skipped = gather_samples(source, tmp_path / "corpus")
    assert count == 1
    assert {sentence.split(":")[0] for sentence in skipped} == {"silent.wav", "short.wav", "broken.wav"}
    label = json.loads((tmp_path / "corpus" / "labels.json").read_text())["sounds"][0]
    assert (label["file"], label["family"], label["key"]) == ("Bells-ping.wav", "Bells", None)
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
