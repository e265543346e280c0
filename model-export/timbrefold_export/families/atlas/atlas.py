"""Atlas as a whole: encoder, decoder and detail together."""

import torch
from torch import Tensor, nn

from .data import Sounds
from .detail import DetailEncoder
from .model import Decoder, Encoder, ModelSettings, Played
from .rest import fit_detail, rest_of

#: Velocity at which a sound is taken to be played where nobody says (plugin/analysis/encode.ts).
ENCODED_VELOCITY = 0.8


class Atlas(nn.Module):
    """Encoder and decoder together."""

    def __init__(self, settings: ModelSettings) -> None:
        super().__init__()
        self.settings = settings
        self.encoder = Encoder(settings)
        self.decoder = Decoder(settings)
        self.detail_encoder = DetailEncoder(settings.detail) if settings.detail else None

    def plain(self, sounds: Sounds, z: Tensor | None = None) -> Played:
        """What the decoder plays of sounds by z alone (the encoder's where none is given)."""
        mean = self.encoder(sounds.frames, sounds.pitch)[0] if z is None else z
        vector = torch.nn.functional.pad(mean, (0, self.settings.detail))
        played: Played = self.decoder(vector, sounds.pitch, sounds.velocity, sounds.times.expand(len(sounds), -1))
        return played

    def encode(self, sounds: Sounds) -> Tensor:
        """Latent vectors z ++ detail of sounds, [n, dim]."""
        mean: Tensor = self.encoder(sounds.frames, sounds.pitch)[0]
        if self.detail_encoder is None:
            return mean
        return torch.cat([mean, self.detail_encoder(rest_of(self.plain(sounds, mean), sounds))], dim=1)

    def fit_detail(self, sounds: Sounds) -> None:
        """Finds the shapes of detail from the training sounds, for the networks as they are."""
        if self.detail_encoder is not None and self.decoder.detail is not None:
            with torch.no_grad():
                rests = [rest_of(self.plain(part), part) for part in sounds.batches()]
            fit_detail(self.decoder.detail, self.detail_encoder, rests, sounds)


def macs_per_row(model: Atlas) -> int:
    """Multiply-accumulates of one decoded row (matrix products only)."""
    layers = sum(m.weight.numel() for m in model.decoder.modules() if isinstance(m, nn.Linear))
    detail = model.decoder.detail
    return layers + (0 if detail is None else sum(shapes.numel() for shapes in detail.buffers()))
