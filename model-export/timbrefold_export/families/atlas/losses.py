"""What training minimises: errors that an ear would hear, and what keeps the latent space in order."""

import torch
from torch import Tensor, nn

from ...features import INHARMONICITY, PARTIALS
from ...measure.l60 import FLOOR_DB as MEL_FLOOR_DB
from ...measure.l60 import SECONDS as MEL_SECONDS
from .attributes import COUNT
from .data import LOUDEST_DB, Sounds
from .model import Decoder, inharmonicity_to_log
from .spectrum import MelEar, partial_hz, power, to_db

#: Partials and noise this far below the loudest one of the sound do not count.
_INAUDIBLE_DB = 70.0
_HIGHEST_HZ = 20000.0
#: Half of a frame's weight in time is how long it lasts, half is shared evenly (so that the attack counts).
_EVEN_SHARE = 0.4
#: Frames are learned up to here, seconds: notes are played to the end of the sustain region (2.8 s), and later windows see the note-off.
LEARNED_SECONDS = 2.9


def frame_weights(times: Tensor, seconds: float = LEARNED_SECONDS) -> Tensor:
    """Weight of each frame [t], summing to 1; nothing after `seconds`."""
    live = (times <= seconds).to(times.dtype)
    span = torch.gradient(times)[0] * live
    return (1 - _EVEN_SHARE) * span / span.sum() + _EVEN_SHARE * live / live.sum()


def time_weights(times: Tensor, seconds: float = MEL_SECONDS) -> Tensor:
    """Weight of each frame by how long it lasts, summing to 1: what L60's mean over frames does."""
    live = (times <= seconds).to(times.dtype)
    span = torch.gradient(times)[0] * live
    return span / span.sum()


class HearingLoss(nn.Module):
    """Distances between levels [n, 48, 160] in dB as L60 and the level of each partial see them."""

    def __init__(self) -> None:
        super().__init__()
        self.ear = MelEar()

    def mel(self, levels_db: Tensor, target: Sounds, weights: Tensor) -> Tensor:
        """L60 computed from frames, [n] dB: `weights` [48] say how much each frame counts."""
        bands = self.ear.weights(target.pitch, target.inharmonicity)
        wanted = self.ear.levels(target.levels, bands)
        got = self.ear.levels(levels_db, bands)
        floor = wanted.amax((1, 2), keepdim=True) + MEL_FLOOR_DB
        error = torch.maximum(wanted, floor) - torch.maximum(got, floor)
        return ((error.pow(2).mean(2) + 1e-6).sqrt() * weights).sum(1)

    def levels(self, levels_db: Tensor, target: Sounds, weights: Tensor) -> Tensor:
        """Mean level error of audible partials and noise bands, [n] dB."""
        wanted = target.levels
        peak = wanted.amax((1, 2), keepdim=True)
        floor = peak - _INAUDIBLE_DB
        error = (torch.maximum(wanted, floor) - torch.maximum(levels_db, floor)).abs()
        louder = torch.maximum(wanted, levels_db.detach())
        audible = torch.sigmoid((louder - peak + 0.75 * _INAUDIBLE_DB) / 6) + 0.02
        heard = partial_hz(target.pitch, target.inharmonicity) < _HIGHEST_HZ
        audible = audible * torch.cat([heard, torch.ones_like(heard[:, : INHARMONICITY - PARTIALS])], dim=1)[:, None]
        per_frame = (error * audible).sum(2) / audible.sum(2)
        return (per_frame * weights).sum(1)

    def inharmonicity(self, log_inharmonicity: Tensor, target: Sounds) -> Tensor:
        """Error of the logarithmic inharmonicity, [n]."""
        return (log_inharmonicity - inharmonicity_to_log(target.inharmonicity)).abs()


def kl_per_dimension(mean: Tensor, log_variance: Tensor) -> Tensor:
    """Mean divergence from the prior per latent dimension, [latent] nats."""
    return 0.5 * (mean.pow(2) + log_variance.exp() - 1 - log_variance).mean(0)


def attribute_loss(z: Tensor, attributes: Tensor) -> Tensor:
    """AR-VAE (Pati and Lerch 2021, "Attribute-based regularization of latent spaces"): in dimension i sounds are ordered by attribute i."""
    part = z[:, :COUNT]
    latent_step = part[:, None] - part[None]
    attribute_step = attributes[:, None] - attributes[None]
    return (torch.tanh(latent_step) - torch.tanh(3 * attribute_step)).abs().mean()


def health_loss(decoder: Decoder, z: Tensor, pitch: Tensor, velocity: Tensor, times: Tensor) -> Tensor:
    """How far, beyond 2 dB, the loudest frame of any decoded sound lies from where it should be; also bounds levels."""
    some = times[::4]
    levels, _ = decoder(z, pitch, velocity, some.expand(len(z), -1))
    loudest = to_db(power(levels.clamp(max=20)).sum(-1)).amax(1)
    off = torch.relu((loudest - LOUDEST_DB).abs() - 2)
    return (off + 0.1 * off * off).mean()
