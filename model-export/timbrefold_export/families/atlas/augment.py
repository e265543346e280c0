"""Sounds that never were: equalised, faster or slower decaying, noisier, hollower, and mixtures of two."""

from dataclasses import dataclass, replace

import torch
from pydantic import Field
from torch import Tensor

from ...features import CENTS, DETUNES, INHARMONICITY, NOISE_BANDS, PARTIALS, RELEASE
from ...generated.constants import FLOOR_DB
from ...settings import Settings
from .data import Pairs, Sounds
from .scales import LOUDEST_DB
from .spectrum import loudness_of, noise_centres_hz, partial_hz, to_db
from .time_axis import in_tune


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
    vibrato_share: float = Field(default=0.1, ge=0, le=1)
    vibrato_cents: float = 40.0
    glide_share: float = Field(default=0.1, ge=0, le=1)
    glide_cents: float = 30.0
    detune_share: float = Field(default=0.1, ge=0, le=1)
    detune_cents: float = 8.0


@dataclass(frozen=True)
class _Changes:
    """What is done to each of n sounds; frequencies in Hz where they are of the spectrum, so that a pair at two pitches changes alike."""

    tilt: Tensor
    bumps: list[tuple[Tensor, Tensor, Tensor]]
    slope: Tensor
    noise: Tensor
    even: Tensor
    stretched: Tensor
    stretch: Tensor
    tuning: Tensor

    @staticmethod
    def draw(n: int, times: Tensor, settings: AugmentSettings, random: torch.Generator) -> "_Changes":
        def some(share: float) -> Tensor:
            return (torch.rand(n, 1, 1, generator=random) < share).float()

        def between(low: float, high: float) -> Tensor:
            return low + (high - low) * torch.rand(n, 1, 1, generator=random)

        eq = some(settings.eq_share)
        return _Changes(
            tilt=eq * between(-settings.tilt_db_per_octave, settings.tilt_db_per_octave),
            # dB, centre and width in octaves (100 Hz .. 10 kHz)
            bumps=[(eq * between(-settings.bump_db, settings.bump_db), between(6.6, 13.3), between(0.4, 1.6)) for _ in range(2)],
            slope=some(settings.decay_share) * between(-settings.decay_db_per_second, 0.3 * settings.decay_db_per_second),
            noise=some(settings.noise_share) * between(-settings.noise_db, settings.noise_db),
            even=some(settings.even_share) * between(-settings.even_db, 0),
            stretched=some(settings.inharmonicity_share),
            stretch=torch.exp(between(-10.5, -5.5)),  # B 3e-5 .. 4e-3
            tuning=_tuning_changes(n, times, settings, random),
        )

    def of(self, owner: Tensor) -> "_Changes":
        """The changes of the sounds `owner`, in that order."""
        bumps = [(height[owner], centre[owner], width[owner]) for height, centre, width in self.bumps]
        rest = (self.slope, self.noise, self.even, self.stretched, self.stretch, self.tuning)
        return _Changes(self.tilt[owner], bumps, *(value[owner] for value in rest))

    def apply(self, sounds: Sounds) -> Tensor:
        """The changed frames, levelled again."""
        n = len(sounds)
        centres = torch.as_tensor(noise_centres_hz(), dtype=torch.float32).expand(n, -1)
        octave = torch.log2(torch.cat([partial_hz(sounds.pitch, torch.zeros(n)), centres], dim=1))[:, None]
        gain = self.tilt * (octave - 10).clamp(-3, 4)
        for height, centre, width in self.bumps:
            gain = gain + height * torch.exp(-0.5 * ((octave - centre) / width) ** 2)
        only_noise = torch.cat([torch.zeros(PARTIALS), torch.ones(NOISE_BANDS)])
        evens = torch.zeros(INHARMONICITY)
        evens[1:PARTIALS:2] = 1
        gain = gain + self.noise * only_noise + self.even * evens
        levels = sounds.levels
        changed = torch.where(levels <= FLOOR_DB, levels, levels + gain + self.slope * sounds.times[:, None])
        b = sounds.frames[..., INHARMONICITY:CENTS]
        b = b + self.stretched * (self.stretch - b)
        tuning = sounds.frames[..., CENTS:RELEASE] + self.tuning
        levels = levelled(changed)
        cents = in_tune(tuning[..., 0], loudness_of(levels))
        return torch.cat([levels, b, cents[..., None], tuning[..., 1:], sounds.frames[..., RELEASE:]], dim=2)


