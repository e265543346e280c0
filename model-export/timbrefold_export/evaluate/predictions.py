"""Frames that Atlas plays for held-out sounds: by its encoder, after refinement, and from another key of the instrument."""

import warnings
from typing import Any

import numpy as np
import onnxruntime
import torch
from numpy.typing import NDArray
from scipy.optimize import minimize
from torch import Tensor
from tqdm import tqdm

from ..export.graphs import refine_graph
from ..families.atlas.atlas import Atlas
from ..families.atlas.data import Sounds
from ..features import Frames

#: What `timbrefold encode --refine` takes at the most (plugin/analysis/encode.ts).
_REFINE_STEPS = 80
_BATCH = 256


def encode(model: Atlas, sounds: Sounds) -> Tensor:
    """Latent vectors by the encoder (means of z, and detail), [n, dim]."""
    with torch.no_grad():
        parts = [model.encode(some) for some in sounds.batches()]
    return torch.cat(parts)


def without_detail(model: Atlas, vector: Tensor) -> Tensor:
    """The same vectors, z alone."""
    plain = vector.clone()
    plain[:, model.settings.latent :] = 0
    return plain


def decode(model: Atlas, vector: Tensor, pitch: Tensor, velocity: Tensor, times: Tensor) -> Frames:
    """Frames [n, 48, COLUMNS] as the bundle's decoder gives them, at the feature times."""
    parts = []
    with torch.no_grad():
        for at in range(0, len(vector), _BATCH):
            some = slice(at, at + _BATCH)
            parts.append(model.decoder.play(vector[some], pitch[some], velocity[some], times.expand(len(vector[some]), -1)))
    return np.asarray(torch.cat(parts).numpy(), dtype=np.float32)


def refine(model: Atlas, sounds: Sounds, vector: Tensor, detail: bool) -> Tensor:
    """Vectors after L-BFGS down the bundle's refine graph, run by ONNX Runtime as for a player; with `detail` false only z moves."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter warns about itself
        session = onnxruntime.InferenceSession(refine_graph(model, sounds.times), options, providers=["CPUExecutionProvider"])
    moving = model.settings.dim if detail else model.settings.latent
    what = "z and detail" if detail else "z"
    found = [
        _refined(session, sounds.at(torch.tensor([i])), vector[i].numpy(), moving)
        for i in tqdm(range(len(sounds)), desc=f"Refining {what}", unit="sound", mininterval=5)
    ]
    return torch.from_numpy(np.stack(found))


def _refined(session: Any, sound: Sounds, vector: NDArray[np.float32], moving: int) -> NDArray[np.float32]:
    """One sound's vector with its first `moving` numbers walked down the loss."""
    given = {"pitch": sound.pitch.numpy(), "velocity": sound.velocity.numpy(), "target": sound.frames.numpy()}

    def loss(free: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        z = np.concatenate([free.astype(np.float32), vector[moving:]])[None]
        value, gradient = session.run(None, {"z": z, **given})
        return float(value), gradient[0, :moving].astype(np.float64)

    best = minimize(loss, vector[:moving].astype(np.float64), jac=True, method="L-BFGS-B", options={"maxiter": _REFINE_STEPS})
    return np.concatenate([best.x.astype(np.float32), vector[moving:]])


def another_key(sounds: Sounds, everything: Sounds, instruments: list[str], all_instruments: list[str]) -> Tensor:
    """For each sound the place in `everything` of the same instrument's nearest other pitch (itself where there is none)."""
    places = []
    for i, instrument in enumerate(instruments):
        same = [j for j, other in enumerate(all_instruments) if other == instrument]
        gaps = [(abs(float(everything.pitch[j] - sounds.pitch[i])), j) for j in same]
        others = [(gap, j) for gap, j in gaps if gap > 0.5]
        places.append(min(others or gaps)[1])
    return torch.tensor(places)
