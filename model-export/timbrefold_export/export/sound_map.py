"""The map: every instrument of the training set and those of its notes that differ most, near what sounds alike, families together,
no two on top of each other."""

import re
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.manifold import TSNE

from ..families.atlas.atlas import Atlas
from ..families.atlas.data import to_sounds
from ..features import Features

Floats = NDArray[np.float64]

#: So many points, where the training set has as many notes.
POINTS = 960
_MARGIN = 0.03
#: Notes softer than this are called soft.
_SOFT = 0.5
_KEYS = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
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
    """A sound of the map: place in 0..1 and latent vector."""

    name: str
    family: str
    x: float
    y: float
    latent: Floats

    def json(self) -> dict[str, object]:
        """As map.json has it."""
        latent = short_numbers(self.latent)
        return {"name": self.name, "family": self.family, "x": round(self.x, 5), "y": round(self.y, 5), "latent": latent}


def short_numbers(values: Floats) -> list[float]:
    """Numbers to four significant digits."""
    return [float(f"{float(v):.4g}") for v in values]


@dataclass(frozen=True)
class _Note:
    """A note of the training set: name of its instrument, where it stands among the sounds, its vector."""

    name: str
    place: int
    vector: Floats


def draw_map(model: Atlas, features: Features, files: tuple[str, ...], seed: int, count: int = POINTS) -> list[MapPoint]:
    """Points of the sounds `files`, sorted by family and name: each instrument by its most typical note, and further notes in the order
    of how far they lie from the points that their instrument already has, until there are `count`."""
    wanted = set(files)
    chosen = features.select([i for i, sound in enumerate(features.sounds) if sound.file in wanted])
    sounds = to_sounds(chosen)
    with torch.no_grad():
        parts = [model.encode(some) for some in sounds.batches()]
    vectors = torch.cat(parts).numpy().astype(np.float64)
    z = vectors[:, : model.settings.latent]
    space = z / z.std(axis=0)
    members: dict[str, list[int]] = {}
    for i, sound in enumerate(chosen.sounds):
        members.setdefault(sound.instrument, []).append(i)
    heads: dict[str, list[int]] = {}
    points: list[tuple[str, int]] = []
    others: list[tuple[float, str, int]] = []
    for places in members.values():
        name = plain_name(chosen.sounds[places[0]].title)
        head = places[int(np.argmin(np.linalg.norm(space[places] - space[places].mean(axis=0), axis=1)))]
        versions = heads.setdefault(name, [])
        if all(np.linalg.norm(space[head] - space[other]) > _TWIN for other in versions):
            versions.append(head)
            name = name if len(versions) == 1 else f"{name} {'I' * len(versions)}"
            points.append((name, head))
            others += _by_difference(name, space, head, places)
    others.sort(key=lambda entry: (-entry[0], entry[2]))
    points += [(name, place) for _, name, place in others[: max(0, count - len(points))]]
    named = _named(points, {head for versions in heads.values() for head in versions}, chosen)
    entries = sorted((chosen.sounds[place].family, name, place) for name, place in named)
    order = [place for _, _, place in entries]
    families = [family for family, _, _ in entries]
    at = _arrange(space[order], families, seed)
    return [MapPoint(name, family, float(x), float(y), vectors[place]) for (family, name, place), (x, y) in zip(entries, at, strict=True)]


def _by_difference(name: str, space: Floats, head: int, places: list[int]) -> list[tuple[float, str, int]]:
    """The other notes of an instrument, each with its distance from the nearest note taken before it (farthest first)."""
    distance = np.linalg.norm(space[places] - space[head], axis=1)
    found = []
    for _ in range(len(places) - 1):
        far = int(np.argmax(distance))
        found.append((float(distance[far]), name, places[far]))
        distance = np.minimum(distance, np.linalg.norm(space[places] - space[places[far]], axis=1))
    return found


def _named(points: list[tuple[str, int]], heads: set[int], features: Features) -> list[tuple[str, int]]:
    """Names of the points: the instrument's own for its first note, with key and softness for the others."""
    named: list[tuple[str, int]] = []
    taken: set[str] = set()
    for instrument, place in points:
        sound = features.sounds[place]
        name = instrument if place in heads else f"{instrument} {key_name(sound.key)}{' soft' if sound.velocity < _SOFT else ''}"
        if name not in taken:
            taken.add(name)
            named.append((name, place))
    return named


def key_name(key: int) -> str:
    """A MIDI note as musicians write it: 60 is C4."""
    return f"{_KEYS[key % 12]}{key // 12 - 1}"


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
