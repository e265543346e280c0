"""Frames that Atlas plays for held-out sounds: by its encoder, after refinement, and from another key of the instrument."""

import numpy as np
import torch
from torch import Tensor
from tqdm import tqdm

from ..export.graphs import RefineLoss
from ..families.atlas.data import Sounds
from ..families.atlas.model import Atlas
from ..features import COLUMNS, Frames

_REFINE_STEPS = 40


def encode(model: Atlas, sounds: Sounds) -> Tensor:
    """Means of the encoder, [n, latent]."""
    with torch.no_grad():
        z: Tensor = model.encoder(sounds.levels, sounds.pitch)[0]
    return z


def decode(model: Atlas, z: Tensor, pitch: Tensor, velocity: Tensor, times: Tensor) -> Frames:
    """Frames [n, 48, COLUMNS] as the bundle's decoder gives them, at the feature times; what the decoder does not give is 0."""
    with torch.no_grad():
        played = model.decoder.play(z, pitch, velocity, times.expand(len(z), -1))
    return np.concatenate([played.numpy(), np.zeros((*played.shape[:2], COLUMNS - played.shape[2]), dtype=np.float32)], axis=2)


def refine(model: Atlas, sounds: Sounds, z: Tensor) -> Tensor:
    """Latents after L-BFGS on the loss that the bundle's refine graph computes, one sound at a time."""
    loss = RefineLoss(model, sounds.times)
    found = []
    for i in tqdm(range(len(sounds)), desc="Refining", unit="sound"):
        one = sounds.at(torch.tensor([i]))
        at = z[i : i + 1].clone().requires_grad_(True)
        optimiser = torch.optim.LBFGS([at], max_iter=_REFINE_STEPS, history_size=8, line_search_fn="strong_wolfe")

        def closure(one: Sounds = one, at: Tensor = at, optimiser: torch.optim.LBFGS = optimiser) -> float:
            optimiser.zero_grad()
            value = loss(at, one.pitch, one.velocity, one.levels)
            value.backward()
            return float(value.detach())

        optimiser.step(closure)  # type: ignore[no-untyped-call]
        found.append(at.detach())
    return torch.cat(found)


def another_key(sounds: Sounds, everything: Sounds, instruments: list[str], all_instruments: list[str]) -> Tensor:
    """For each sound the place in `everything` of the same instrument's nearest other pitch (itself where there is none)."""
    places = []
    for i, instrument in enumerate(instruments):
        same = [j for j, other in enumerate(all_instruments) if other == instrument]
        gaps = [(abs(float(everything.pitch[j] - sounds.pitch[i])), j) for j in same]
        others = [(gap, j) for gap, j in gaps if gap > 0.5]
        places.append(min(others or gaps)[1])
    return torch.tensor(places)
