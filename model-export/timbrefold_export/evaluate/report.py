"""The evaluation: every figure of a run, from one seed, as JSON. `table.py` prints it."""

from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from ..export.export import attribute_scale, macro_places
from ..families.atlas.atlas import Atlas, macs_per_row
from ..families.atlas.attributes import MACROS
from ..families.atlas.data import to_sounds
from ..families.atlas.losses import kl_per_dimension
from ..families.atlas.macros import MacroQuality, axis_macros, choose_macros, macro_quality
from ..families.atlas.train import ACTIVE_NATS, BEST, load_atlas, run_parts
from ..features import Features, Frames
from .baselines import nearest_frames, pca_frames
from .health import measure_health, random_latents
from .hear import Heard, at_pitches, hear, play, read_mono
from .predictions import another_key, decode, encode, refine, without_detail
from .tuning import tuning_errors

RESYNTHESIS = "analysis-resynthesis"
ENCODED = "by the encoder, z alone"
DETAILED = "by the encoder, with detail"
REFINED = "refined, z alone"
REFINED_DETAIL = "refined, with detail"
OTHER_KEY = "heard at another key only"
PRINCIPAL = "PCA of the size of z"
NEAREST = "nearest training note"
RANDOM_LATENTS = 10_000
PATHS = 500
_RENDERED_LATENTS = 100
#: So many training sounds are heard; all held-out ones are.
_TRAINING_SOUNDS = 250


def evaluate_atlas(run: Path, features: Features, corpus: Path, seed: int, limit: int | None) -> dict[str, Any]:
    """All figures of a run. `limit` takes only the first that many (shuffled) sounds of each part, for a quick look."""
    model, settings, state = load_atlas(run / BEST)
    split, parts = run_parts(run, features)
    by_file = {sound.file: i for i, sound in enumerate(features.sounds)}
    train = features.select([by_file[file] for file in split.train if file in by_file])
    trained = encode(model, parts["train"])
    with torch.no_grad():
        divergence = kl_per_dimension(*model.encoder(parts["train"].frames, parts["train"].pitch))
    random = np.random.default_rng(seed)
    heard: dict[str, dict[str, dict[str, float]]] = {}
    tuning: dict[str, dict[str, dict[str, float]]] = {}
    for name, planned in (("programs", split.programs), ("pitches", split.pitches), ("training", split.train)):
        files = tuple(file for file in planned if file in by_file)
        count = min(limit or len(files), _TRAINING_SOUNDS) if name == "training" else limit
        some = tuple(sorted(random.permutation(np.array(files))[:count].tolist()))
        heard[name], tuning[name] = _part(model, features, train, some, corpus, seed)
    scale = attribute_scale(state)
    times = parts["train"].times
    judged = macro_places(parts["validation"], encode(model, parts["validation"]), seed, 100)
    chosen = choose_macros(model, scale, macro_places(parts["train"], trained, settings.train.seed), times)
    axes = axis_macros(model, macro_places(parts["train"], trained, settings.train.seed, len(trained)))
    counts = (("train", split.train), ("validation", split.validation), ("programs", split.programs), ("pitches", split.pitches))
    return {
        "run": run.name,
        "seed": seed,
        "step": state["step"],
        "sounds": {name: len(files) if limit is None else min(limit, len(files)) for name, files in counts},
        "l60": heard,
        "tuning": tuning,
        "macros": {
            "as shipped": _macro_json(macro_quality(model, scale, judged, chosen, times)),
            "latent axes": _macro_json(macro_quality(model, scale, judged, axes, times)),
        },
        "health": measure_health(model, trained, times, seed, RANDOM_LATENTS, PATHS).json(),
        "rendered": _rendered(model, features, trained, times, seed),
        "latent": {
            "dimensions": settings.model.latent,
            "active": int((divergence > ACTIVE_NATS).sum()),
            "nats": float(divergence.sum()),
            "detail": settings.model.detail,
            "detail deviation": float(trained[:, settings.model.latent :].std()),
        },
        "cost": {"multiply-adds a row": macs_per_row(model)},
    }


