"""The evaluation: every figure of a run, from one seed, as a table and as JSON."""

from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from ..export.export import attribute_scale, macro_places
from ..families.atlas.attributes import MACROS
from ..families.atlas.data import to_sounds
from ..families.atlas.losses import kl_per_dimension
from ..families.atlas.macros import MacroQuality, axis_macros, choose_macros, macro_quality
from ..families.atlas.model import Atlas, macs_per_row
from ..families.atlas.train import ACTIVE_NATS, BEST, load_atlas, run_parts
from ..features import Features
from .baselines import nearest_frames, pca_frames
from .health import measure_health, random_latents
from .hear import Heard, hear, play, read_mono
from .predictions import another_key, decode, encode, refine

RESYNTHESIS = "analysis-resynthesis"
ENCODER = "Atlas, by its encoder"
REFINED = "Atlas, z refined"
OTHER_KEY = "Atlas, heard at another key only"
PRINCIPAL = "PCA, 16 components"
NEAREST = "nearest training note"
_RANDOM_LATENTS = 1000
_PATHS = 500
_RENDERED_LATENTS = 100


def evaluate_atlas(run: Path, features: Features, corpus: Path, seed: int, limit: int | None) -> dict[str, Any]:
    """All figures of a run. `limit` takes only the first that many (shuffled) sounds of each part, for a quick look."""
    model, settings, state = load_atlas(run / BEST)
    split, parts = run_parts(run, features)
    by_file = {sound.file: i for i, sound in enumerate(features.sounds)}
    train = features.select([by_file[file] for file in split.train])
    z_train = encode(model, parts["train"])
    with torch.no_grad():
        divergence = kl_per_dimension(*model.encoder(parts["train"].levels, parts["train"].pitch))
    random = np.random.default_rng(seed)
    l60: dict[str, dict[str, dict[str, float]]] = {}
    for name, files in (("programs", split.programs), ("pitches", split.pitches)):
        some = tuple(sorted(random.permutation(np.array(files))[:limit].tolist()))
        l60[name] = _heard_part(model, features, train, some, corpus, seed)
    scale = attribute_scale(state)
    judged = macro_places(parts["validation"], encode(model, parts["validation"]), seed, 100)
    chosen = choose_macros(model, scale, macro_places(parts["train"], z_train, settings.train.seed), parts["train"].times)
    axes = axis_macros(macro_places(parts["train"], z_train, settings.train.seed, len(z_train)))
    times = parts["train"].times
    return {
        "run": run.name,
        "seed": seed,
        "step": state["step"],
        "sounds": {name: len(files) if limit is None else min(limit, len(files)) for name, files in _counts(split)},
        "l60": l60,
        "macros": {
            "as shipped": _macro_json(macro_quality(model, scale, judged, chosen, times)),
            "latent axes": _macro_json(macro_quality(model, scale, judged, axes, times)),
        },
        "health": measure_health(model, z_train, times, seed, _RANDOM_LATENTS, _PATHS).json(),
        "rendered": _rendered(model, features, z_train, times, seed),
        "latent": {"dimensions": settings.model.latent, "active": int((divergence > ACTIVE_NATS).sum()), "nats": float(divergence.sum())},
        "cost": {"multiply-adds a row": macs_per_row(model)},
    }


def table(report: dict[str, Any]) -> str:
    """The report as text for a terminal."""
    columns = list(report["l60"])
    head = f"{'L60, dB (mean, 95 % interval; attack)':40}" + "".join(f"{column:>30}" for column in columns)
    lines = [f"Run {report['run']}, step {report['step']}, seed {report['seed']}, sounds {report['sounds']}", "", head]
    for row in report["l60"][columns[0]]:
        cells = [report["l60"][column][row] for column in columns]
        texts = [f"{c['mean']:.2f} ({c['low']:.2f}..{c['high']:.2f}; {c['attack']:.2f})" for c in cells]
        lines.append(f"{row:40}" + "".join(f"{text:>30}" for text in texts))
    for name, quality in report["macros"].items():
        lines += ["", f"{'Macros, ' + name:24}{'own rank':>10}{'span, sd':>10}{'leak mean':>11}{'leak worst':>12}"]
        for label, q in quality.items():
            lines.append(f"{label:24}{q['own']:>10.2f}{q['span']:>10.2f}{q['leakageMean']:>11.2f}{q['leakageWorst']:>12.2f}")
    lines += ["", "Latent space: 1,000 random latents; 500 ways between training sounds of 33 points"]
    lines += [f"  {name:28}{value:>10.4f}" for name, value in report["health"].items()]
    lines += [f"  {name:28}{value:>10.4f}" for name, value in report["rendered"].items()]
    latent = report["latent"]
    lines.append(f"  {'active dimensions':28}{latent['active']:>10} of {latent['dimensions']}, {latent['nats']:.1f} nats")
    lines.append(f"  {'multiply-adds a row':28}{report['cost']['multiply-adds a row']:>10}")
    return "\n".join(lines)


