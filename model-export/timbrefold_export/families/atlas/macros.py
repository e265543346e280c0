"""The eight macros: directions in the latent space that move one attribute of the decoded sound and leave the others."""

from dataclasses import dataclass

import numpy as np
import torch
from scipy.stats import spearmanr
from torch import Tensor

from .atlas import Atlas
from .attributes import COUNT, AttributeScale, frames_attributes

#: Standard deviations between the 5th and the 95th percentile of a normal attribute: what a macro spans from 0 to 1.
_SPAN = 3.3
#: A macro moves a sound no further than this many standard deviations of the latent space, from its middle to its end.
_FURTHEST = 2.6
#: Dampings of the least-squares solution that are tried, in squared attribute deviations: more keeps less apart but reaches further.
_RIDGES = (0.02, 0.1, 0.4)
#: How much of the span and of the leakage counts beside the rank correlation when candidates are compared.
_JUDGED = 60
_SPAN_WORTH = 0.4
_LEAK_WORTH = 0.7


@dataclass(frozen=True)
class Places:
    """Where macros are fitted and judged: latent vectors [n, dim], pitches and velocities [n]."""

    vector: Tensor
    pitch: Tensor
    velocity: Tensor


def decoded_attributes(model: Atlas, scale: AttributeScale, places: Places, vector: Tensor, times: Tensor) -> Tensor:
    """Attributes [n, 8], in deviations, of what the decoder plays at `vector` for the pitches of `places`."""
    with torch.no_grad():
        frames = model.decoder.play(vector, places.pitch, places.velocity, times.expand(len(vector), -1))
        return scale(frames_attributes(frames, places.pitch, times), places.pitch)


def choose_macros(model: Atlas, scale: AttributeScale, places: Places, times: Tensor) -> Tensor:
    """Offsets [8, dim] of the macros from their middle to 1: for each macro the best of the regularised latent axis, the
    fitted directions, and the ways between, judged at a part of the places by rank, span and leakage."""
    axes = axis_macros(model, places)
    fitted = [fit_macros(model, scale, places, times, ridge) for ridge in _RIDGES]
    candidates = [axes, *fitted, *((axes + one) / 2 for one in fitted)]
    few = Places(places.vector[:_JUDGED], places.pitch[:_JUDGED], places.velocity[:_JUDGED])
    worths = []
    for candidate in candidates:
        q = macro_quality(model, scale, few, candidate, times)
        span = (torch.tensor(q.span) / _SPAN).clamp(max=1)
        leakage = 0.5 * (torch.tensor(q.leakage_mean) + torch.tensor(q.leakage_worst))
        worths.append(torch.tensor(q.own) + _SPAN_WORTH * span - _LEAK_WORTH * leakage.clamp(max=2))
    best = torch.stack(worths).argmax(0)
    return torch.stack(candidates)[best, torch.arange(COUNT)]


def fit_macros(model: Atlas, scale: AttributeScale, places: Places, times: Tensor, ridge: float) -> Tensor:
    """Directions that move one attribute of the decoded sound and not the others, [8, dim].

    The Jacobian of the decoded attributes is measured by finite differences at many sounds, averaged, and inverted in the metric
    of the latents' own spread (the shortest likely step that moves one attribute and none of the others); measured again along the
    steps found, so that it holds for the macro's whole way and not only near its middle. Detail stays as it is.
    """
    spread = _spread(model, places)
    covariance = torch.diag(spread**2)
    latent = model.settings.latent
    reach = 0.5 * spread[:latent]
    basis = torch.zeros(latent, len(spread))
    basis[:, :latent] = torch.diag(reach)
    jacobian = torch.zeros(COUNT, len(spread))
    jacobian[:, :latent] = _jacobian(model, scale, places, basis, times) / reach
    offsets = _invert(jacobian, covariance, ridge)
    for _ in range(3):
        offsets = _limited(offsets, spread)
        measured = _jacobian(model, scale, places, offsets, times)  # [8 attributes, 8 macros]
        # Correct each direction by what it does to the others; half steps keep it from overshooting.
        wanted = torch.diag(torch.diagonal(measured))
        offsets = offsets - 0.5 * ((measured - wanted).T @ _invert(jacobian, covariance, ridge) / (_SPAN / 2))
    gain = torch.diagonal(_jacobian(model, scale, places, _limited(offsets, spread), times))
    offsets = _limited(offsets, spread) * ((_SPAN / 2) / gain.clamp_min(0.3))[:, None].clamp(0.4, 2.0)
    return _limited(offsets, spread)


