"""The map: one point per instrument of the training set, near what sounds alike, families together, no two on top of each other."""

import re
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.manifold import TSNE

from ..families.atlas.data import to_sounds
from ..families.atlas.model import Atlas
from ..features import Features

Floats = NDArray[np.float64]

_MARGIN = 0.03
#: Two instruments of one name nearer than this (deviations of the latent space) are one point.
_TWIN = 1.5
#: How much belonging to a family counts beside how a sound is placed in the latent space.
_FAMILY_PULL = 1.2

# Soundfont names as a musician would write them.
_WORDS = (
    (r"\bYamaha\b", ""), (r"\bRhodes\b", "Tine"), (r"\bLegend\b", "Reed"), (r"\bAccordian\b", "Accordion"), (r"\bAhh\b", "Aah"),
    (r"\bTinker\b", "Tinkle"), (r"DrawbarOrgan", "Drawbar Organ"), (r"BagPipe", "Bagpipe"), (r"\bEP\b", "Electric Piano"),
    (r"Trem\b", "Tremolo"), (r"\bStrings Fast\b", "Strings"), (r"\bTine Electric Piano\b", "Tine Piano"), (r"\b5th\b", "Fifth"),
)  # fmt: skip


@dataclass(frozen=True)
class MapPoint:
    """A sound of the map: place in 0..1, latent."""

    name: str
    family: str
    x: float
    y: float
    latent: Floats

    def json(self) -> dict[str, object]:
        """As map.json has it."""
        latent = [round(float(v), 5) for v in self.latent]
        return {"name": self.name, "family": self.family, "x": round(self.x, 5), "y": round(self.y, 5), "latent": latent}


def draw_map(model: Atlas, features: Features, files: tuple[str, ...], seed: int) -> list[MapPoint]:
    """Points of the instruments that `files` belong to, sorted by family and name."""
    wanted = set(files)
    chosen = features.select([i for i, sound in enumerate(features.sounds) if sound.file in wanted])
    sounds = to_sounds(chosen)
    with torch.no_grad():
        z = model.encoder(sounds.levels, sounds.pitch)[0].numpy().astype(np.float64)
    spread = z.std(axis=0)
    members: dict[str, list[int]] = {}
    for i, sound in enumerate(chosen.sounds):
        members.setdefault(sound.instrument, []).append(i)
    named: dict[str, list[tuple[str, Floats]]] = {}
    for places in members.values():
        sound = chosen.sounds[places[0]]
        latent = z[places].mean(axis=0)
        versions = named.setdefault(plain_name(sound.title), [])
        if all(np.linalg.norm((latent - other) / spread) > _TWIN for _, other in versions):
            versions.append((sound.family, latent))
    entries = sorted(
        (family, name if turn == 0 else f"{name} {'I' * (turn + 1)}", latent)
        for name, versions in named.items()
        for turn, (family, latent) in enumerate(versions)
    )
    latents = np.stack([latent for _, _, latent in entries])
    families = [family for family, _, _ in entries]
    place = _arrange(latents / spread, families, seed)
    return [MapPoint(name, family, float(x), float(y), latent) for (family, name, latent), (x, y) in zip(entries, place, strict=True)]


def plain_name(title: str) -> str:
    """A soundfont's preset name as a musician would write it."""
    for pattern, plain in _WORDS:
        title = re.sub(pattern, plain, title)
    return re.sub(r"\s+", " ", title).strip()


def _arrange(latents: Floats, families: list[str], seed: int) -> Floats:
    kinds = sorted(set(families))
    belongs = np.array([[family == kind for kind in kinds] for family in families], dtype=np.float64)
    space = np.concatenate([latents, _FAMILY_PULL * np.sqrt(latents.shape[1] / 4) * belongs], axis=1)
    count = len(space)
    if count < 5:
        raise ValueError("A map needs at least five instruments.")
    start = TSNE(perplexity=min(15, (count - 1) / 3), init="pca", random_state=seed).fit_transform(space)
    # Ranks spread the crowded middle; half of the way keeps neighbourhoods as they are.
    ranks = start.argsort(axis=0).argsort(axis=0) / (count - 1)
    scaled = (start - start.min(axis=0)) / np.ptp(start, axis=0)
    place = 0.5 * ranks + 0.5 * scaled
    return _push_apart(place, 0.75 / np.sqrt(count), np.random.default_rng(seed))


def _push_apart(place: Floats, distance: float, random: np.random.Generator) -> Floats:
    """Moves points that are closer than `distance` away from each other, inside the margins."""
    place = place + random.normal(scale=1e-4, size=place.shape)
    for _ in range(300):
        step = place[:, None] - place[None]
        gap = np.sqrt((step**2).sum(axis=2)) + 1e-9
        push = np.maximum(0, distance - gap) / gap * 0.25
        np.fill_diagonal(push, 0)
        place = place + (step * push[:, :, None]).sum(axis=1)
        place = np.clip(place, 0, 1)
    low, high = place.min(axis=0), place.max(axis=0)
    return np.asarray(_MARGIN + (1 - 2 * _MARGIN) * (place - low) / (high - low))
