"""A full disk, a lost GPU: what lay there stays whole, and a run goes on as if nothing had been."""

import errno
import os
from pathlib import Path

import pytest
import torch

from timbrefold_export.cli import main
from timbrefold_export.errors import UserError
from timbrefold_export.families.atlas import train
from timbrefold_export.families.atlas.checkpoint import load_checkpoint
from timbrefold_export.families.atlas.settings import AtlasSettings
from timbrefold_export.families.atlas.train import LAST, train_atlas
from timbrefold_export.features import Features
from timbrefold_export.files import write_atomically


class Disk:
    """Stands for os.fsync: refuses once, at the `full`-th file."""

    def __init__(self, full: int) -> None:
        self.full = full
        self.written = 0

    def __call__(self, file: int) -> None:
        """Like os.fsync, without the wait."""
        self.written += 1
        if self.written == self.full:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_an_older_file_stays_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", Disk(full=2))
    write_atomically(tmp_path / "x", b"old")
    with pytest.raises(UserError, match=r"x could not be written: No space left on device; nothing was changed"):
        write_atomically(tmp_path / "x", b"new and longer")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("x", b"old")]


def test_a_run_goes_on_from_before_the_disk_was_full(
    features: Features, small: AtlasSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    often = small.model_copy(update={"train": small.train.model_copy(update={"checkpoint_seconds": 0.0})})
    train_atlas(often, features, tmp_path / "straight", resume=False)
    monkeypatch.setattr(os, "fsync", Disk(full=8))  # the split, then a checkpoint a step and the best ones
    with pytest.raises(UserError, match="No space left on device"):
        train_atlas(often, features, tmp_path / "stopped", resume=False)
    assert 0 < load_checkpoint(tmp_path / "stopped" / LAST)["step"] < often.train.steps
    train_atlas(often, features, tmp_path / "stopped", resume=True)
    straight, stopped = (load_checkpoint(tmp_path / run / LAST) for run in ("straight", "stopped"))
    assert stopped["step"] == straight["step"] == often.train.steps
    for part in ("model", "average"):
        assert straight[part].keys() == stopped[part].keys()
        assert all(torch.equal(value, stopped[part][name]) for name, value in straight[part].items())
    assert torch.equal(straight["random"], stopped["random"])


def test_a_gpu_that_disappears_says_how_to_go_on(
    folders: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    corpus, features = folders
    monkeypatch.setenv("TIMBREFOLD_CACHE", str(tmp_path))
    (tmp_path / "features").mkdir()
    (tmp_path / "features" / corpus.name).symlink_to(features)
    config = tmp_path / "small.yaml"
    config.write_text(f"corpus: {corpus}\n")

    def lost(*_: object) -> None:
        raise torch.AcceleratorError("CUDA error: unspecified launch failure\nCompile with TORCH_USE_CUDA_DSA")

    monkeypatch.setattr(train.Trainer, "advance", lost)
    assert main(["train", "--config", str(config), "--run", "gone"]) == 1
    said = capsys.readouterr().err
    assert (
        "The GPU stopped answering (CUDA error: unspecified launch failure); go on from the last checkpoint with --run gone --resume"
        in said
    )
