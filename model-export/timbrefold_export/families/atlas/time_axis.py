"""The time of a note as Atlas sees it: logarithmic from the onset to the last frame of the features."""

import math

import torch
from torch import Tensor

#: Time scale of the frame grid (docs/contracts.md): t_j = A (exp(j ln(1 + T / A) / 47) - 1).
TIME_SCALE_SECONDS = 0.04
MAX_SECONDS = 3.0
FRAMES = 48
BASES = 16


def spans(like: Tensor) -> Tensor:
    """How long each frame lasts, seconds, [FRAMES]: half of the way to either neighbour."""
    share = torch.arange(FRAMES, dtype=like.dtype, device=like.device) / (FRAMES - 1)
    scale = float(math.log1p(MAX_SECONDS / TIME_SCALE_SECONDS))
    times = TIME_SCALE_SECONDS * (torch.exp(share * scale) - 1)
    edges = torch.cat([times[:1], (times[1:] + times[:-1]) / 2, times[-1:]])
    return edges[1:] - edges[:-1]


def in_tune(cents: Tensor, loudness: Tensor) -> Tensor:
    """f0 over time [n, FRAMES] in cents, moved so that its mean is 0, each frame counting by its amplitude (loudness [n, FRAMES] in dB of
    power) and by how long it lasts: what a player hears as the note's pitch is the key's."""
    heard = torch.exp((loudness - loudness.amax(1, keepdim=True)) * (math.log(10) / 20)) * spans(loudness)
    return cents - (cents * heard).sum(1, keepdim=True) / heard.sum(1, keepdim=True)


def late_share(tau: Tensor) -> Tensor:
    """How late in the note a time in seconds is, on the logarithmic scale of the frames: 0 at the onset, 1 at MAX_SECONDS."""
    scale = torch.log1p(torch.tensor(MAX_SECONDS / TIME_SCALE_SECONDS))
    return torch.log1p(tau.clamp(0.0, MAX_SECONDS) / TIME_SCALE_SECONDS) / scale.to(tau)


def time_features(tau: Tensor) -> Tensor:
    """Features of note time in seconds: [..] -> [.., BASES + 2]: radial bases on log time, log time, time."""
    u = late_share(tau)
    centres = torch.linspace(0, 1, BASES, dtype=tau.dtype, device=tau.device)
    bases = torch.exp(-0.5 * ((u[..., None] - centres) * (BASES - 1)) ** 2)
    return torch.cat([bases, u[..., None], tau.clamp(0.0, MAX_SECONDS)[..., None] / MAX_SECONDS], dim=-1)


def frame_shares(late: Tensor) -> Tensor:
    """How much each frame time counts at late [.., 1] (`late_share`), in straight lines over logarithmic time: [.., FRAMES], sum 1."""
    frame = torch.arange(FRAMES, dtype=late.dtype, device=late.device)
    return torch.relu(1 - torch.abs(late * (FRAMES - 1) - frame))


def along(curve: Tensor, tau: Tensor) -> Tensor:
    """Curves [n, FRAMES] given at the frame times, at times between them tau [n, t] seconds -> [n, t]."""
    return (frame_shares(late_share(tau)[..., None]) * curve[:, None]).sum(-1)
