"""What training minimises: errors that an ear would hear, and what keeps the latent space in order."""

import torch
from torch import Tensor, nn

from ...features import DETUNES, INHARMONICITY, PARTIALS
from ...measure.l60 import FLOOR_DB as MEL_FLOOR_DB
from ...measure.l60 import SECONDS as MEL_SECONDS
from .attributes import COUNT
from .data import Sounds
from .model import Decoder, Played
from .scales import compress_detunes, inharmonicity_to_log, release_to_log
from .spectrum import MelEar, loudness_of, partial_hz
from .time_axis import along

#: Partials and noise this far below the loudest one of the sound do not count.
_INAUDIBLE_DB = 70.0
_HIGHEST_HZ = 20000.0
#: Cents of frames and partials this far below the loudest do not count; what a unit of log inharmonicity and a cent of error cost, dB.
_TUNED_DB = 45.0
_STRETCH_WEIGHT = 0.3
_CENTS_WEIGHT = 0.05
_RELEASE_WEIGHT = 0.2
#: Errors smaller than these (cents, log inharmonicity) count by their square, so that rounding never turns a gradient round.
_KNEE_CENTS = 0.2
_KNEE_STRETCH = 0.02
#: Cents that a unit of the compressed detunes counts as.
_DETUNE_CENTS = 20.0
#: Beside how long a frame lasts, this share of its weight is shared evenly.
_EVEN_SHARE = 0.3
#: This share goes to the attack alone: L60 judges it apart, and it is a twenty-fifth of a note.
_ATTACK_SHARE = 0.15
_ATTACK_SECONDS = 0.13
#: Frames are learned up to here, seconds: notes are played to the end of the sustain region (2.8 s), and later windows see the note-off.
LEARNED_SECONDS = 2.9
#: Between these times of a held note its level may rise by this much.
_LATE_SECONDS = (1.9, 2.8)
_SWELL_DB = 1.0
#: A step of this part of a way may move levels by no more than so many times its share.
_STEP = 1 / 16
_STEP_LIMIT = 1.4
#: What a deviation of another attribute costs beside one that a macro's own attribute misses.
_LEAK_SHARE = 0.6


def frame_weights(times: Tensor, seconds: float = LEARNED_SECONDS) -> Tensor:
    """Weight of each frame [t], summing to 1; nothing after `seconds`."""
    live = (times <= seconds).to(times.dtype)
    span = torch.gradient(times)[0] * live
    early = live * (times <= _ATTACK_SECONDS)
    lasting = (1 - _EVEN_SHARE - _ATTACK_SHARE) * span / span.sum()
    return lasting + _EVEN_SHARE * live / live.sum() + _ATTACK_SHARE * early / early.sum()


def time_weights(times: Tensor, seconds: float = MEL_SECONDS) -> Tensor:
    """Weight of each frame by how long it lasts, summing to 1: what L60's mean over frames does."""
    live = (times <= seconds).to(times.dtype)
    span = torch.gradient(times)[0] * live
    return span / span.sum()


def heard_weights(levels: Tensor, weights: Tensor) -> Tensor:
    """Weights of frames [n, t] by which a pitch counts: `weights` [t] where the sound [n, t, 160] is loud enough, summing to 1."""
    loud = loudness_of(levels)
    heard = torch.sigmoid((loud - loud.amax(1, keepdim=True) + _TUNED_DB) / 4) * weights
    return heard / heard.sum(1, keepdim=True).clamp_min(1e-6)


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

    def loudness(self, played: Played, target: Sounds, weights: Tensor) -> Tensor:
        """Error of loudness over the note, [n] dB."""
        wanted = loudness_of(target.levels)
        floor = wanted.amax(1, keepdim=True) - _INAUDIBLE_DB
        return ((torch.maximum(wanted, floor) - torch.maximum(played.loudness, floor)).abs() * weights).sum(1)

    def tuning(self, played: Played, target: Sounds, weights: Tensor) -> Tensor:
        """Error of inharmonicity (logarithmic), cents, vibrato and detunes where heard, and of the release where known, [n]."""
        levels = target.levels
        heard = heard_weights(levels, weights)
        cents = (_rounded(played.cents - target.cents, _KNEE_CENTS) * heard).sum(1)
        depth, rate = target.vibrato[..., 0], target.vibrato[..., 1]
        trembles = (depth > 1).to(depth.dtype)
        vibrato = (_rounded(played.vibrato[..., 0] - depth, _KNEE_CENTS) * heard).sum(1)
        vibrato = vibrato + (_rounded(played.vibrato[..., 1] - rate, _KNEE_CENTS) * trembles * heard).sum(1)
        loudest = levels[..., :DETUNES].amax(1)
        audible = torch.sigmoid((loudest - loudest.amax(1, keepdim=True) + _TUNED_DB) / 4)
        detuned = _rounded(_DETUNE_CENTS * (played.detunes - compress_detunes(target.detunes)), _KNEE_CENTS)
        detunes = (detuned * audible).sum(1) / audible.sum(1).clamp_min(1e-6)
        stretch = _rounded(played.log_inharmonicity - inharmonicity_to_log(target.inharmonicity), _KNEE_STRETCH)
        release = _rounded(played.log_release - release_to_log(target.release), _KNEE_STRETCH) * (target.release > 0).to(depth.dtype)
        return _STRETCH_WEIGHT * stretch + _CENTS_WEIGHT * (cents + vibrato + detunes) + _RELEASE_WEIGHT * release


