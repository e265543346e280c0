"""Pictures for docs/atlas.md: the map, loss curves, latents, and originals beside what Atlas plays."""

import csv
import io
from pathlib import Path
from tempfile import TemporaryDirectory

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image

matplotlib.use("Agg")
import matplotlib.pyplot as plt

from ..export.sound_map import draw_map
from ..families.atlas.data import to_sounds
from ..families.atlas.train import BEST, LOG, load_atlas, run_parts
from ..features import Features
from .hear import play, read_mono
from .predictions import decode, encode

#: One held-out sound of each of these families is shown, as far as the split holds them out.
_SHOWN = 6
_INK = "#24303a"


def draw_pictures(run: Path, features: Features, corpus: Path, folder: Path) -> list[Path]:
    """Writes the pictures and returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    plt.rcParams.update({"font.size": 8, "axes.edgecolor": _INK, "text.color": _INK, "axes.labelcolor": _INK, "figure.dpi": 80})
    drawn = [
        _curves(run / LOG, folder / "atlas-losses.png"),
        _map(run, features, folder / "atlas-map.png"),
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
    for name in ("mel", "level", "kl"):
        right.plot(steps, [float(row[name]) for row in rows], label={"kl": "divergence, nats"}.get(name, f"{name}, dB"))
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
        axes.scatter([p.x for p in members], [p.y for p in members], s=22, color=colour, label=family)
        for point in members:
            axes.annotate(point.name, (point.x, point.y), xytext=(0, 4), textcoords="offset points", fontsize=5, ha="center")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.02), ncols=5, frameon=False)
    axes.set(xlim=(0, 1), ylim=(0, 1), xticks=[], yticks=[])
    return _save(figure, path)


def _pairs(run: Path, features: Features, corpus: Path, path: Path) -> Path:
    model, _, _ = load_atlas(run / BEST)
    split, _ = run_parts(run, features)
    held, families = set(split.programs), set[str]()
    chosen: list[int] = []
    for i, sound in enumerate(features.sounds):
        if sound.file in held and sound.family not in families and 45 <= sound.key <= 84 and len(chosen) < _SHOWN:
            families.add(sound.family)
            chosen.append(i)
    targets = features.select(chosen)
    sounds = to_sounds(targets)
    frames = decode(model, encode(model, sounds), sounds.pitch, sounds.velocity, sounds.times)
    with TemporaryDirectory(prefix="timbrefold-") as scratch:
        played = [read_mono(file) for file in play(targets, frames, Path(scratch))]
    figure, grid = plt.subplots(2, len(chosen), figsize=(12, 5), layout="constrained", sharex=True, sharey=True)
    for column, (sound, other) in enumerate(zip(targets.sounds, played, strict=True)):
        _spectrogram(grid[0, column], read_mono(corpus / sound.file), f"{sound.title}, key {sound.key}")
        _spectrogram(grid[1, column], other, "Atlas")
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
