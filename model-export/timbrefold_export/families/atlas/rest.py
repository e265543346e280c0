"""What z leaves out of sounds, and the shapes of detail that say most of it: linear algebra, no training.

What the decoder plays by z alone is subtracted from the sound: loudness as a curve over time, and the timbre beside it, summed up by its
two best-fitting shapes over time (onset and end) for every partial and band. The principal components of the training sounds' rests are
the shapes of detail. So the encoder's guess of detail is the least-squares solution, and adding detail is a sum.
"""

import torch
from torch import Tensor

from ...features import NOISE_BANDS, PARTIALS
from .data import Sounds
from .detail import BENDS, CENTS, DEPTH, LOUDNESS, UNITS, Detail, DetailEncoder, Offsets
from .losses import frame_weights, heard_weights
from .model import Played
from .scales import compress_detunes, inharmonicity_to_log, release_to_log
from .spectrum import loudness_of
from .time_axis import late_share

#: Below this far under the loudest level nothing is heard, and no rest is larger than that, dB.
_FLOOR_DB = 70.0
_LARGEST_DB = 40.0
#: Cents count where a frame is this near to the loudest, dB, and up to this many.
_TUNED_DB = 45.0
_LARGEST_CENTS = 150.0
#: A vibrato shallower than this has no rate, cents; its rate counts in full from twice as much.
_TREMBLES_CENTS = 1.0
_RIDGE = 1e-3
#: A component that deviates by less (dB, cents) is rounding, and is not blown up to a deviation of 1.
_LEAST_SPREAD = 0.02


def rest_of(played: Played, sounds: Sounds) -> Offsets:
    """What is missing in `played` (by z alone, at all frames of the sounds)."""
    weights = frame_weights(sounds.times)
    wanted, loudness = sounds.levels, loudness_of(sounds.levels)
    quiet = loudness.amax(1, keepdim=True) - _FLOOR_DB
    louder = torch.maximum(loudness, quiet) - torch.maximum(played.loudness, quiet)
    # The timbre alone: both as loud as the sound is.
    floor = wanted.amax((1, 2), keepdim=True) - _FLOOR_DB
    timbre = played.levels + (loudness - played.loudness)[..., None]
    missing = (torch.maximum(wanted, floor) - torch.maximum(timbre, floor)).clamp(-_LARGEST_DB, _LARGEST_DB)
    levels = _two_shapes(missing, late_share(sounds.times), weights.expand(len(wanted), -1))
    tuned = torch.sigmoid((loudness - loudness.amax(1, keepdim=True) + _TUNED_DB) / 2)
    cents = (sounds.cents - played.cents).clamp(-_LARGEST_CENTS, _LARGEST_CENTS) * tuned
    depth = sounds.vibrato[..., 0]
    deeper = (depth - played.vibrato[..., 0]).clamp(-_LARGEST_CENTS, _LARGEST_CENTS) * tuned
    trembling = heard_weights(wanted, weights) * (depth / _TREMBLES_CENTS - 1).clamp(0, 1)
    faster = ((sounds.vibrato[..., 1] - played.vibrato[..., 1]) * trembling).sum(1) / trembling.sum(1).clamp_min(_RIDGE)
    stretch = inharmonicity_to_log(sounds.inharmonicity) - played.log_inharmonicity
    ending = torch.where(sounds.release > 0, release_to_log(sounds.release) - played.log_release, torch.zeros_like(played.log_release))
    single = torch.stack([faster, stretch, ending], dim=1) / torch.tensor(UNITS).to(wanted)
    detunes = compress_detunes(sounds.detunes) - played.detunes
    return Offsets(levels, louder.clamp(-_LARGEST_DB, _LARGEST_DB), cents, deeper, detunes, single)


def _two_shapes(values: Tensor, late: Tensor, weights: Tensor) -> Tensor:
    """Weighted least squares of values [n, t, k] by a straight line over `late` [t]: its values at onset and end, [n, 2, k]."""
    w = weights[..., None]
    early = 1 - late[:, None]
    late = late[:, None]
    a, b, c = (w * early * early).sum(1), (w * early * late).sum(1), (w * late * late).sum(1)
    ridge = _RIDGE * w.sum(1)
    p, q = (w * early * values).sum(1), (w * late * values).sum(1)
    determinant = (a + ridge) * (c + ridge) - b * b
    return torch.stack([((c + ridge) * p - b * q) / determinant, ((a + ridge) * q - b * p) / determinant], dim=1)


def fit_detail(decoder: Detail, encoder: DetailEncoder, rests: list[Offsets], sounds: Sounds) -> None:
    """Finds the shapes of detail from the rests of the training sounds, and puts them into a decoder's and an encoder's detail."""
    with torch.no_grad():
        rest = Offsets(*(torch.cat(part) for part in zip(*rests, strict=True)))
        # Components explain what is heard: each column counts as often as it is audible, each frame by its weight.
        audible, often = _audible(sounds), frame_weights(sounds.times).clamp_min(1e-4).sqrt()
        shapes, encoder.levels = _components(rest.levels.flatten(1), audible.repeat(2), encoder.levels.shape[1])
        first, second = shapes.reshape(len(shapes), 2, -1).unbind(1)
        bands = decoder.levels_onset.shape[1] - NOISE_BANDS
        kept = [*range(bands), *range(PARTIALS, PARTIALS + NOISE_BANDS)]
        decoder.levels_onset, decoder.levels_end = first[:, kept], second[:, kept]
        decoder.loudness, encoder.loudness = _components(rest.loudness, often, LOUDNESS)
        decoder.cents, encoder.cents = _components(rest.cents, torch.ones_like(often), CENTS)
        decoder.depth, encoder.depth = _components(rest.depth, torch.ones_like(often), DEPTH)
        decoder.detunes, encoder.detunes = _components(rest.detunes, audible[: rest.detunes.shape[1]], BENDS)


def _audible(sounds: Sounds) -> Tensor:
    """How often each partial and band is audible over the sounds and their frames, [160], never quite 0."""
    levels = sounds.levels
    share = torch.sigmoid((levels - levels.amax((1, 2), keepdim=True) + 50) / 6)
    return (share.mean((0, 1)) + 0.01).sqrt()


def _components(values: Tensor, weights: Tensor, count: int) -> tuple[Tensor, Tensor]:
    """Principal components (about zero) of values [n, k] by weighted least squares: shapes [count, k] of one deviation each, and the
    matrix [k, count] that turns values into deviations along them. Where there are fewer components, the rest are silent."""
    weighted = values * weights
    _, _, right = torch.linalg.svd(weighted.T @ weighted)
    axes = torch.nn.functional.pad(right[:count], (0, 0, 0, max(0, count - len(right))))
    spread = (weighted @ axes.T).pow(2).mean(0).sqrt().clamp_min(_LEAST_SPREAD)
    return axes * spread[:, None] / weights, (axes * weights).T / spread
