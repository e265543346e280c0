"""The starting presets: blends of map sounds with a few parameters, as a configuration lists them."""

from pathlib import Path
from typing import Any

import numpy as np
from pydantic import Field

from ..errors import UserError
from ..settings import Settings, read_settings
from .sound_map import MapPoint, short_numbers


class PresetSettings(Settings):
    """A preset: its name, the words by which a browser of presets finds it, the map sounds it is made of with their weights, macros (0..1)
    by number, parameters by id."""

    name: str
    tags: list[str] = []
    blend: dict[str, float] = Field(min_length=1)
    macros: dict[int, float] = {}
    #: Where `releaseMs` is not given, notes end as the model says.
    parameters: dict[str, float] = {}


class PresetListSettings(Settings):
    """All presets of a bundle."""

    presets: list[PresetSettings] = Field(min_length=1)


def make_presets(path: Path, points: list[MapPoint], model_id: str, decoder_sha256: str) -> list[dict[str, Any]]:
    """The presets of a configuration as preset JSON; raises UserError for a sound that the map lacks and for a name that comes twice."""
    by_name = {point.name: point for point in points}
    listed = read_settings(path, PresetListSettings).presets
    names = [preset.name for preset in listed]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise UserError(f'{path} has the preset "{twice[0]}" twice; every preset needs a name of its own.')
    return [_preset(preset, by_name, model_id, decoder_sha256) for preset in listed]


def _preset(settings: PresetSettings, points: dict[str, MapPoint], model_id: str, decoder_sha256: str) -> dict[str, Any]:
    missing = [name for name in settings.blend if name not in points]
    if missing:
        raise UserError(f'The preset "{settings.name}" blends {missing[0]}, which is not on the map ({", ".join(sorted(points))}).')
    weights = np.array(list(settings.blend.values())) / sum(settings.blend.values())
    chosen = [points[name] for name in settings.blend]
    latent = sum((w * point.latent for w, point in zip(weights, chosen, strict=True)), np.zeros_like(chosen[0].latent))
    x = float(sum(w * point.x for w, point in zip(weights, chosen, strict=True)))
    y = float(sum(w * point.y for w, point in zip(weights, chosen, strict=True)))
    parameters = dict(settings.parameters)
    if "releaseMs" in parameters:
        # A release that is asked for is meant as it stands, whatever the model's own is.
        parameters.setdefault("naturalRelease", 0.0)
    return {
        "format": "timbrefold-preset",
        "version": 1,
        "name": settings.name,
        "model": {"id": model_id, "sha256": decoder_sha256},
        "latent": short_numbers(latent),
        "map": {"x": round(x, 5), "y": round(y, 5)},
        "macros": [settings.macros.get(i + 1, 0.5) for i in range(8)],
        "parameters": parameters,
        "seed": 1,
        **({"tags": settings.tags} if settings.tags else {}),
    }
