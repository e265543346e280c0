"""Atlas lite: the same encoder and latent space, a decoder of half the cost that learned from the large one.

The large decoder loses its upper partials and its later blocks, and its map from note to modulation is cut to its leading singular
vectors; what that costs is learned back from frames that the large decoder plays at points of the latent space, without a corpus.
"""

import torch
from torch import Tensor
from tqdm import tqdm

from ...features import NOISE_BANDS, PARTIALS
from .atlas import Atlas
from .losses import frame_weights
from .model import Played, playable
from .spectrum import MelEar

PARTIALS_KEPT = 64
FILM_RANK = 32
BLOCKS = 1
_LEARNING_RATE = 1e-3
_BATCH = 32
_HEARD_DB = 80.0
_CENTS_WEIGHT = 0.02


def cut(atlas: Atlas) -> Atlas:
    """A copy with PARTIALS_KEPT partials, BLOCKS blocks and a modulation map of at most FILM_RANK."""
    rank = min(FILM_RANK, atlas.settings.note - 1)
    settings = atlas.settings.model_copy(update={"partials": PARTIALS_KEPT, "blocks": BLOCKS, "film_rank": rank})
    lite = Atlas(settings).requires_grad_(False)
    lite.encoder.load_state_dict(atlas.encoder.state_dict())
    if atlas.detail_encoder is not None and lite.detail_encoder is not None:
        lite.detail_encoder.load_state_dict(atlas.detail_encoder.state_dict())
    large, small = atlas.decoder, lite.decoder
    kept = [*range(PARTIALS_KEPT), *range(PARTIALS, large.out.out_features)]
    own = small.state_dict()
    for name, value in large.state_dict().items():
        if name.startswith("out."):
            own[name].copy_(value[kept])
        elif name.startswith("straight."):
            levels = PARTIALS + NOISE_BANDS
            few = kept[: PARTIALS_KEPT + NOISE_BANDS]
            rows = [*few, *(levels + row for row in few), *range(2 * levels, value.shape[0])]
            own[name].copy_(value[rows])
        elif name.startswith("detail.levels"):
            own[name].copy_(value[:, kept[: PARTIALS_KEPT + NOISE_BANDS]])
        elif name in own and not name.startswith("film"):
            own[name].copy_(value)
    modulation = small.film.out_features
    left, scale, right = torch.linalg.svd(large.film.weight[:modulation], full_matrices=False)
    own["film.weight"].copy_(left[:, :rank] * scale[:rank])
    own["film.bias"].copy_(large.film.bias[:modulation])
    own["film_in.weight"].copy_(right[:rank])
    return lite


def learn(atlas: Atlas, vectors: Tensor, times: Tensor, steps: int, seed: int) -> Atlas:
    """The lite model of `atlas` after `steps` steps at blends of `vectors` [n, dim] (the training sounds'), at any pitch and velocity."""
    random = torch.Generator().manual_seed(seed)
    lite = cut(atlas)
    decoder = lite.decoder.requires_grad_(True)
    optimiser = torch.optim.AdamW(decoder.parameters(), lr=_LEARNING_RATE, weight_decay=0.0, fused=True)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, _LEARNING_RATE, total_steps=steps, pct_start=0.1)
    weights, ear = frame_weights(times), MelEar()
    for _ in tqdm(range(steps), desc="Learning from Atlas", unit="step", mininterval=5):
        ends = vectors[torch.randint(len(vectors), (2, _BATCH), generator=random)]
        share = torch.rand(_BATCH, 1, generator=random) * (torch.rand(_BATCH, 1, generator=random) < 0.5)
        vector = ends[0] + share * (ends[1] - ends[0])
        pitch, velocity = 24 + 84 * torch.rand(_BATCH, generator=random), torch.rand(_BATCH, generator=random)
        chosen = torch.randperm(len(times), generator=random)[:12]
        at = times[chosen].expand(_BATCH, -1)
        with torch.no_grad():
            wanted = atlas.decoder(vector, pitch, velocity, at)
        loss = _distance(decoder(vector, pitch, velocity, at), wanted, ear, pitch, weights[chosen] / weights[chosen].sum())
        optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        schedule.step()
    decoder.requires_grad_(False)
    return lite.eval()


def _distance(got: Played, wanted: Played, ear: MelEar, pitch: Tensor, weights: Tensor) -> Tensor:
    """What the ear receives and what each audible partial and band does, in dB, and tuning."""
    bands = ear.weights(pitch, torch.zeros_like(pitch))
    teacher, student = playable(wanted.levels), playable(got.levels)
    heard = ear.levels(teacher, bands) - ear.levels(student, bands)
    floor = teacher.amax((1, 2), keepdim=True) - _HEARD_DB
    kept = torch.cat([torch.arange(PARTIALS_KEPT), torch.arange(PARTIALS, PARTIALS + NOISE_BANDS)])
    error = (torch.maximum(teacher, floor) - torch.maximum(student, floor))[..., kept].abs()
    level = ((heard.pow(2).mean(2) + 1e-6).sqrt() + 0.3 * error.mean(2)) @ weights
    tuning = (got.cents - wanted.cents).abs().mean(1) + (got.vibrato - wanted.vibrato).abs().mean((1, 2))
    tuning = tuning + 20 * (got.detunes - wanted.detunes).abs().mean(1) + (got.log_inharmonicity - wanted.log_inharmonicity).abs()
    return (level + _CENTS_WEIGHT * tuning).mean()
