"""The scales on which Atlas learns what a frame holds, and their limits."""

import torch
from torch import Tensor

#: Level of the loudest frame of every sound and of every note that is played, dB (docs/contracts.md).
LOUDEST_DB = -18.0
#: Levels an Atlas frame may have, dB.
CEILING_DB = 6.0
MAX_INHARMONICITY = 0.02
MAX_CENTS = 200.0
MAX_VIBRATO_CENTS = 150.0
MAX_VIBRATO_HZ = 12.0
MAX_DETUNE_CENTS = 700.0
#: dB per second of the fall after note-off.
RELEASE_LIMITS = (3.0, 1000.0)
#: Inharmonicity is learned as log10(B + this) + 6: 0 for none, 4.3 at the most.
_B_OFFSET = 1e-6
#: Detunes are learned as asinh(cents / this): cents while they are small, logarithmic for the modes of bells.
_DETUNE_SCALE_CENTS = 20.0
#: Release is learned as ln(release / this), the rate that stands for a release nobody knows (docs/contracts.md).
_USUAL_RELEASE = 240.0


def inharmonicity_to_log(b: Tensor) -> Tensor:
    """B as the decoder learns it, 0..4.3."""
    return torch.log10(b.clamp(0.0, MAX_INHARMONICITY) + _B_OFFSET) + 6


def inharmonicity_from_log(value: Tensor) -> Tensor:
    """B from what the decoder says, 0..MAX_INHARMONICITY."""
    return (torch.exp((value.clamp(0.0, 4.5) - 6) * 2.302585092994046) - _B_OFFSET).clamp(0.0, MAX_INHARMONICITY)


def compress_detunes(cents: Tensor) -> Tensor:
    """Detunes in cents as they are learned."""
    return torch.asinh(cents.clamp(-MAX_DETUNE_CENTS, MAX_DETUNE_CENTS) / _DETUNE_SCALE_CENTS)


def expand_detunes(compressed: Tensor) -> Tensor:
    """Cents of what is learned, within +-MAX_DETUNE_CENTS."""
    up = torch.exp(compressed.clamp(-5.0, 5.0))
    return (_DETUNE_SCALE_CENTS / 2 * (up - 1 / up)).clamp(-MAX_DETUNE_CENTS, MAX_DETUNE_CENTS)


def release_to_log(release: Tensor) -> Tensor:
    """dB per second as they are learned; what is not known (0 or less) counts as the usual."""
    known = torch.where(release > 0, release.clamp(*RELEASE_LIMITS), torch.full_like(release, _USUAL_RELEASE))
    return torch.log(known / _USUAL_RELEASE)


def release_from_log(value: Tensor) -> Tensor:
    """dB per second of what is learned, within RELEASE_LIMITS."""
    return (_USUAL_RELEASE * torch.exp(value.clamp(-5.0, 2.0))).clamp(*RELEASE_LIMITS)
