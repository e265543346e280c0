"""Training sounds as tensors, and the batches drawn from them: pairs (heard, to be played) of one instrument."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from ...features import CENTS, DETUNE, DETUNES, INHARMONICITY, RELEASE, VIBRATO, Features
from .spectrum import loudness_of
from .time_axis import in_tune


@dataclass(frozen=True)
class Sounds:
    """frames [n, 48, COLUMNS] as the analyser makes them, pitch [n], velocity [n], instrument [n] (a number per soundfont preset),
    times [48]."""

    frames: Tensor
    pitch: Tensor
    velocity: Tensor
    instrument: Tensor
    times: Tensor

    def __len__(self) -> int:
        return len(self.pitch)

    @property
    def levels(self) -> Tensor:
        """Partials and noise, [n, 48, 160] dB."""
        return self.frames[..., :INHARMONICITY]

    @property
    def inharmonicity(self) -> Tensor:
        """B per sound, [n]."""
        return self.frames[:, :, INHARMONICITY].mean(1)

    @property
    def cents(self) -> Tensor:
        """f0(t) against the pitch without vibrato, [n, 48]."""
        return self.frames[..., CENTS]

    @property
    def vibrato(self) -> Tensor:
        """Depth in cents and rate in Hz, [n, 48, 2]."""
        return self.frames[..., VIBRATO : VIBRATO + 2]

    @property
    def detunes(self) -> Tensor:
        """Cents of the first partials against the stretched series, [n, DETUNES]."""
        return self.frames[..., DETUNE : DETUNE + DETUNES].mean(1)

    @property
    def release(self) -> Tensor:
        """dB per second of the fall after note-off, [n]; 0 where it was not measured."""
        return self.frames[:, 0, RELEASE]

    def frames_at(self, index: Tensor) -> "Sounds":
        """The same sounds, only these frames of them."""
        return Sounds(self.frames[:, index], self.pitch, self.velocity, self.instrument, self.times[index])

    def at(self, index: Tensor) -> "Sounds":
        """The sounds at these places."""
        return Sounds(self.frames[index], self.pitch[index], self.velocity[index], self.instrument[index], self.times)

    def batches(self, size: int = 128) -> Iterator["Sounds"]:
        """The same sounds, `size` at a time."""
        for begin in range(0, len(self), size):
            yield self.at(torch.arange(begin, min(begin + size, len(self))))

    def to(self, device: torch.device) -> "Sounds":
        """The same on another device."""
        moved = (t.to(device) for t in (self.frames, self.pitch, self.velocity, self.instrument, self.times))
        return Sounds(*moved)


def to_sounds(features: Features, files: tuple[str, ...] | None = None) -> Sounds:
    """Features (of these files only, where given) as tensors."""
    wanted = None if files is None else set(files)
    keep = [i for i, sound in enumerate(features.sounds) if wanted is None or sound.file in wanted]
    chosen = features.select(keep)
    frames = torch.from_numpy(np.array(chosen.frames, dtype=np.float32))
    pitch = torch.tensor([sound.pitch for sound in chosen.sounds], dtype=torch.float32)
    # The pitch of a sound is the mean of its f0 as it is heard, as it is of what Atlas plays.
    centred = in_tune(frames[..., CENTS], loudness_of(frames[..., :INHARMONICITY]))
    pitch += (frames[:, 0, CENTS] - centred[:, 0]) / 100
    frames[..., CENTS] = centred
    names = {name: i for i, name in enumerate(sorted({sound.instrument for sound in chosen.sounds}))}
    return Sounds(
        frames=frames,
        pitch=pitch,
        velocity=torch.tensor([sound.velocity for sound in chosen.sounds], dtype=torch.float32),
        instrument=torch.tensor([names[sound.instrument] for sound in chosen.sounds]),
        times=torch.from_numpy(features.times),
    )


class Pairs:
    """Draws (heard, played): mostly the same sound, for a share of the pairs two pitches of one instrument."""

    def __init__(self, sounds: Sounds, cross_share: float) -> None:
        self._sounds = sounds
        self._cross_share = cross_share
        order = torch.argsort(sounds.instrument, stable=True)
        self._order = order
        groups = sounds.instrument[order]
        self._first = torch.searchsorted(groups, sounds.instrument)
        self._count = torch.searchsorted(groups, sounds.instrument, right=True) - self._first
        self._by_pitch = torch.argsort(sounds.pitch, stable=True)
        self._rank = torch.argsort(self._by_pitch)

    def draw(self, count: int, random: torch.Generator) -> tuple[Tensor, Tensor]:
        """Places of `count` heard and played sounds."""
        played = torch.randint(len(self._sounds), (count,), generator=random)
        other = self._first[played] + (torch.rand(count, generator=random) * self._count[played]).long()
        cross = torch.rand(count, generator=random) < self._cross_share
        return torch.where(cross, self._order[other], played), played

    def neighbours(self, index: Tensor, random: torch.Generator, reach: int = 20) -> Tensor:
        """For each sound another one of nearly the same pitch."""
        step = torch.randint(-reach, reach + 1, (len(index),), generator=random)
        return self._by_pitch[(self._rank[index] + step).clamp(0, len(self._sounds) - 1)]