def _rounded(error: Tensor, knee: float) -> Tensor:
    """The size of an error, rounded off within `knee`."""
    return (error * error + knee * knee).sqrt() - knee


def kl_per_dimension(mean: Tensor, log_variance: Tensor) -> Tensor:
    """Mean divergence from the prior per latent dimension, [latent] nats."""
    return 0.5 * (mean.pow(2) + log_variance.exp() - 1 - log_variance).mean(0)


def attribute_loss(z: Tensor, attributes: Tensor) -> Tensor:
    """AR-VAE (Pati and Lerch 2021, "Attribute-based regularization of latent spaces"): in dimension i sounds are ordered by attribute i."""
    part = z[:, :COUNT]
    latent_step = part[:, None] - part[None]
    attribute_step = attributes[:, None] - attributes[None]
    return (torch.tanh(latent_step) - torch.tanh(3 * attribute_step)).abs().mean()


def swell_loss(decoder: Decoder, vector: Tensor, pitch: Tensor, velocity: Tensor) -> Tensor:
    """By how much held notes rise late, beyond _SWELL_DB, dB: bounds what no target says (points between sounds, points of the prior,
    other pitches)."""
    early, late = along(decoder.loudness_curve(vector, pitch, velocity), vector.new_tensor(_LATE_SECONDS).expand(len(vector), -1)).unbind(1)
    return (torch.relu(late - early - _SWELL_DB) * torch.sigmoid((late + 55) / 3)).mean()


def step_loss(decoder: Decoder, ends: tuple[Tensor, Tensor], pitch: Tensor, velocity: Tensor, times: Tensor, where: Tensor) -> Tensor:
    """How far a small step on the straight way between two sounds moves levels beyond its share of the whole way, dB: `where` [n, 1]
    says at which part of the way the step begins."""
    some = times[::4].expand(4 * len(pitch), -1)
    first, last = ends
    way = last - first
    points = torch.cat([first, first + where * way, first + (where + _STEP) * way, last])
    played = decoder(points, pitch.repeat(4), velocity.repeat(4), some).levels.clamp(-90.0, 6.0).chunk(4)
    whole = ((played[3] - played[0]).pow(2).mean((1, 2)) + 1e-3).sqrt()
    step = ((played[2] - played[1]).pow(2).mean((1, 2)) + 1e-6).sqrt()
    return torch.relu(step / _STEP - _STEP_LIMIT * whole).mean()


def macro_loss(before: Tensor, after: Tensor, axis: Tensor, turn: Tensor) -> Tensor:
    """What turning one regularised dimension does to the attributes of the decoded sound: its own must move by as many deviations as
    it was turned (`turn` [n]), the others must stay. `before`, `after` [n, 8] are attributes, `axis` [n] the dimensions turned."""
    moved = after - before
    own = torch.nn.functional.one_hot(axis, COUNT).to(moved.dtype)
    missing = ((moved - own * turn[:, None]) * own).abs().sum(1)
    leaked = (moved.abs() * (1 - own)).sum(1)
    return (missing + _LEAK_SHARE * leaked).mean()
