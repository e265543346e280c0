"""The time of a note as Atlas sees it: logarithmic from the onset to the last frame of the features."""

import torch
from torch import Tensor

#: Time scale of the frame grid (docs/contracts.md): t_j = A (exp(j ln(1 + T / A) / 47) - 1).
TIME_SCALE_SECONDS = 0.04
MAX_SECONDS = 3.0
FRAMES = 48
BASES = 16


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


def along(curve: Tensor, tau: Tensor) -> Tensor:
    """Curves [n, FRAMES] given at the frame times, between them by straight lines over logarithmic time: at tau [n, t] -> [n, t]."""
    frame = torch.arange(FRAMES, dtype=tau.dtype, device=tau.device)
    share = torch.relu(1 - torch.abs(late_share(tau)[..., None] * (FRAMES - 1) - frame))
    return (share * curve[:, None]).sum(-1)