def _spread(model: Atlas, places: Places) -> Tensor:
    """Deviations of z over the places, [dim]; none in detail."""
    spread = places.vector.std(0)
    spread[model.settings.latent :] = 0
    return spread


def axis_macros(model: Atlas, places: Places) -> Tensor:
    """The alternative: the latent axes that attribute regularisation ordered, [8, dim]."""
    offsets = torch.zeros(COUNT, model.settings.dim)
    offsets[torch.arange(COUNT), torch.arange(COUNT)] = _SPAN / 2 * _spread(model, places)[:COUNT]
    return offsets


@dataclass(frozen=True)
class MacroQuality:
    """Per macro: rank correlation with its attribute along a sweep, change of its attribute from 0 to 1 (in deviations), and the
    largest and mean change of another attribute relative to its own."""

    own: list[float]
    span: list[float]
    leakage_worst: list[float]
    leakage_mean: list[float]


def macro_quality(model: Atlas, scale: AttributeScale, places: Places, offsets: Tensor, times: Tensor) -> MacroQuality:
    """Sweeps every macro from 0 to 1 in nine steps at every place, the others in the middle."""
    steps = torch.linspace(-1, 1, 9)
    own, span, worst, mean = [], [], [], []
    for i in range(COUNT):
        swept = torch.stack([decoded_attributes(model, scale, places, places.vector + s * offsets[i], times) for s in steps])
        ranks = [_rank(steps, swept[:, n, i]) for n in range(len(places.vector))]
        change = (swept[-1] - swept[0]).mean(0)
        others = [abs(float(change[j] / change[i].abs().clamp_min(1e-3))) for j in range(COUNT) if j != i]
        own.append(float(np.mean(ranks)))
        span.append(float(change[i]))
        worst.append(max(others))
        mean.append(float(np.mean(others)))
    return MacroQuality(own, span, worst, mean)


def _rank(steps: Tensor, values: Tensor) -> float:
    """Spearman's correlation; 0 where nothing moves."""
    return 0.0 if float(values.std()) < 1e-6 else float(spearmanr(steps.numpy(), values.numpy())[0])


def _jacobian(model: Atlas, scale: AttributeScale, places: Places, steps: Tensor, times: Tensor) -> Tensor:
    """Half the change of each attribute from -step to +step, averaged over the places: [8, steps]."""
    columns = []
    for step in steps:
        up = decoded_attributes(model, scale, places, places.vector + step, times)
        down = decoded_attributes(model, scale, places, places.vector - step, times)
        columns.append(((up - down) / 2).mean(0))
    return torch.stack(columns, dim=1)


def _invert(jacobian: Tensor, covariance: Tensor, ridge: float) -> Tensor:
    """Offsets [8, dim] that move attribute i by half the span: damped least squares in the metric of `covariance`."""
    inner = jacobian @ covariance @ jacobian.T
    damped = inner + ridge * torch.eye(COUNT)
    inverse: Tensor = covariance @ jacobian.T @ torch.linalg.inv(damped)
    return inverse.T * (_SPAN / 2)


def _limited(offsets: Tensor, spread: Tensor) -> Tensor:
    """Offsets no longer than _FURTHEST deviations, and only where there is spread."""
    inside = torch.where(spread > 0, offsets, torch.zeros_like(offsets))
    length: Tensor = (inside / spread.clamp_min(1e-6)).pow(2).sum(1, keepdim=True).sqrt()
    return inside * (_FURTHEST / length.clamp_min(1e-6)).clamp(max=1)
