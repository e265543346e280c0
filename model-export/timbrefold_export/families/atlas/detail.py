"""Detail: what z leaves out of a sound, as numbers that are found by linear algebra and not by training.

What the decoder plays by z alone is subtracted from the sound. The rest is summed up by its two best-fitting shapes over time (onset and
end) for every partial and band, and those by the principal components of the training sounds' rests. So the encoder's guess of detail is
the least-squares solution, and adding detail is a sum. Cents, vibrato and inharmonicity have numbers of their own.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from ...features import DETUNES, INHARMONICITY, NOISE_BANDS, PARTIALS
from .data import Sounds
from .losses import frame_weights, heard_weights
from .model import Detail, Played, compress_detunes, inharmonicity_to_log, late_share

#: Numbers that hold cents and vibrato depth (onset, end), vibrato rate and inharmonicity, one each.
SINGLE = 6
#: Components of the detunes: one in so many numbers of detail.
_DETUNES_IN = 12
#: Below this far under the loudest level nothing is heard, and no rest is larger than that, dB.
_FLOOR_DB = 70.0
_LARGEST_DB = 40.0
#: What a unit of each single number stands for: cents, cents, cents, cents, Hz, log inharmonicity.
_UNITS = (10.0, 10.0, 10.0, 10.0, 1.0, 0.5)
#: A vibrato shallower than this has no rate, cents; its rate counts in full from twice as much.
_TREMBLES_CENTS = 1.0
_RIDGE = 1e-3


@dataclass(frozen=True)
class Rest:
    """What z leaves out: levels at onset and end [n, 2, 160] dB, single numbers [n, SINGLE] in their units, compressed detunes
    [n, DETUNES]."""

    levels: Tensor
    single: Tensor
    detunes: Tensor


class DetailEncoder(nn.Module):
    """Rests to detail: the other way of the decoder's `Detail`."""

    levels: Tensor
    detunes: Tensor

    def __init__(self, detail: int) -> None:
        super().__init__()
        self.size = detail
        self.register_buffer("levels", torch.zeros(2 * INHARMONICITY, detail))
        self.register_buffer("detunes", torch.zeros(DETUNES, detail))

    def forward(self, rest: Rest) -> Tensor:
        """Detail [n, detail]."""
        single = torch.nn.functional.pad(rest.single, (self.size - SINGLE, 0))
        return rest.levels.flatten(1) @ self.levels + rest.detunes @ self.detunes + single


def rest_of(played: Played, sounds: Sounds) -> Rest:
    """What is missing in `played` (by z alone, at all frames of the sounds)."""
    weights = frame_weights(sounds.times)
    late = late_share(sounds.times)
    wanted = sounds.levels
    floor = wanted.amax((1, 2), keepdim=True) - _FLOOR_DB
    missing = (torch.maximum(wanted, floor) - torch.maximum(played.levels, floor)).clamp(-_LARGEST_DB, _LARGEST_DB)
    levels = _two_shapes(missing, late, weights.expand(len(wanted), -1))
    heard = heard_weights(wanted, weights)
    cents = _two_shapes((sounds.cents - played.cents)[..., None], late, heard)[..., 0]
    depth = sounds.vibrato[..., 0]
    depths = _two_shapes((depth - played.vibrato[..., 0])[..., None], late, heard)[..., 0]
    trembling = heard * (depth / _TREMBLES_CENTS - 1).clamp(0, 1)
    faster = ((sounds.vibrato[..., 1] - played.vibrato[..., 1]) * trembling).sum(1) / trembling.sum(1).clamp_min(_RIDGE)
    stretch = inharmonicity_to_log(sounds.inharmonicity) - played.log_inharmonicity
    single = torch.cat([cents, depths, faster[:, None], stretch[:, None]], dim=1) / torch.tensor(_UNITS).to(wanted)
    return Rest(levels, single, compress_detunes(sounds.detunes) - played.detunes)


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


def fit_detail(decoder: Detail, encoder: DetailEncoder, rests: list[Rest], sounds: Sounds) -> None:
    """Finds the shapes of detail from the rests of the training sounds, and puts them into a decoder's and an encoder's detail."""
    size = encoder.size
    kinds = max(1, size // _DETUNES_IN)
    with torch.no_grad():
        levels = torch.cat([rest.levels for rest in rests]).flatten(1)
        detunes = torch.cat([rest.detunes for rest in rests])
        # Components explain what is heard: each column counts as often as it is audible.
        audible = _audible(sounds).repeat(2)
        shapes, back = _components(levels, audible, size - SINGLE - kinds)
        bend, unbend = _components(detunes, _audible(sounds)[:DETUNES], kinds)
        first, second = shapes.reshape(-1, 2, INHARMONICITY).unbind(1)
        kept = [*range(decoder.levels_onset.shape[1] - NOISE_BANDS), *range(PARTIALS, PARTIALS + NOISE_BANDS)]
        count = len(shapes)
        for buffer in (*decoder.buffers(), *encoder.buffers()):
            buffer.zero_()
        decoder.levels_onset[:count], decoder.levels_end[:count] = first[:, kept], second[:, kept]
        decoder.tuning[count : count + len(bend), SINGLE:] = bend
        decoder.tuning[torch.arange(size - SINGLE, size), torch.arange(SINGLE)] = torch.tensor(_UNITS)
        encoder.levels[:, :count] = back
        encoder.detunes[:, count : count + len(bend)] = unbend


def _audible(sounds: Sounds) -> Tensor:
    """How often each partial and band is audible over the sounds and their frames, [160], never quite 0."""
    levels = sounds.levels
    share = torch.sigmoid((levels - levels.amax((1, 2), keepdim=True) + 50) / 6)
    return (share.mean((0, 1)) + 0.01).sqrt()


def _components(values: Tensor, weights: Tensor, count: int) -> tuple[Tensor, Tensor]:
    """Principal components (about zero) of values [n, k] by weighted least squares: shapes [count, k] of one deviation each, and the
    matrix [k, count] that turns values into deviations along them."""
    count = min(count, *values.shape)
    weighted = values * weights
    _, _, right = torch.linalg.svd(weighted.T @ weighted)
    axes = right[:count]
    spread = (weighted @ axes.T).pow(2).mean(0).sqrt().clamp_min(1e-3)
    return axes * spread[:, None] / weights, (axes * weights).T / spread
