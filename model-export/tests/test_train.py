"""Training learns, stops and goes on as if it had not."""

from pathlib import Path

import pytest
import torch

from timbrefold_export.errors import UserError
from timbrefold_export.families.atlas.augment import AugmentSettings
from timbrefold_export.families.atlas.data import to_sounds
from timbrefold_export.families.atlas.settings import AtlasSettings
from timbrefold_export.families.atlas.train import BEST, LAST, Trainer, load_atlas, train_atlas
from timbrefold_export.features import Features

STILL = AugmentSettings(mix_share=0, eq_share=0, decay_share=0, noise_share=0, even_share=0, inharmonicity_share=0)


def test_a_tiny_batch_can_be_learned(features: Features, small: AtlasSettings) -> None:
    train = small.train.model_copy(update={"steps": 400, "learning_rate": 1e-2, "kl_weight": 0.0, "cross_pitch_share": 0.0, "ema": 0.9})
    sounds = to_sounds(features).at(torch.tensor([0, 40, 90, 140]))
    trainer = Trainer(small.model_copy(update={"train": train, "augment": STILL}), sounds, torch.device("cpu"))
    before = trainer.look(sounds)
    for _ in range(120):
        trainer.advance()
    after = trainer.look(sounds)
    assert after["mel"] < 0.5 * before["mel"]


def same(a: object, b: object) -> bool:
    if isinstance(a, torch.Tensor) and isinstance(b, torch.Tensor):
        return torch.equal(a, b)
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(same, a, b))
    return a == b


def test_resuming_gives_the_identical_state(features: Features, small: AtlasSettings, tmp_path: Path) -> None:
    sounds = to_sounds(features)
    straight = Trainer(small, sounds, torch.device("cpu"))
    for _ in range(6):
        straight.advance()
    first = Trainer(small, sounds, torch.device("cpu"))
    for _ in range(3):
        first.advance()
    torch.save(first.state(), tmp_path / "half.pt")
    torch.rand(5)  # whatever else the process draws must not matter
    second = Trainer(small, sounds, torch.device("cpu"))
    second.restore(torch.load(tmp_path / "half.pt", weights_only=True))
    for _ in range(3):
        second.advance()
    assert same(straight.state(), second.state())


def test_a_run_leaves_what_is_needed_and_refuses_another_configuration(features: Features, small: AtlasSettings, tmp_path: Path) -> None:
    run = tmp_path / "run"
    assert train_atlas(small, features, run, resume=False) == run / BEST
    model, settings, state = load_atlas(run / BEST)
    assert settings == small
    assert not model.training
    assert state["step"] <= small.train.steps
    assert (run / "log.csv").read_text().count("\n") == 4
    with pytest.raises(UserError, match="--resume"):
        train_atlas(small, features, run, resume=False)
    other = small.model_copy(update={"train": small.train.model_copy(update={"batch": 9})})
    with pytest.raises(UserError, match=r"train\.batch was 8 and is 9"):
        train_atlas(other, features, run, resume=True)


def test_a_damaged_checkpoint_is_named(tmp_path: Path) -> None:
    (tmp_path / LAST).write_bytes(b"nothing")
    with pytest.raises(UserError, match=r"last\.pt cannot be read"):
        load_atlas(tmp_path / LAST)


def test_a_larger_model_begins_as_the_smaller_one_it_is_made_of(features: Features, small: AtlasSettings, tmp_path: Path) -> None:
    plain = small.model_copy(update={"model": small.model.model_copy(update={"detail": 0})})
    train_atlas(plain, features, tmp_path / "plain", resume=False)
    old, _, state = load_atlas(tmp_path / "plain" / BEST)
    sounds = to_sounds(features).at(torch.arange(5))
    trainer = Trainer(small, to_sounds(features), torch.device("cpu"))
    trainer.begin_with(state)
    vector = torch.randn(5, small.model.latent)
    larger = torch.cat([vector, torch.zeros(5, small.model.detail)], dim=1)
    when = (sounds.pitch, sounds.velocity, sounds.times.expand(5, -1))
    torch.testing.assert_close(trainer.average.decoder(larger, *when).levels, old.decoder(vector, *when).levels)
    state["settings"]["model"]["latent"] = 8
    with pytest.raises(UserError, match="8 dimensions"):
        trainer.begin_with(state)
