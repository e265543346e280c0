"""The starting presets: blends of map sounds with a few parameters, as a configuration lists them."""

from pathlib import Path
from typing import Any

import numpy as np
from pydantic import Field

from ..errors import UserError
from ..settings import Settings, read_settings
from .sound_map import MapPoint


class PresetSettings(Settings):
    """A preset: its name, the map sounds it is made of with their weights, macros (0..1) by number, parameters by id."""

    name: str
    blend: dict[str, float] = Field(min_length=1)
    macros: dict[int, float] = {}
    parameters: dict[str, float] = {}


class PresetListSettings(Settings):
    """All presets of a bundle."""

    presets: list[PresetSettings] = Field(min_length=1)


def make_presets(path: Path, points: list[MapPoint], model_id: str, decoder_sha256: str) -> list[dict[str, Any]]:
    """The presets of a configuration as preset JSON; raises UserError for a sound that the map lacks."""
    by_name = {point.name: point for point in points}
    return [_preset(p, by_name, model_id, decoder_sha256) for p in read_settings(path, PresetListSettings).presets]


def _preset(settings: PresetSettings, points: dict[str, MapPoint], model_id: str, decoder_sha256: str) -> dict[str, Any]:
    missing = [name for name in settings.blend if name not in points]
    if missing:
        raise UserError(f'The preset "{settings.name}" blends {missing[0]}, which is not on the map ({", ".join(sorted(points))}).')
    weights = np.array(list(settings.blend.values())) / sum(settings.blend.values())
    chosen = [points[name] for name in settings.blend]
    latent = sum((w * point.latent for w, point in zip(weights, chosen, strict=True)), np.zeros_like(chosen[0].latent))
    x = float(sum(w * point.x for w, point in zip(weights, chosen, strict=True)))
    y = float(sum(w * point.y for w, point in zip(weights, chosen, strict=True)))
    return {
        "format": "timbrefold-preset",
        "version": 1,
        "name": settings.name,
        "model": {"id": model_id, "sha256": decoder_sha256},
        "latent": [round(float(v), 5) for v in latent],
        "map": {"x": round(x, 5), "y": round(y, 5)},
        "macros": [settings.macros.get(i + 1, 0.5) for i in range(8)],
        "parameters": settings.parameters,
        "seed": 1,
    }
