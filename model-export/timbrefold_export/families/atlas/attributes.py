"""What the macros are named after: seven perceptual attributes and body, computed from frames and pitch."""

from dataclasses import dataclass

import torch
from torch import Tensor

from ...features import PARTIALS
from .scales import inharmonicity_to_log
from .spectrum import erb_position, hats, partial_hz, power, to_db

#: Macro labels in their order, and what turning each one up means.
MACROS = (
    ("Brightness", "More energy in the high frequencies."),
    ("Attack", "A slower onset."),
    ("Decay", "A longer ring: less fall between onset and end."),
    ("Noisiness", "More breath, bow and hiss beside the partials."),
    ("Inharmonicity", "Partials stretched apart, from strings towards bars and bells."),
    ("Odd / even", "Odd partials over even ones: hollow, like a clarinet."),
    ("Movement", "A timbre that closes while the note sounds, like a falling filter; turned down, one that opens."),
    ("Body", "More of the two lowest partials under the rest."),
)
COUNT = len(MACROS)
_RANGE_DB = 60.0
#: Movement counts frames and bands down to this far below the loudest.
_MOVING_DB = 40.0
#: The beginning of a note, where its timbre moves from, and what follows.
_BEGINS_SECONDS = (0.0, 0.12)
_GOES_ON_SECONDS = (0.4, 2.0)


def attributes(levels_db: Tensor, log_inharmonicity: Tensor, pitch: Tensor, times: Tensor) -> Tensor:
    """Raw attributes [n, 8] of sounds: levels [n, t, 160] dB, log inharmonicity [n], pitch [n], times [t] s."""
    p = power(levels_db)
    partials, noise = p[..., :PARTIALS], p[..., PARTIALS:]
    bands = partials @ hats(erb_position(partial_hz(pitch, torch.zeros_like(pitch)))) + noise  # [n, t, 32]
    total = bands.sum(-1)
    loudest = total.amax(1, keepdim=True).clamp_min(1e-10)
    span = torch.gradient(times)[0]
    weight = total / loudest * span  # energy over time
    weight = weight / weight.sum(1, keepdim=True).clamp_min(1e-12)
    energy = (bands * weight[..., None] / total.clamp_min(1e-12)[..., None]).sum(1)  # mean spectrum, sums to 1

    band = torch.arange(energy.shape[1], dtype=p.dtype, device=p.device)
    compressed = energy.clamp_min(1e-6).sqrt()
    brightness = (compressed * band).sum(1) / compressed.sum(1)

    envelope_db = to_db(total / loudest).clamp_min(-_RANGE_DB)
    # How far the level still has to rise while the note begins (frames are denser there), on average.
    highest_later = envelope_db.flip(1).cummax(1).values.flip(1)
    attack = (highest_later - envelope_db)[:, times < 0.25].clamp_max(40).mean(1)

    # How far it lies, while the note rings, below the highest level of its first part.
    ringing = ((times > 0.25) & (times < 2.8)).to(p.dtype) * span
    highest_early = envelope_db[:, times < 0.6].amax(1, keepdim=True)
    decay = ((envelope_db - highest_early) * ringing).sum(1) / ringing.sum()

    share = to_db(noise.sum(-1) / total.clamp_min(1e-12)).clamp_min(-_RANGE_DB)
    noisiness = (share * weight).sum(1)

    mean = (partials * weight[..., None]).sum(1)
    odd, even = mean[:, 2:12:2].sum(1), mean[:, 1:11:2].sum(1)
    odd_even = (to_db(odd + 1e-8) - to_db(even + 1e-8)).clamp(-40, 40)

    # Movement: how far the timbre closes from the beginning of the note to what follows, as under a filter's envelope.
    shape = (bands / total.clamp_min(1e-12)[..., None]).clamp_min(1e-6).sqrt()
    open_at = (shape * band).sum(-1) / shape.sum(-1)
    audible = torch.sigmoid((envelope_db + _MOVING_DB) / 4) + 1e-3
    first, rest = (audible * ((times >= low) & (times < high)) * span for low, high in (_BEGINS_SECONDS, _GOES_ON_SECONDS))
    movement = (open_at * first).sum(1) / first.sum(1) - (open_at * rest).sum(1) / rest.sum(1)

    # Fourth roots of power, about as loudness grows, so that the share moves even where one side is far below the other.
    loudness = (mean / mean.amax(1, keepdim=True).clamp_min(1e-12)).clamp_min(1e-7).pow(0.25)
    body = torch.log(loudness[:, :2].sum(1) / loudness[:, 2:16].sum(1))
    return torch.stack([brightness, attack, decay, noisiness, log_inharmonicity, odd_even, movement, body], dim=1)


def frames_attributes(frames: Tensor, pitch: Tensor, times: Tensor) -> Tensor:
    """Raw attributes of frames [n, t, COLUMNS] whose column 160 is B."""
    b = inharmonicity_to_log(frames[..., PARTIALS + 32].mean(1))
    return attributes(frames[..., : PARTIALS + 32], b, pitch, times)


@dataclass(frozen=True)
class AttributeScale:
    """Turns raw attributes into standard deviations from what is usual at that pitch (a line per attribute over pitch)."""

    offset: Tensor
    slope: Tensor
    spread: Tensor

    @staticmethod
    def fit(raw: Tensor, pitch: Tensor) -> "AttributeScale":
        """Least squares over the training sounds: raw [n, 8], pitch [n]."""
        design = torch.stack([torch.ones_like(pitch), (pitch - 60) / 24], dim=1)
        solution = torch.linalg.lstsq(design, raw).solution
        spread = (raw - design @ solution).std(0).clamp_min(1e-3)
        return AttributeScale(solution[0], solution[1], spread)

    def __call__(self, raw: Tensor, pitch: Tensor) -> Tensor:
        """[n, 8] in standard deviations, limited to +-4."""
        usual = self.offset + self.slope * ((pitch - 60) / 24)[:, None]
        return ((raw - usual) / self.spread).clamp(-4, 4)

    def state(self) -> dict[str, Tensor]:
        """For a checkpoint."""
        return {"offset": self.offset, "slope": self.slope, "spread": self.spread}
