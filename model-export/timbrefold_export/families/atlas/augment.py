"""Sounds that never were: equalised, faster or slower decaying, noisier, hollower, and mixtures of two."""

import torch
from pydantic import Field
from torch import Tensor

from ...features import INHARMONICITY, NOISE_BANDS, PARTIALS
from ...generated.constants import FLOOR_DB
from ...settings import Settings
from .data import LOUDEST_DB, Pairs, Sounds
from .spectrum import noise_centres_hz, partial_hz, power, to_db


class AugmentSettings(Settings):
    """How often each change is made (share of sounds) and how far it goes."""

    mix_share: float = Field(default=0.3, ge=0, le=1)
    eq_share: float = Field(default=0.6, ge=0, le=1)
    tilt_db_per_octave: float = 3.0
    bump_db: float = 8.0
    decay_share: float = Field(default=0.4, ge=0, le=1)
    decay_db_per_second: float = 15.0
    noise_share: float = Field(default=0.5, ge=0, le=1)
    noise_db: float = 12.0
    even_share: float = Field(default=0.15, ge=0, le=1)
    even_db: float = 30.0
    inharmonicity_share: float = Field(default=0.15, ge=0, le=1)


def augment_pair(heard: Sounds, played: Sounds, settings: AugmentSettings, random: torch.Generator) -> tuple[Sounds, Sounds]:
    """The same changes made to both sounds of each pair, frequencies in Hz where they are of the spectrum; then levelled again."""
    n = len(heard)

    def some(share: float) -> Tensor:
        return (torch.rand(n, 1, 1, generator=random) < share).float()

    def between(low: float, high: float) -> Tensor:
        return low + (high - low) * torch.rand(n, 1, 1, generator=random)

    eq = some(settings.eq_share)
    tilt = eq * between(-settings.tilt_db_per_octave, settings.tilt_db_per_octave)
    bumps = [
        (eq * between(-settings.bump_db, settings.bump_db), between(6.6, 13.3), between(0.4, 1.6)) for _ in range(2)
    ]  # dB, centre and width in octaves (100 Hz .. 10 kHz)
    slope = some(settings.decay_share) * between(-settings.decay_db_per_second, 0.3 * settings.decay_db_per_second)
    noise = some(settings.noise_share) * between(-settings.noise_db, settings.noise_db)
    even = some(settings.even_share) * between(-settings.even_db, 0)
    stretched = some(settings.inharmonicity_share)
    stretch = torch.exp(between(-10.5, -5.5))  # B 3e-5 .. 4e-3

    def change(sounds: Sounds) -> Sounds:
        centres = torch.as_tensor(noise_centres_hz(), dtype=torch.float32).expand(n, -1)
        octave = torch.log2(torch.cat([partial_hz(sounds.pitch, torch.zeros(n)), centres], dim=1))[:, None]
        gain = tilt * (octave - 10).clamp(-3, 4)
        for height, centre, width in bumps:
            gain = gain + height * torch.exp(-0.5 * ((octave - centre) / width) ** 2)
        gain = gain + slope * sounds.times[:, None]
        only_noise = torch.cat([torch.zeros(PARTIALS), torch.ones(NOISE_BANDS)])
        evens = torch.zeros(INHARMONICITY)
        evens[1:PARTIALS:2] = 1
        silent = sounds.levels <= FLOOR_DB
        levels = sounds.levels + gain + noise * only_noise + even * evens
        levels = torch.where(silent, sounds.levels, levels)
        b = sounds.frames[..., INHARMONICITY:]
        b = b + stretched * (stretch - b)
        return _replace(sounds, torch.cat([levelled(levels), b], dim=2))

    return change(heard), change(played)


def mix(sounds: Sounds, other: Sounds, share: Tensor) -> Sounds:
    """Two sounds of nearly one pitch at once: powers add, `share` [n] of the first. B follows the louder one."""
    w = share[:, None, None]
    together = to_db(w * _linear(sounds.levels) + (1 - w) * _linear(other.levels)).clamp_min(FLOOR_DB)
    b = torch.where(w > 0.5, sounds.frames[..., INHARMONICITY:], other.frames[..., INHARMONICITY:])
    return _replace(sounds, torch.cat([levelled(together), b], dim=2))


def levelled(levels_db: Tensor) -> Tensor:
    """Levels [n, t, 160] moved so that the loudest frame is at LOUDEST_DB; what was silent stays silent."""
    loudest = to_db(power(levels_db).sum(-1)).amax(1)
    moved = (levels_db + (LOUDEST_DB - loudest)[:, None, None]).clamp_min(FLOOR_DB)
    return torch.where(levels_db <= FLOOR_DB, torch.full_like(moved, FLOOR_DB), moved)


def draw_batch(sounds: Sounds, pairs: Pairs, count: int, settings: AugmentSettings, random: torch.Generator) -> tuple[Sounds, Sounds]:
    """A batch of augmented pairs (heard, played)."""
    heard_at, played_at = pairs.draw(count, random)
    heard, played = sounds.at(heard_at), sounds.at(played_at)
    # Mixtures only where both are the same sound: another pitch of the mixture does not exist.
    mixed = (torch.rand(count, generator=random) < settings.mix_share) & (heard_at == played_at)
    share = torch.where(mixed, torch.rand(count, generator=random), torch.ones(count))
    other = sounds.at(pairs.neighbours(played_at, random))
    mixture = mix(played, other, share)
    chosen = mixed[:, None, None]
    heard = _replace(heard, torch.where(chosen, mixture.frames, heard.frames))
    played = _replace(played, torch.where(chosen, mixture.frames, played.frames))
    return augment_pair(heard, played, settings, random)


def _linear(levels_db: Tensor) -> Tensor:
    return torch.where(levels_db <= FLOOR_DB, torch.zeros_like(levels_db), torch.exp(levels_db * 0.2302585092994046))


def _replace(sounds: Sounds, frames: Tensor) -> Sounds:
    return Sounds(frames, sounds.pitch, sounds.velocity, sounds.instrument, sounds.times)
