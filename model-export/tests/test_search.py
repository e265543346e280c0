"""Searching settings, and what a run writes for TensorBoard."""

import struct
from pathlib import Path

import pytest
from tensorboardX.proto.event_pb2 import Event

from timbrefold_export.errors import UsageError, UserError
from timbrefold_export.families.atlas.settings import AtlasSettings
from timbrefold_export.search import Value, Varied, read_varied, search, with_values
from timbrefold_export.settings import check_settings
from timbrefold_export.training_log import EVENTS, TrainingLog


@pytest.mark.parametrize(
    ("text", "varied"),
    [
        ("train.kl_weight=0.001:0.03:log", Varied("train.kl_weight", 0.001, 0.03, log=True)),
        ("train.batch=16:64", Varied("train.batch", 16, 64)),
        ("model.latent=16,24,32", Varied("model.latent", choices=(16, 24, 32))),
    ],
)
def test_what_to_vary_is_read(text: str, varied: Varied) -> None:
    assert read_varied(text) == varied
    assert type(read_varied(text).low) is type(varied.low)


@pytest.mark.parametrize(
    "text", ["train.batch", "train.batch=16", "train.batch=64:16", "train.batch=a:b", "x=0:1:log", "x=1:2:lin", "=1,2"]
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="says nothing to vary"):
        read_varied(text)


def test_values_take_their_places_and_unknown_ones_are_named(small: AtlasSettings) -> None:
    changed = check_settings(with_values(small.model_dump(), {"train.batch": 12, "model.latent": 10}), AtlasSettings, "here")
    assert (changed.train.batch, changed.model.latent, small.train.batch) == (12, 10, 8)
    for name in ("train.bacth", "batch", "corpus.name"):
        with pytest.raises(UserError, match=rf"no setting {name}; there are .*train\.batch"):
            with_values(small.model_dump(), {name: 1})


def test_a_study_is_shared_and_a_failed_trial_does_not_end_it(tmp_path: Path) -> None:
    storage = f"sqlite:///{tmp_path / 'searches.db'}"
    seen: list[tuple[int, Value]] = []

    def train(number: int, values: dict[str, Value]) -> float:
        seen.append((number, values["train.kl_weight"]))
        if number == 1:
            raise UserError("these settings do not go together")
        return abs(float(values["train.kl_weight"]) - 0.01)

    varied = [Varied("train.kl_weight", 0.001, 0.1, log=True)]
    search("kl", storage, 2, varied, train)
    study = search("kl", storage, 2, varied, train)  # as another machine would
    assert [number for number, _ in seen] == [0, 1, 2, 3]
    assert [trial.value is None for trial in study.trials] == [False, True, False, False]
    assert study.best_value == min(abs(float(value) - 0.01) for number, value in seen if number != 1)
    with pytest.raises(UserError, match="cannot be used"):
        search("kl", "sqlite:////nowhere/at/all.db", 1, varied, train)


def scalars(run: Path) -> list[tuple[int, str, float]]:
    """What event files hold, in order: records of a length, its checksum, an Event, and that one's checksum."""
    found = []
    for path in sorted((run / EVENTS).iterdir()):
        data, at = path.read_bytes(), 0
        while at < len(data):
            (length,) = struct.unpack_from("<Q", data, at)
            event = Event.FromString(data[at + 12 : at + 12 + length])
            found += [(event.step, value.tag, value.simple_value) for value in event.summary.value]
            if event.session_log.status:
                found.append((event.step, "begins again", 0.0))
            at += length + 16
    return found


def test_a_run_can_be_watched_in_tensorboard(tmp_path: Path) -> None:
    log = TrainingLog(tmp_path)
    log.write(250, {"mel": 3.5, "train_mel": 3.25, "validation_mel": 4.0})
    log.close()
    assert scalars(tmp_path) == [(250, "loss/mel", 3.5), (250, "mel/train", 3.25), (250, "mel/validation", 4.0)]


def test_a_run_that_goes_on_hides_what_it_repeats(tmp_path: Path) -> None:
    log = TrainingLog(tmp_path, 500)
    log.write(750, {"mel": 3.0})
    log.close()
    assert scalars(tmp_path) == [(501, "begins again", 0.0), (750, "loss/mel", 3.0)]
