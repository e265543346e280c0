"""Detail: what makes a sound that very sound, beyond its z: offsets of everything a frame holds, each a weighted sum of shapes.

No part of it is trained: `rest.py` finds the shapes and their scales. In a detail vector stand, in this order: components of the levels
(which change over the note between an onset and an end), of the loudness curve, of the cents and vibrato depth over time, of the
detunes; then vibrato rate, inharmonicity and release, a number each.
"""

from typing import NamedTuple

import torch
from torch import Tensor, nn

from ...features import DETUNES, INHARMONICITY
from .time_axis import FRAMES, along, late_share

#: Numbers of detail for loudness, cents, vibrato depth and detunes.
LOUDNESS, CENTS, DEPTH, BENDS = 24, 20, 4, 14
#: What a unit of the last numbers stands for: Hz of vibrato rate, log inharmonicity, log release.
UNITS = (1.0, 0.5, 0.5)
_REST = LOUDNESS + CENTS + DEPTH + BENDS + len(UNITS)
#: The smallest detail: seven components of the levels beside the rest.
LEAST_DETAIL = _REST + 7


class Said(NamedTuple):
    """What the decoder says of notes before loudness and timbre are joined: timbre [n, t, levels] dB (its own loudness means nothing),
    loudness and f0 over the frame times [n, FRAMES] in dB and cents, vibrato [n, t, 2], log inharmonicity [n], compressed detunes
    [n, DETUNES], log release [n]."""

    timbre: Tensor
    curve: Tensor
    cents: Tensor
    vibrato: Tensor
    log_inharmonicity: Tensor
    detunes: Tensor
    log_release: Tensor


class Offsets(NamedTuple):
    """What is added to z's sound, by what it is added to. As rest (`rest.py`), in full: levels at onset and end [n, 2, 160] dB, loudness,
    cents and vibrato depth at the frame times [n, FRAMES], compressed detunes [n, DETUNES], single numbers [n, len(UNITS)] in their
    units. As detail, the components of the same, and the single numbers as they are: [n, count] each."""

    levels: Tensor
    loudness: Tensor
    cents: Tensor
    depth: Tensor
    detunes: Tensor
    single: Tensor


def components_of(detail: Tensor) -> Offsets:
    """Detail vectors [n, detail] by what their numbers are for."""
    levels = detail.shape[1] - _REST
    return Offsets(*torch.split(detail, [levels, LOUDNESS, CENTS, DEPTH, BENDS, len(UNITS)], dim=1))


class Detail(nn.Module):
    """The decoder's side: adds what a detail vector says."""

    levels_onset: Tensor
    levels_end: Tensor
    loudness: Tensor
    cents: Tensor
    depth: Tensor
    detunes: Tensor

    def __init__(self, size: int, outputs: int) -> None:
        super().__init__()
        self.size = size
        shapes = {"levels_onset": (size - _REST, outputs), "levels_end": (size - _REST, outputs)}
        shapes |= {"loudness": (LOUDNESS, FRAMES), "cents": (CENTS, FRAMES), "depth": (DEPTH, FRAMES), "detunes": (BENDS, DETUNES)}
        for name, shape in shapes.items():
            self.register_buffer(name, torch.zeros(shape))

    def forward(self, said: Said, detail: Tensor, tau: Tensor) -> Said:
        """`said` with the offsets of detail [n, detail] at times tau [n, t]."""
        part = components_of(detail)
        late = late_share(tau)[..., None]
        onset, end = (part.levels @ self.levels_onset)[:, None], (part.levels @ self.levels_end)[:, None]
        depth = along(part.depth @ self.depth, tau)
        rate, stretch, release = (UNITS[i] * part.single[:, i] for i in range(len(UNITS)))
        return Said(
            said.timbre + onset + late * (end - onset),
            said.curve + part.loudness @ self.loudness,
            said.cents + part.cents @ self.cents,
            said.vibrato + torch.stack([depth, rate[:, None].expand_as(depth)], dim=-1),
            said.log_inharmonicity + stretch,
            said.detunes + part.detunes @ self.detunes,
            said.log_release + release,
        )


class DetailEncoder(nn.Module):
    """The other way: rests to detail."""

    levels: Tensor
    loudness: Tensor
    cents: Tensor
    depth: Tensor
    detunes: Tensor

    def __init__(self, size: int) -> None:
        super().__init__()
        shapes = {"levels": (2 * INHARMONICITY, size - _REST), "loudness": (FRAMES, LOUDNESS)}
        shapes |= {"cents": (FRAMES, CENTS), "depth": (FRAMES, DEPTH), "detunes": (DETUNES, BENDS)}
        for name, shape in shapes.items():
            self.register_buffer(name, torch.zeros(shape))

    def forward(self, rest: Offsets) -> Tensor:
        """Detail [n, detail]."""
        levels = rest.levels.flatten(1) @ self.levels
        curves = (rest.loudness @ self.loudness, rest.cents @ self.cents, rest.depth @ self.depth)
        return torch.cat([levels, *curves, rest.detunes @ self.detunes, rest.single], dim=1)
