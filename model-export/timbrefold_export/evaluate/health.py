"""Health of the latent space: random latents and ways between sounds must neither fall silent nor blow up."""

from dataclasses import asdict, dataclass

import torch
from torch import Tensor

from ..families.atlas.atlas import Atlas
from ..families.atlas.spectrum import loudness_of
from ..features import INHARMONICITY

#: A note whose loudest frame is below / above this is silent / clips (the training sounds are at -18 dB).
SILENT_DB = -42.0
CLIPPED_DB = -6.0
_POINTS = 33
#: A note's late part: behind what L60 hears, up to the end of the sustain region.
_LATE_SECONDS = (1.9, 2.8)


@dataclass(frozen=True)
class Health:
    """Shares of points that fail, and how smooth the ways between sounds are."""

    random_silent: float
    random_clipped: float
    random_not_finite: float
    random_loudest_db_5: float
    random_loudest_db_95: float
    #: Rise of a training sound's level, at another pitch, over the late part of a note, 1.9 to 2.8 s (median and 95th percentile), dB.
    late_rise_db_50: float
    late_rise_db_95: float
    #: Latents drawn evenly from -3..3 deviations in every dimension.
    far_silent: float
    far_not_finite: float
    path_silent: float
    path_clipped: float
    path_not_finite: float
    #: Largest fall of a path's loudest frame below its quieter end, dB (95th percentile and worst path).
    path_dip_db_95: float
    path_dip_db_worst: float
    #: Largest step over mean step between neighbouring points, in levels (median and 95th percentile path).
    path_step_ratio_50: float
    path_step_ratio_95: float
    path_step_ratio_worst: float
    #: Shares of paths that dip by more than 3 dB, or have a step of more than twice their mean step.
    path_dip_beyond_3_db: float
    path_step_beyond_2: float

    def json(self) -> dict[str, float]:
        """For the report."""
        return {name: round(value, 4) for name, value in asdict(self).items()}


def random_latents(mean: Tensor, std: Tensor, detail: int, count: int, seed: int) -> tuple[Tensor, Tensor, Tensor]:
    """Vectors from the prior around the training sounds, without detail (`mean` and `std` [latent] are of z), pitches over the playable
    range, velocities."""
    random = torch.Generator().manual_seed(seed)
    z = mean + std * torch.randn(count, len(mean), generator=random)
    return (
        torch.cat([z, torch.zeros(count, detail)], dim=1),
        24 + 84 * torch.rand(count, generator=random),
        torch.rand(count, generator=random),
    )


def measure_health(model: Atlas, trained: Tensor, times: Tensor, seed: int, count: int, paths: int) -> Health:
    """Decodes `count` random latents and `paths` ways of 33 points between training sounds (`trained` are their vectors, [n, dim])."""
    latent, detail = model.settings.latent, model.settings.detail
    mean, std = trained[:, :latent].mean(0), trained[:, :latent].std(0)
    vectors, pitch, velocity = random_latents(mean, std, detail, count, seed)
    random_db = _loudest(model, vectors, pitch, velocity, times)
    far = mean + std * (6 * torch.rand(count, latent, generator=torch.Generator().manual_seed(seed)) - 3)
    far_db = _loudest(model, torch.cat([far, torch.zeros(count, detail)], dim=1), pitch, velocity, times)
    known = min(count, len(trained))
    rise = _late_rise(model, trained[:known], pitch[:known], velocity[:known])
    random = torch.Generator().manual_seed(seed + 1)
    ends = torch.randint(len(trained), (2, paths), generator=random)
    path_pitch = 36 + 60 * torch.rand(paths, generator=random)
    share = torch.linspace(0, 1, _POINTS)[None, :, None]
    points = trained[ends[0]][:, None] * (1 - share) + trained[ends[1]][:, None] * share
    loudest, ratios = [], []
    for path, at in zip(points, path_pitch, strict=True):
        levels = _levels(model, path, at.expand(_POINTS), torch.full((_POINTS,), 0.8), times)
        loudest.append(loudness_of(levels).amax(1))
        steps = (levels[1:] - levels[:-1]).pow(2).mean((1, 2)).sqrt()
        ratios.append(float(steps.max() / steps.mean().clamp_min(1e-6)))
    path_db = torch.stack(loudest)
    dips = torch.minimum(path_db[:, 0], path_db[:, -1]) - path_db.amin(1)
    ratio = torch.tensor(ratios)

    def share_of(condition: Tensor) -> float:
        return float(condition.float().mean())

    return Health(
        random_silent=share_of(random_db < SILENT_DB),
        random_clipped=share_of(random_db > CLIPPED_DB),
        random_not_finite=share_of(~torch.isfinite(random_db)),
        random_loudest_db_5=float(random_db.quantile(0.05)),
        random_loudest_db_95=float(random_db.quantile(0.95)),
        late_rise_db_50=float(rise.median()),
        late_rise_db_95=float(rise.quantile(0.95)),
        far_silent=share_of(far_db < SILENT_DB),
        far_not_finite=share_of(~torch.isfinite(far_db)),
        path_silent=share_of(path_db < SILENT_DB),
        path_clipped=share_of(path_db > CLIPPED_DB),
        path_not_finite=share_of(~torch.isfinite(path_db)),
        path_dip_db_95=float(dips.quantile(0.95)),
        path_dip_db_worst=float(dips.max()),
        path_step_ratio_50=float(ratio.median()),
        path_step_ratio_95=float(ratio.quantile(0.95)),
        path_step_ratio_worst=float(ratio.max()),
        path_dip_beyond_3_db=share_of(dips > 3),
        path_step_beyond_2=share_of(ratio > 2),
    )


def _levels(model: Atlas, z: Tensor, pitch: Tensor, velocity: Tensor, times: Tensor) -> Tensor:
    with torch.no_grad():
        return model.decoder.play(z, pitch, velocity, times.expand(len(z), -1))[..., :INHARMONICITY]


def _loudest(model: Atlas, z: Tensor, pitch: Tensor, velocity: Tensor, times: Tensor) -> Tensor:
    parts = [
        loudness_of(_levels(model, z[at : at + 128], pitch[at : at + 128], velocity[at : at + 128], times)).amax(1)
        for at in range(0, len(z), 128)
    ]
    return torch.cat(parts)


def _late_rise(model: Atlas, z: Tensor, pitch: Tensor, velocity: Tensor) -> Tensor:
    levels = loudness_of(_levels(model, z, pitch, velocity, torch.tensor(_LATE_SECONDS)))
    return levels[:, 1] - levels[:, 0]