def _tuning_changes(n: int, times: Tensor, settings: AugmentSettings, random: torch.Generator) -> Tensor:
    """What is added to cents, vibrato and detunes of n sounds, [n, t, 3 + DETUNES]: few sounds of the corpus have any of their own."""

    def some(share: float) -> Tensor:
        return (torch.rand(n, 1, generator=random) < share).float()

    def uniform() -> Tensor:
        return torch.rand(n, 1, generator=random)

    glide = some(settings.glide_share) * settings.glide_cents * (2 * uniform() - 1)
    cents = glide * torch.exp(-times / (0.02 * 20 ** uniform()))  # settles within 20 to 400 ms
    trembles = some(settings.vibrato_share)
    begins = 0.5 * uniform()
    depth = trembles * settings.vibrato_cents * uniform() * torch.sigmoid((times - begins) / 0.1)
    rate = (trembles * (4 + 3 * uniform())).expand(-1, len(times))
    spread = some(settings.detune_share) * settings.detune_cents
    detunes = (spread * torch.randn(n, DETUNES, generator=random))[:, None].expand(-1, len(times), -1)
    return torch.cat([torch.stack([cents, depth, rate], dim=2), detunes], dim=2)


def mix(frames: Tensor, other: Tensor, share: Tensor) -> Tensor:
    """Two sounds [n, t, COLUMNS] of nearly one pitch at once: powers add, `share` [n] of the first. Tuning follows the louder one."""
    w = share[:, None, None]
    one, two = (_linear(sound[..., :INHARMONICITY]) for sound in (frames, other))
    together = levelled(to_db(w * one + (1 - w) * two).clamp_min(FLOOR_DB))
    return torch.cat([together, torch.where(w > 0.5, frames[..., INHARMONICITY:], other[..., INHARMONICITY:])], dim=2)


def levelled(levels_db: Tensor) -> Tensor:
    """Levels [n, t, 160] moved so that the loudest frame is at LOUDEST_DB; what was silent stays silent."""
    loudest = loudness_of(levels_db).amax(1)
    moved = (levels_db + (LOUDEST_DB - loudest)[:, None, None]).clamp_min(FLOOR_DB)
    return torch.where(levels_db <= FLOOR_DB, torch.full_like(moved, FLOOR_DB), moved)


def draw_batch(sounds: Sounds, pairs: Pairs, count: int, settings: AugmentSettings, random: torch.Generator) -> tuple[Sounds, Sounds]:
    """A batch of augmented pairs (heard, played)."""
    heard_at, played_at = pairs.draw(count, random)
    crossed = torch.nonzero(heard_at != played_at)[:, 0]
    # What is played, and behind it what is heard where that is another sound.
    places = torch.cat([played_at, heard_at[crossed]])
    owner = torch.cat([torch.arange(count), crossed])
    drawn = sounds.at(places)
    # Mixtures only where both are the same sound: another pitch of the mixture does not exist.
    mixed = torch.nonzero((torch.rand(count, generator=random) < settings.mix_share) & (heard_at == played_at))[:, 0]
    other = sounds.frames[pairs.neighbours(played_at[mixed], random)]
    drawn.frames[mixed] = mix(drawn.frames[mixed], other, torch.rand(len(mixed), generator=random))
    frames = _Changes.draw(count, sounds.times, settings, random).of(owner).apply(drawn)
    played = replace(sounds.at(played_at), frames=frames[:count])
    heard_frames = frames[:count].clone()
    heard_frames[crossed] = frames[count:]
    return replace(sounds.at(heard_at), frames=heard_frames), played


def _linear(levels_db: Tensor) -> Tensor:
    return torch.where(levels_db <= FLOOR_DB, torch.zeros_like(levels_db), torch.exp(levels_db * 0.2302585092994046))
