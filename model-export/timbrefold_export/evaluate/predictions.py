"""Frames that Atlas plays for held-out sounds: by its encoder, after refinement, and from another key of the instrument."""

import numpy as np
import torch
from torch import Tensor
from tqdm import tqdm

from ..export.graphs import RefineLoss
from ..families.atlas.atlas import Atlas
from ..families.atlas.data import Sounds
from ..families.atlas.model import HEARD
from ..features import COLUMNS, Frames

#: What `timbrefold encode --refine` takes at the most (plugin/analysis/encode.ts).
_REFINE_STEPS = 80
_BATCH = 256


def encode(model: Atlas, sounds: Sounds) -> Tensor:
    """Latent vectors by the encoder (means of z, and detail), [n, dim]."""
    with torch.no_grad():
        parts = [model.encode(sounds.at(at)) for at in torch.arange(len(sounds)).split(_BATCH)]
    return torch.cat(parts)


def without_detail(model: Atlas, vector: Tensor) -> Tensor:
    """The same vectors, z alone."""
    plain = vector.clone()
    plain[:, model.settings.latent :] = 0
    return plain


def decode(model: Atlas, vector: Tensor, pitch: Tensor, velocity: Tensor, times: Tensor) -> Frames:
    """Frames [n, 48, COLUMNS] as the bundle's decoder gives them, at the feature times; no release."""
    parts = []
    with torch.no_grad():
        for at in range(0, len(vector), _BATCH):
            some = slice(at, at + _BATCH)
            parts.append(model.decoder.play(vector[some], pitch[some], velocity[some], times.expand(len(vector[some]), -1)))
    frames = torch.nn.functional.pad(torch.cat(parts), (0, COLUMNS - HEARD))
    return np.asarray(frames.numpy(), dtype=np.float32)


def refine(model: Atlas, sounds: Sounds, vector: Tensor, detail: bool) -> Tensor:
    """Vectors after L-BFGS on the loss that the bundle's refine graph computes, one sound at a time; with `detail` false only z moves."""
    loss = RefineLoss(model, sounds.times)
    found = [
        _refined(loss, sounds.at(torch.tensor([i])), vector[i : i + 1], model.settings.dim if detail else model.settings.latent)
        for i in tqdm(range(len(sounds)), desc="Refining z and detail" if detail else "Refining z", unit="sound")
    ]
    return torch.cat(found)


def _refined(loss: RefineLoss, sound: Sounds, vector: Tensor, moving: int) -> Tensor:
    """One sound's vector with its first `moving` numbers walked down the loss."""
    free, fixed = vector[:, :moving].clone().requires_grad_(True), vector[:, moving:]
    optimiser = torch.optim.LBFGS([free], max_iter=_REFINE_STEPS, history_size=8, line_search_fn="strong_wolfe")

    def closure() -> float:
        optimiser.zero_grad()
        value = loss(torch.cat([free, fixed], dim=1), sound.pitch, sound.velocity, sound.frames)
        value.backward()
        return float(value.detach())

    optimiser.step(closure)  # type: ignore[no-untyped-call]
    return torch.cat([free.detach(), fixed], dim=1)


def another_key(sounds: Sounds, everything: Sounds, instruments: list[str], all_instruments: list[str]) -> Tensor:
    """For each sound the place in `everything` of the same instrument's nearest other pitch (itself where there is none)."""
    places = []
    for i, instrument in enumerate(instruments):
        same = [j for j, other in enumerate(all_instruments) if other == instrument]
        gaps = [(abs(float(everything.pitch[j] - sounds.pitch[i])), j) for j in same]
        others = [(gap, j) for gap, j in gaps if gap > 0.5]
        places.append(min(others or gaps)[1])
    return torch.tensor(places)
