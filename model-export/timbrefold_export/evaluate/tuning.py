"""How far what Atlas plays is out of tune: f0(t), vibrato and inharmonicity against the analysed sound."""

import numpy as np
import torch

from ..families.atlas.data import Sounds
from ..families.atlas.spectrum import loudness_of
from ..features import CENTS, INHARMONICITY, RELEASE, VIBRATO, Frames

#: Frames this far below the loudest are not heard as a pitch.
_HEARD_DB = 40.0
#: A sound whose vibrato is never deeper than this has none, cents.
_TREMBLES_CENTS = 2.0


def tuning_errors(sounds: Sounds, frames: Frames) -> dict[str, float]:
    """Cents of f0(t) (without vibrato) over all audible frames: median and 90th percentile; mean error of vibrato depth in cents and of
    its rate in Hz over sounds that have one, and how many those are; factors by which B and the release are off (median) where there is
    any."""
    loud = loudness_of(sounds.levels)
    heard = (loud > loud.amax(1, keepdim=True) - _HEARD_DB).numpy()
    got = torch.from_numpy(frames)
    cents = (got[..., CENTS] - sounds.cents).abs().numpy()[heard]
    median, p90 = np.percentile(cents, [50, 90])
    errors = {"centsMedian": float(median), "cents90": float(p90)}
    depth = sounds.vibrato[..., 0].numpy() * heard
    trembling = depth.max(1) > _TREMBLES_CENTS
    if trembling.any():
        off = (got[..., VIBRATO : VIBRATO + 2] - sounds.vibrato).abs().numpy()
        where = heard & trembling[:, None] & (depth > _TREMBLES_CENTS)
        errors |= {"vibratoCents": float(off[..., 0][where].mean()), "vibratoHz": float(off[..., 1][where].mean())}
    errors["vibratoSounds"] = float(trembling.sum())
    stretched = sounds.inharmonicity > 1e-5
    if stretched.any():
        ratio = got[..., INHARMONICITY].mean(1)[stretched].clamp_min(1e-6) / sounds.inharmonicity[stretched]
        errors["stretchFactor"] = float(torch.exp(torch.log(ratio).abs().median()))
    released = sounds.release > 0
    if released.any():
        ratio = got[:, 0, RELEASE][released] / sounds.release[released]
        errors["releaseFactor"] = float(torch.exp(torch.log(ratio.clamp_min(1e-3)).abs().median()))
    return {name: round(value, 4) for name, value in errors.items()}
