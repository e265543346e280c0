"""Pictures for docs/atlas.md: the map, loss curves, latents, and originals beside what Atlas plays."""

import csv
import io
import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import matplotlib
import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image

matplotlib.use("Agg")
import matplotlib.pyplot as plt

from ..export.sound_map import draw_map
from ..families.atlas.attributes import MACROS
from ..families.atlas.data import to_sounds
from ..families.atlas.losses import kl_per_dimension
from ..families.atlas.train import ACTIVE_NATS, BEST, LOG, load_atlas, run_parts
from ..features import Features
from .hear import play, read_mono
from .predictions import decode, encode

#: So many held-out sounds are shown, of as many families as the split holds out, in rows of so many.
_SHOWN = 12
_IN_A_ROW = 6
_INK = "#24303a"


def draw_pictures(run: Path, features: Features, corpus: Path, folder: Path) -> list[Path]:
    """Writes the pictures and returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    plt.rcParams.update({"font.size": 8, "axes.edgecolor": _INK, "text.color": _INK, "axes.labelcolor": _INK, "figure.dpi": 80})
    drawn = [
        _curves(run / LOG, folder / "atlas-losses.png"),
        _map(run, features, folder / "atlas-map.png"),
        _latents(run, features, folder / "atlas-latents.png"),
        _pairs(run, features, corpus, folder / "atlas-pairs.png"),
    ]
    plt.close("all")
    return drawn


def _curves(log: Path, path: Path) -> Path:
    with log.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    steps = [int(float(row["step"])) for row in rows]
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.2), layout="constrained")
    for name, label in (("train_mel", "training sounds"), ("validation_mel", "validation programs")):
        left.plot(steps, [float(row[name]) for row in rows], label=label)
    left.set(xlabel="step", ylabel="mel distance, dB", title="By the encoder, from frames")
    labels = {"kl": "divergence, nats", "swell": "late rise, dB", "steps": "uneven steps, dB", "macros": "macros, deviations"}
    for name in ("mel", "level", "loudness", "kl", "swell", "steps", "macros"):
        right.plot(steps, [float(row[name]) for row in rows], label=labels.get(name, f"{name}, dB"))
    right.set(xlabel="step", yscale="log", title="Parts of the loss, augmented training pairs")
    for axes in (left, right):
        axes.legend(frameon=False)
        axes.grid(alpha=0.2)
    return _save(figure, path)


def _map(run: Path, features: Features, path: Path) -> Path:
    model, settings, _ = load_atlas(run / BEST)
    split, _ = run_parts(run, features)
    points = draw_map(model, features, split.train, settings.train.seed)
    families = sorted({point.family for point in points})
    colours = plt.get_cmap("tab20")(np.linspace(0, 1, len(families)))
    figure, axes = plt.subplots(figsize=(10, 8.5), layout="constrained")
    for family, colour in zip(families, colours, strict=True):
        members = [point for point in points if point.family == family]
        axes.scatter([p.x for p in members], [p.y for p in members], s=14, color=colour, label=family)
        # Of an instrument's notes only the most typical one is written out: it has no key in its name.
        for point in members:
            if not re.search(r"[A-G]#?\d( soft)?$", point.name):
                axes.annotate(point.name, (point.x, point.y), xytext=(0, 4), textcoords="offset points", fontsize=4.5, ha="center")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.02), ncols=5, frameon=False)
    axes.set(xlim=(0, 1), ylim=(0, 1), xticks=[], yticks=[])
    return _save(figure, path)


def _latents(run: Path, features: Features, path: Path) -> Path:
    """What each dimension of z carries, how the training sounds lie along it, and four pairs of dimensions by family."""
    model, settings, _ = load_atlas(run / BEST)
    split, parts = run_parts(run, features)
    train = parts["train"]
    with torch.no_grad():
        mean, log_variance = model.encoder(train.frames, train.pitch)
    z, count = mean.numpy(), settings.model.latent
    divergence = kl_per_dimension(mean, log_variance).numpy()
    known = set(split.train)
    family = np.array([sound.family for sound in features.sounds if sound.file in known])
    kinds = sorted(set(family))
    colours = plt.get_cmap("tab20")(np.linspace(0, 1, len(kinds)))
    figure = plt.figure(figsize=(12, 7), layout="constrained")
    halves: Any = figure.subfigures(2, 1, height_ratios=[1, 1.3])
    upper, lower = halves
    bars, spread = upper.subplots(1, 2)
    bars.bar(range(1, count + 1), divergence, color=_INK)
    bars.axhline(ACTIVE_NATS, color="tab:red", lw=0.8)
    bars.set(xlabel="dimension of z", ylabel="divergence, nats", title="What each dimension carries (red: the least that counts)")
    spread.violinplot(list(z.T), positions=range(1, count + 1), showextrema=False, widths=0.9)
    spread.set(xlabel="dimension of z", ylabel="mean of z", title="Training sounds along each dimension")
    for axes, (a, b) in zip(lower.subplots(1, 4), ((0, 1), (2, 3), (4, 5), (6, 7)), strict=True):
        for kind, colour in zip(kinds, colours, strict=True):
            some = z[family == kind]
            axes.scatter(some[:, a], some[:, b], s=3, color=colour, label=kind)
        axes.set(xlabel=f"{a + 1}: {MACROS[a][0]}", ylabel=f"{b + 1}: {MACROS[b][0]}")
    handles, labels = axes.get_legend_handles_labels()
    lower.legend(handles, labels, loc="outside lower center", ncols=8, frameon=False, markerscale=3)
    return _save(figure, path)


def _pairs(run: Path, features: Features, corpus: Path, path: Path) -> Path:
    model, _, _ = load_atlas(run / BEST)
    split, _ = run_parts(run, features)
    held = set(split.programs)
    shown = [i for i, sound in enumerate(features.sounds) if sound.file in held and 45 <= sound.key <= 84]
    families = set[str]()
    first: list[int] = []
    for i in shown:
        if features.sounds[i].family not in families:
            families.add(features.sounds[i].family)
            first.append(i)
    notes = {(features.sounds[i].title, features.sounds[i].key) for i in first}
    others = [i for i in shown if (features.sounds[i].title, features.sounds[i].key) not in notes and features.sounds[i].velocity > 0.5]
    chosen = (first + others[:: max(1, len(others) // _SHOWN)])[:_SHOWN]
    targets = features.select(chosen)
    sounds = to_sounds(targets)
    frames = decode(model, encode(model, sounds), sounds.pitch, sounds.velocity, sounds.times)
    with TemporaryDirectory(prefix="timbrefold-") as scratch:
        played = [read_mono(file) for file in play(targets, frames, Path(scratch))]
    rows = -(-len(chosen) // _IN_A_ROW)
    figure, grid = plt.subplots(2 * rows, _IN_A_ROW, figsize=(13, 4.2 * rows), layout="constrained", sharex=True, sharey=True)
    for place, (sound, other) in enumerate(zip(targets.sounds, played, strict=True)):
        row, column = divmod(place, _IN_A_ROW)
        _spectrogram(grid[2 * row, column], read_mono(corpus / sound.file), f"{sound.title}, key {sound.key}")
        _spectrogram(grid[2 * row + 1, column], other, "Atlas")
    return _save(figure, path)


def _spectrogram(axes: Axes, sound: np.ndarray, title: str) -> None:
    sound = sound[: 2 * 48000] / max(1e-9, float(np.abs(sound).max())) + 1e-9
    axes.specgram(sound, NFFT=2048, Fs=48000, noverlap=1536, vmin=-150, vmax=-40, cmap="magma")
    axes.set(ylim=(0, 8000), title=title)


def _save(figure: Figure, path: Path) -> Path:
    """Writes a PNG of 128 colours: a third of the size, and no difference that an eye would see."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    Image.open(buffer).convert("RGB").quantize(128).save(path, optimize=True)
    return path
