"""Baselines, health, macros and the map do what their names say."""

from typing import Any

import numpy as np
import pytest
import torch

from timbrefold_export.evaluate.baselines import nearest_frames, pca_frames
from timbrefold_export.evaluate.health import measure_health
from timbrefold_export.evaluate.predictions import another_key, decode, encode
from timbrefold_export.evaluate.table import seeds_table
from timbrefold_export.export.sound_map import draw_map, plain_name
from timbrefold_export.families.atlas.atlas import Atlas
from timbrefold_export.families.atlas.attributes import COUNT, AttributeScale, frames_attributes
from timbrefold_export.families.atlas.data import to_sounds
from timbrefold_export.families.atlas.macros import Places, axis_macros, choose_macros, macro_quality
from timbrefold_export.families.atlas.settings import AtlasSettings
from timbrefold_export.features import COLUMNS, INHARMONICITY, RELEASE, Features


@pytest.fixture
def model(small: AtlasSettings) -> Atlas:
    torch.manual_seed(1)
    return Atlas(small.model).eval().requires_grad_(False)


def test_the_nearest_note_of_a_known_sound_is_itself(features: Features) -> None:
    chosen = features.select([5, 50, 100])
    np.testing.assert_array_equal(nearest_frames(features, chosen)[..., :INHARMONICITY], chosen.frames[..., :INHARMONICITY])


def test_principal_components_come_nearer_than_the_mean(features: Features) -> None:
    train, targets = features.select(list(range(0, 200))), features.select([210, 220])
    wanted = np.maximum(targets.frames[..., :INHARMONICITY], -85)
    by_pca = pca_frames(train, targets, 16, 1)[..., :INHARMONICITY]
    mean = np.maximum(train.frames[..., :INHARMONICITY], -85).mean(0)
    assert np.abs(by_pca - wanted).mean() < 0.5 * np.abs(mean - wanted).mean()


def test_health_counts_what_is_silent(features: Features, model: Atlas, small: AtlasSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    times = torch.from_numpy(features.times)
    z = torch.randn(50, small.model.dim)
    healthy = measure_health(model, z, times, seed=1, count=64, paths=12)
    monkeypatch.setattr(model.decoder, "play", lambda vector, pitch, velocity, tau: torch.full((*tau.shape, COLUMNS), -100.0))
    silent = measure_health(model, z, times, seed=1, count=64, paths=12)
    assert healthy.random_silent == healthy.path_silent == healthy.far_silent == healthy.random_clipped == 0
    assert silent.random_silent == silent.path_silent == 1
    assert healthy.path_dip_db_worst < 3


def test_decoded_frames_are_features(features: Features, model: Atlas) -> None:
    sounds = to_sounds(features).at(torch.arange(4))
    frames = decode(model, encode(model, sounds), sounds.pitch, sounds.velocity, sounds.times)
    assert frames.shape == (4, 48, COLUMNS)
    assert (frames[..., RELEASE] > 0).all()
    assert frames[..., :INHARMONICITY].std() > 0


def test_another_key_is_the_nearest_of_the_same_instrument(features: Features) -> None:
    sounds = to_sounds(features)
    names = [sound.instrument for sound in features.sounds]
    few = [7, 8]
    places = another_key(sounds.at(torch.tensor(few)), sounds, [names[i] for i in few], names)
    for place, i in zip(places.tolist(), few, strict=True):
        assert names[place] == names[i]
        assert abs(features.sounds[place].key - features.sounds[i].key) == 11


def test_a_macro_that_does_nothing_has_no_rank(features: Features, model: Atlas) -> None:
    sounds = to_sounds(features)
    scale = AttributeScale.fit(frames_attributes(sounds.frames, sounds.pitch, sounds.times), sounds.pitch)
    some = sounds.at(torch.arange(0, 60, 12))
    places = Places(encode(model, some), some.pitch, some.velocity)
    still = macro_quality(model, scale, places, torch.zeros_like(axis_macros(model, places)), sounds.times)
    assert still.own == [0.0] * COUNT
    assert still.span == pytest.approx([0.0] * COUNT)


def test_chosen_macros_are_as_good_as_the_axes(features: Features, model: Atlas) -> None:
    sounds = to_sounds(features)
    scale = AttributeScale.fit(frames_attributes(sounds.frames, sounds.pitch, sounds.times), sounds.pitch)
    torch.nn.init.normal_(model.decoder.out.weight, std=0.2)
    some = sounds.at(torch.arange(0, 90, 9))
    places = Places(torch.randn(10, model.settings.dim), some.pitch, some.velocity)
    chosen = macro_quality(model, scale, places, choose_macros(model, scale, places, sounds.times), sounds.times)
    axes = macro_quality(model, scale, places, axis_macros(model, places), sounds.times)
    assert np.mean(chosen.own) > np.mean(axes.own)
    assert np.mean(chosen.leakage_mean) < np.mean(axes.leakage_mean)


def test_map_points_keep_apart(features: Features, model: Atlas) -> None:
    points = draw_map(model, features, tuple(sound.file for sound in features.sounds), seed=1)
    place = np.array([[point.x, point.y] for point in points])
    gaps = np.linalg.norm(place[:, None] - place[None], axis=2) + np.eye(len(place))
    assert gaps.min() > 0.3 / np.sqrt(len(place))
    assert place.min() >= 0.03 - 1e-9
    assert place.max() <= 0.97 + 1e-9
    assert len({point.name for point in points}) == len(points)
    again = draw_map(model, features, tuple(sound.file for sound in features.sounds), seed=1)
    assert [point.json() for point in again] == [point.json() for point in points]


def test_soundfont_names_become_plain() -> None:
    assert plain_name("Yamaha Grand Piano") == "Grand Piano"
    assert plain_name("Rhodes EP") == "Tine Piano"


def test_several_seeds_give_the_interval_of_their_mean() -> None:
    def report(seed: int, mean: float) -> dict[str, Any]:
        quality = {"own": 0.9, "span": 2.0, "leakageMean": 0.1, "leakageWorst": 0.3}
        return {
            "run": f"atlas-{seed}",
            "step": 100,
            "l60": {"programs": {"by the encoder": {"mean": mean, "attack": mean + 2}}},
            "tuning": {"programs": {"by the encoder": {"centsMedian": 0.2, "cents90": 2 * mean}}},
            "macros": {"as shipped": {"Body": quality}},
            "health": {"path_step_ratio_worst": mean},
            "rendered": {},
            "latent": {"active": 24},
        }

    printed = seeds_table([report(1, 1.0), report(2, 2.0), report(3, 3.0)]).splitlines()
    rows = {line[:40].strip(): line[40:].split("  ") for line in printed}
    # Student's t with two degrees of freedom is 4.303 at 97.5 %, the standard error of 1, 2, 3 is 1 / sqrt(3).
    assert [cell.strip() for cell in rows["by the encoder"] if cell] == ["4.00 +- 2.48"]
    assert [cell.strip() for cell in rows["programs, by the encoder"] if cell] == ["0.20 +- 0.00", "4.00 +- 4.97"]
    assert [cell.strip() for cell in rows["path_step_ratio_worst"] if cell] == ["2.0000 +- 2.4841"]
    assert printed[0] == "atlas-1 (step 100), atlas-2 (step 100), atlas-3 (step 100)"
