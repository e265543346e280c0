"""Analysing a corpus in parts: what is done stays done, and only what changed is analysed anew."""

import errno
import json
import os
from pathlib import Path

import numpy as np
import pytest

from timbrefold_export import analysis
from timbrefold_export.analysis import analyse_corpus
from timbrefold_export.errors import UserError
from timbrefold_export.features import COLUMNS, LAYOUT, read_features
from timbrefold_export.workers import workers

FRAMES = 48


class Analyser:
    """Stands for the command line: a sound's row is the sum of its bytes, "unpitched" fails; it stops when `left` parts are done."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.left = 1000

    def __call__(self, arguments: list[str], quiet: bool = False, as_built: bool = False) -> None:
        """Like run_timbrefold."""
        corpus, folder = Path(arguments[1]), Path(arguments[3])
        if self.left == 0:
            raise UserError("timbrefold analyse failed with code 1: no space left on device")
        self.left -= 1
        labels = json.loads((corpus / "labels.json").read_text())["sounds"]
        entries, rows = [], []
        for label in labels:
            self.seen.append(label["file"])
            value = (corpus / label["file"]).read_bytes()
            entry = {"name": label["file"][:-4], "file": label["file"], "pitch": 60.0, "key": 60, "velocity": 0.8}
            entries.append(entry if value != b"unpitched" else {**entry, "pitch": None, "failed": "no pitch was found"})
            rows.append(np.full((FRAMES, COLUMNS), sum(value), np.float32))
        folder.mkdir(parents=True)
        layout = [{"name": name, "size": size} for name, size in LAYOUT]
        index = {"format": "timbrefold-features", "version": 2, "times": [0.0] * FRAMES, "layout": layout, "sounds": entries}
        (folder / "sounds.json").write_text(json.dumps(index))
        np.save(folder / "frames.npy", np.stack(rows))


@pytest.fixture
def analyser(monkeypatch: pytest.MonkeyPatch) -> Analyser:
    made = Analyser()
    monkeypatch.setattr(analysis, "run_timbrefold", made)
    monkeypatch.setattr(analysis, "_analyser", lambda: "analyser 1")
    monkeypatch.setattr(analysis, "_PART", 2)
    return made


def make(corpus: Path, sounds: dict[str, str]) -> None:
    corpus.mkdir(exist_ok=True)
    for name, content in sounds.items():
        (corpus / name).write_text(content)
    (corpus / "labels.json").write_text(json.dumps({"sounds": [{"file": name, "key": 60} for name in sounds]}))


def analyse(tmp_path: Path) -> int:
    with workers(1):
        return analyse_corpus(tmp_path / "corpus", tmp_path / "features").fresh


def test_only_what_is_new_or_changed_is_analysed(tmp_path: Path, analyser: Analyser) -> None:
    sounds = {"a.wav": "a", "b.wav": "unpitched", "c.wav": "c"}
    make(tmp_path / "corpus", sounds)
    assert analyse(tmp_path) == 3
    assert analyse(tmp_path) == 0
    analyser.seen.clear()
    make(tmp_path / "corpus", {"a.wav": "A", "b.wav": "unpitched", "d.wav": "d"})
    assert analyse(tmp_path) == 2
    assert analyser.seen == ["a.wav", "d.wav"]
    features = read_features(tmp_path / "features", tmp_path / "corpus")
    assert [(sound.file, features.frames[i, 0, 0]) for i, sound in enumerate(features.sounds)] == [("a.wav", ord("A")), ("d.wav", ord("d"))]
    assert features.failed == ("b.wav: no pitch was found",)


def test_another_key_or_analyser_is_a_change(tmp_path: Path, analyser: Analyser, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path / "corpus", {"a.wav": "a", "b.wav": "b"})
    analyse(tmp_path)
    labels = [{"file": "a.wav", "key": 61}, {"file": "b.wav", "key": 60, "family": "Bass"}]
    (tmp_path / "corpus" / "labels.json").write_text(json.dumps({"sounds": labels}))
    assert analyse(tmp_path) == 1
    monkeypatch.setattr(analysis, "_analyser", lambda: "analyser 2")
    assert analyse(tmp_path) == 2


def test_a_stopped_run_goes_on_where_it_was(tmp_path: Path, analyser: Analyser) -> None:
    make(tmp_path / "corpus", {f"{i}.wav": str(i) for i in range(7)})
    analyser.left = 2
    with pytest.raises(UserError, match="no space left"):
        analyse(tmp_path)
    assert not (tmp_path / "features").exists()
    analyser.left = 1000
    analyser.seen.clear()
    assert analyse(tmp_path) == 3
    assert analyser.seen == ["4.wav", "5.wav", "6.wav"]
    assert len(read_features(tmp_path / "features", tmp_path / "corpus").sounds) == 7
    assert sorted(path.name for path in tmp_path.iterdir()) == ["corpus", "features"]


def test_older_features_stay_when_new_ones_cannot_be_written(tmp_path: Path, analyser: Analyser, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path / "corpus", {"a.wav": "a"})
    analyse(tmp_path)
    make(tmp_path / "corpus", {"a.wav": "a", "b.wav": "b"})
    write = analysis.write_atomically

    def full(path: Path, content: bytes) -> None:
        if path.parent.name == "features.new":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        write(path, content)

    with monkeypatch.context() as context:
        context.setattr(analysis, "write_atomically", full)
        with pytest.raises(UserError, match=r"No space left.*run features again"):
            analyse(tmp_path)
    assert len(read_features(tmp_path / "features").sounds) == 1
    analyser.seen.clear()
    assert analyse(tmp_path) == 0
    assert analyser.seen == []
    assert len(read_features(tmp_path / "features").sounds) == 2


def test_a_corpus_without_sounds_is_named(tmp_path: Path, analyser: Analyser) -> None:
    make(tmp_path / "corpus", {})
    with pytest.raises(UserError, match="names no sounds"):
        analyse(tmp_path)
    (tmp_path / "corpus" / "labels.json").write_text("{")
    with pytest.raises(UserError, match=r"labels\.json is damaged"):
        analyse(tmp_path)
    make(tmp_path / "corpus", {"a.wav": "a"})
    (tmp_path / "features").mkdir()
    with pytest.raises(UserError, match="is not a features folder"):
        analyse(tmp_path)