def _counts(split: Any) -> list[tuple[str, tuple[str, ...]]]:
    return [("train", split.train), ("validation", split.validation), ("programs", split.programs), ("pitches", split.pitches)]


def _heard_part(
    model: Atlas, features: Features, train: Features, files: tuple[str, ...], corpus: Path, seed: int
) -> dict[str, dict[str, float]]:
    by_file = {sound.file: i for i, sound in enumerate(features.sounds)}
    targets = features.select([by_file[file] for file in files])
    sounds, everything = to_sounds(targets), to_sounds(features)
    z = encode(model, sounds)
    refined = refine(model, sounds, z)
    other = another_key(sounds, everything, [s.instrument for s in targets.sounds], [s.instrument for s in features.sounds])
    z_other = encode(model, everything.at(other))
    times = sounds.times
    predicted = {
        RESYNTHESIS: targets.frames,
        ENCODER: decode(model, z, sounds.pitch, sounds.velocity, times),
        REFINED: decode(model, refined, sounds.pitch, sounds.velocity, times),
        OTHER_KEY: decode(model, z_other, sounds.pitch, sounds.velocity, times),
        PRINCIPAL: pca_frames(train, targets, seed),
        NEAREST: nearest_frames(train, targets),
    }
    return {name: _summary(hear(targets, frames, corpus), seed) for name, frames in predicted.items()}


def _summary(heard: Heard, seed: int) -> dict[str, float]:
    """Mean with a 95 % bootstrap interval over sounds."""
    whole = heard.whole
    draws = np.random.default_rng(seed).integers(len(whole), size=(2000, len(whole)))
    low, high = np.percentile(whole[draws].mean(axis=1), [2.5, 97.5])
    return {
        "mean": round(float(whole.mean()), 4),
        "low": round(float(low), 4),
        "high": round(float(high), 4),
        "median": round(float(np.median(whole)), 4),
        "attack": round(float(heard.attack.mean()), 4),
    }


def _macro_json(quality: MacroQuality) -> dict[str, dict[str, float]]:
    lists = asdict(quality)
    names = {"own": "own", "span": "span", "leakage_worst": "leakageWorst", "leakage_mean": "leakageMean"}
    return {label: {names[key]: round(values[i], 4) for key, values in lists.items()} for i, (label, _) in enumerate(MACROS)}


def _rendered(model: Atlas, features: Features, z_train: torch.Tensor, times: torch.Tensor, seed: int) -> dict[str, float]:
    """A part of the random latents as sound: shares that are silent, clip (a sample beyond 1) or are not numbers."""
    z, pitch, velocity = random_latents(z_train.mean(0), z_train.std(0), _RENDERED_LATENTS, seed)
    frames = decode(model, z, pitch, velocity, times)
    some = features.select([i % len(features.sounds) for i in range(_RENDERED_LATENTS)])
    pitched = tuple(
        type(sound)(**{**sound.__dict__, "entry": {**sound.entry, "pitch": float(p)}}) for sound, p in zip(some.sounds, pitch, strict=True)
    )
    with TemporaryDirectory(prefix="timbrefold-") as scratch:
        sounds = [read_mono(path) for path in play(type(some)(pitched, frames, some.times, some.index), frames, Path(scratch))]
    peaks = np.array([np.abs(sound).max() for sound in sounds])
    finite = np.array([np.isfinite(sound).all() for sound in sounds])
    return {
        "rendered_silent": _share(peaks < 10 ** (-42 / 20)),
        "rendered_clipped": _share(peaks > 1),
        "rendered_not_finite": _share(~finite),
    }


def _share(condition: NDArray[np.bool_]) -> float:
    return float(condition.mean())