def _part(
    model: Atlas, features: Features, train: Features, files: tuple[str, ...], corpus: Path, seed: int
) -> tuple[dict[str, dict[str, float]], dict[str, dict[str, float]]]:
    """What is heard, and how well it is in tune, of one part of the sounds."""
    by_file = {sound.file: i for i, sound in enumerate(features.sounds)}
    targets = features.select([by_file[file] for file in files])
    sounds, everything = to_sounds(targets), to_sounds(features)
    vector = encode(model, sounds)
    plain = without_detail(model, vector)
    other = another_key(sounds, everything, [s.instrument for s in targets.sounds], [s.instrument for s in features.sounds])

    def played(at: torch.Tensor) -> Frames:
        return decode(model, at, sounds.pitch, sounds.velocity, sounds.times)

    predicted = {RESYNTHESIS: targets.frames, ENCODED: played(plain)}
    if model.settings.detail:
        predicted[DETAILED] = played(vector)
    predicted[REFINED] = played(refine(model, sounds, plain, detail=False))
    if model.settings.detail:
        predicted[REFINED_DETAIL] = played(refine(model, sounds, vector, detail=True))
    predicted[OTHER_KEY] = played(encode(model, everything.at(other)))
    tuned = {name: tuning_errors(sounds, frames) for name, frames in predicted.items() if name not in (RESYNTHESIS, OTHER_KEY)}
    predicted[PRINCIPAL] = pca_frames(train, targets, model.settings.latent, seed)
    predicted[NEAREST] = nearest_frames(train, targets)
    # Atlas plays at the pitch that a sound is heard at, everything else at the one it was analysed with.
    as_they_are, tuned_to = targets, at_pitches(targets, sounds.pitch.numpy())
    at = {name: as_they_are if name in (RESYNTHESIS, PRINCIPAL, NEAREST) else tuned_to for name in predicted}
    return {name: _summary(hear(at[name], frames, corpus), seed) for name, frames in predicted.items()}, tuned


def _summary(heard: Heard, seed: int) -> dict[str, float]:
    """Mean with a 95 % bootstrap interval over sounds, attack, decay."""
    whole = heard.whole
    draws = np.random.default_rng(seed).integers(len(whole), size=(2000, len(whole)))
    low, high = np.percentile(whole[draws].mean(axis=1), [2.5, 97.5])
    figures = {
        "mean": whole.mean(),
        "low": low,
        "high": high,
        "median": np.median(whole),
        "attack": heard.attack.mean(),
        "decay": heard.decay.mean(),
    }
    return {name: round(float(value), 4) for name, value in figures.items()}


def _macro_json(quality: MacroQuality) -> dict[str, dict[str, float]]:
    lists = asdict(quality)
    names = {"own": "own", "span": "span", "leakage_worst": "leakageWorst", "leakage_mean": "leakageMean"}
    return {label: {names[key]: round(values[i], 4) for key, values in lists.items()} for i, (label, _) in enumerate(MACROS)}


def _rendered(model: Atlas, features: Features, trained: torch.Tensor, times: torch.Tensor, seed: int) -> dict[str, float]:
    """A part of the random latents as sound: shares that are silent, clip (a sample beyond 1) or are not numbers."""
    latent = model.settings.latent
    mean, std = trained[:, :latent].mean(0), trained[:, :latent].std(0)
    vectors, pitch, velocity = random_latents(mean, std, model.settings.detail, _RENDERED_LATENTS, seed)
    frames = decode(model, vectors, pitch, velocity, times)
    some = at_pitches(features.select([i % len(features.sounds) for i in range(_RENDERED_LATENTS)]), pitch.numpy())
    with TemporaryDirectory(prefix="timbrefold-") as scratch:
        sounds = [read_mono(path) for path in play(some, frames, Path(scratch))]
    peaks = np.array([np.abs(sound).max() for sound in sounds])
    finite = np.array([np.isfinite(sound).all() for sound in sounds])
    return {
        "rendered_silent": _share(peaks < 10 ** (-42 / 20)),
        "rendered_clipped": _share(peaks > 1),
        "rendered_not_finite": _share(~finite),
    }


def _share(condition: NDArray[np.bool_]) -> float:
    return float(condition.mean())
