"""What a run was made of can be told, and compared with what lies here."""

from pathlib import Path

import pytest

from timbrefold_export.errors import UserError
from timbrefold_export.manifest import changed_sounds, write_manifest
from timbrefold_export.splits import Split

SPLIT = Split(train=("a.wav", "b.wav"), validation=("c.wav",), programs=("d.wav",), pitches=())
LABELS = {f"{name}.wav": {"licence": "MIT, parts CC0", "sha256": name * 64} for name in "edcba"}


def test_every_sound_has_its_part_licence_and_hash(tmp_path: Path) -> None:
    path = tmp_path / "manifest.tsv"
    assert write_manifest(path, LABELS, SPLIT) == {"train": 2, "validation": 1, "programs": 1, "unused": 1}
    lines = path.read_text().splitlines()
    assert lines[:2] == ["file\tpart\tlicence\tsha256", f"a.wav\ttrain\tMIT, parts CC0\t{'a' * 64}"]
    assert [line.split("\t")[1] for line in lines[1:]] == ["train", "train", "validation", "programs", "unused"]
    assert changed_sounds(path, LABELS) == []


def test_other_missing_and_added_sounds_are_named(tmp_path: Path) -> None:
    path = tmp_path / "manifest.tsv"
    write_manifest(path, LABELS, SPLIT)
    here = {**LABELS, "b.wav": {"sha256": "0" * 64}, "f.wav": {"sha256": "f" * 64}}
    del here["e.wav"]
    assert changed_sounds(path, here) == ["b.wav", "e.wav", "f.wav"]
    with pytest.raises(UserError, match=r"1 sounds of the run are no longer in the corpus, a\.wav"):
        write_manifest(path, {file: label for file, label in LABELS.items() if file != "a.wav"}, SPLIT)
    path.write_text("something else")
    with pytest.raises(UserError, match="cannot be read as a manifest"):
        changed_sounds(path, LABELS)
