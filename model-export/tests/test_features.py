"""Reading features, and dividing them without leaks."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from timbrefold_export.errors import UserError
from timbrefold_export.features import COLUMNS, Features, read_features, write_features
from timbrefold_export.splits import Split, SplitSettings, make_split, read_split


def test_labels_join_and_failed_sounds_are_named(features: Features) -> None:
    assert features.frames.shape == (len(features.sounds), 48, COLUMNS)
    assert len(features.failed) == 1
    assert "it is silent" in features.failed[0]
    first = features.sounds[0]
    assert (first.instrument, first.family, first.key) == ("made-0-0", "Piano", 40)


def test_written_features_read_back(features: Features, tmp_path: Path) -> None:
    part = features.select([4, 1])
    write_features(tmp_path, part)
    again = read_features(tmp_path)
    assert [sound.file for sound in again.sounds] == [sound.file for sound in part.sounds]
    np.testing.assert_array_equal(again.frames, part.frames)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [({"version": 1}, "version 2"), ({"sounds": []}, "shape"), ({"format": "x"}, "version 2"), ({"layout": []}, "other columns")],
)
def test_other_features_are_refused(folders: tuple[Path, Path], tmp_path: Path, change: dict[str, object], sentence: str) -> None:
    index = json.loads((folders[1] / "sounds.json").read_text())
    (tmp_path / "sounds.json").write_text(json.dumps({**index, **change}))
    np.save(tmp_path / "frames.npy", np.load(folders[1] / "frames.npy"))
    with pytest.raises(UserError, match=sentence):
        read_features(tmp_path)


def test_missing_features_say_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="features command"):
        read_features(tmp_path / "none")


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_splits_never_leak(features: Features, seed: int) -> None:
    split = make_split(features.sounds, SplitSettings(seed=seed))
    by_file = {sound.file: sound for sound in features.sounds}

    def programs(files: tuple[str, ...]) -> set[int]:
        return {by_file[file].program for file in files}

    def keys(files: tuple[str, ...]) -> set[tuple[int, int]]:
        return {(by_file[file].program, by_file[file].key) for file in files}

    parts = (split.train, split.validation, split.programs, split.pitches)
    assert sorted(file for part in parts for file in part) == sorted(by_file)
    assert programs(split.programs).isdisjoint(programs(split.train + split.validation + split.pitches))
    assert programs(split.validation).isdisjoint(programs(split.train + split.pitches))
    assert keys(split.pitches).isdisjoint(keys(split.train))
    assert programs(split.pitches) <= programs(split.train)
    assert min(map(len, parts)) > 0


def test_a_split_is_fixed_by_its_seed(features: Features, tmp_path: Path) -> None:
    split = make_split(features.sounds, SplitSettings(seed=5))
    assert make_split(tuple(reversed(features.sounds)), SplitSettings(seed=5)) == split
    assert make_split(features.sounds, SplitSettings(seed=6)) != split
    split.write(tmp_path / "split.json")
    assert read_split(tmp_path / "split.json") == split
    assert isinstance(split, Split)


def test_a_corpus_grows_without_moving_what_is_held_out(features: Features) -> None:
    settings = SplitSettings(seed=3, sources=["made"])
    before = make_split(features.sounds, settings)
    added = tuple(
        replace(sound, file=f"new-{sound.file}", key=sound.key + shift, instrument=sound.instrument.replace("made", "new"))
        for sound in features.sounds
        for shift in (0, 3)
    )
    after = make_split(features.sounds + added, settings)
    assert (after.programs, after.pitches, after.validation) == (before.programs, before.pitches, before.validation)
    assert set(before.train) < set(after.train)
    by_file = {sound.file: sound for sound in features.sounds + added}
    held = {by_file[file].program for file in after.programs + after.validation}
    keys = {(by_file[file].program, by_file[file].key) for file in after.pitches}
    for file in set(after.train) - set(before.train):
        assert by_file[file].program not in held
        assert (by_file[file].program, by_file[file].key) not in keys
