"""The networks: an encoder from features to a latent, and a decoder from latent, pitch, velocity and note time to a frame."""

import torch
from pydantic import Field
from torch import Tensor, nn

from ...features import INHARMONICITY, NOISE_BANDS, PARTIALS
from ...generated.constants import FLOOR_DB
from ...settings import Settings
from .spectrum import erb_position, hats, partial_hz, power, to_db

#: Time scale of the frame grid (docs/contracts.md): t_j = A (exp(j ln(1 + T / A) / 47) - 1).
TIME_SCALE_SECONDS = 0.04
MAX_SECONDS = 3.0
FRAMES = 48
#: Levels an Atlas frame may have, dB.
CEILING_DB = 6.0
MAX_INHARMONICITY = 0.02
#: Inharmonicity is learned as log10(B + 1e-6) + 6: 0 for none, 4.3 at the most.
_B_OFFSET = 1e-6
_OUT_SCALE_DB = 20.0
_TIME_BASES = 16
#: The encoder's view by frequency ends here: below, a band's level would hang on the rounding of interpolation weights.
_ENVELOPE_FLOOR_POWER = 1e-8
#: Frames louder than the first (dB of power) are turned down smoothly and never exceed the second: no latent clips.
_KNEE_DB = -15.0
_LOUDEST_DB = -12.0


class ModelSettings(Settings):
    """Sizes of the networks."""

    latent: int = Field(default=16, ge=2, le=64)
    note: int = Field(default=128, ge=8)
    frame: int = Field(default=176, ge=8)
    blocks: int = Field(default=2, ge=1)
    encoder_frame: int = Field(default=96, ge=8)
    encoder_times: int = Field(default=12, ge=1)
    encoder: int = Field(default=256, ge=8)
    dropout: float = Field(default=0.0, ge=0, lt=1)


def silu(x: Tensor) -> Tensor:
    """x * sigmoid(x), written out because the fused form has no exportable gradient."""
    return x * torch.sigmoid(x)


def pitch_features(pitch: Tensor) -> Tensor:
    """Smooth features of a MIDI note: [n] -> [n, 8]."""
    p = (pitch - 60) / 24
    waves = [f(p * (k * torch.pi / 2)) for k in (1, 2, 3) for f in (torch.sin, torch.cos)]
    return torch.stack([p, p * p, *waves], dim=-1)


def time_features(tau: Tensor) -> Tensor:
    """Features of note time in seconds: [..] -> [.., 18]: radial bases on log time, log time, time."""
    tau = tau.clamp(0.0, MAX_SECONDS)
    scale = torch.log1p(torch.tensor(MAX_SECONDS / TIME_SCALE_SECONDS))
    u = torch.log1p(tau / TIME_SCALE_SECONDS) / scale.to(tau)
    centres = torch.linspace(0, 1, _TIME_BASES, dtype=tau.dtype, device=tau.device)
    bases = torch.exp(-0.5 * ((u[..., None] - centres) * (_TIME_BASES - 1)) ** 2)
    return torch.cat([bases, u[..., None], tau[..., None] / MAX_SECONDS], dim=-1)


def inharmonicity_to_log(b: Tensor) -> Tensor:
    """B as the decoder learns it, 0..4.3."""
    return torch.log10(b.clamp(0.0, MAX_INHARMONICITY) + _B_OFFSET) + 6


def inharmonicity_from_log(value: Tensor) -> Tensor:
    """B from what the decoder says, 0..MAX_INHARMONICITY."""
    return (torch.exp((value.clamp(0.0, 4.5) - 6) * 2.302585092994046) - _B_OFFSET).clamp(0.0, MAX_INHARMONICITY)


class Encoder(nn.Module):
    """Features of a sound -> mean and log variance of its latent."""

    def __init__(self, s: ModelSettings) -> None:
        super().__init__()
        self.frame = nn.Linear(PARTIALS + 2 * NOISE_BANDS + 8, s.encoder_frame)
        self.time = nn.Linear(FRAMES, s.encoder_times)
        self.wide = nn.Linear(s.encoder_frame * s.encoder_times, s.encoder)
        self.deep = nn.Linear(s.encoder, s.encoder)
        self.dropout = nn.Dropout(s.dropout)
        self.out = nn.Linear(s.encoder, 2 * s.latent)

    def forward(self, levels_db: Tensor, pitch: Tensor) -> tuple[Tensor, Tensor]:
        """levels [n, 48, 160] dB, pitch [n] -> mean [n, latent], log variance [n, latent]."""
        levels_db = levels_db.clamp(FLOOR_DB, CEILING_DB)
        # The same spectrum once by partial and once by frequency: formants stay where they are when the pitch moves.
        weights = hats(erb_position(partial_hz(pitch, torch.zeros_like(pitch))))
        envelope = to_db(power(levels_db)[..., :PARTIALS] @ weights, _ENVELOPE_FLOOR_POWER)
        pitches = pitch_features(pitch)[:, None].expand(-1, levels_db.shape[1], -1)
        x = torch.cat([(levels_db + 60) / 30, (envelope + 60) / 30, pitches], dim=-1)
        x = self.time(silu(self.frame(x)).transpose(1, 2))
        x = silu(self.wide(self.dropout(x.flatten(1))))
        x = x + silu(self.deep(self.dropout(x)))
        mean, log_variance = self.out(x).chunk(2, dim=-1)
        return mean, log_variance.clamp(-8.0, 2.0)


class Decoder(nn.Module):
    """A note net (what the sound is) tells a frame net (when in the note) what to play."""

    mean_db: Tensor

    def __init__(self, s: ModelSettings) -> None:
        super().__init__()
        self.note_in = nn.Linear(s.latent + 9, s.note)
        self.note_deep = nn.Linear(s.note, s.note)
        self.film = nn.Linear(s.note, s.frame * (1 + 2 * s.blocks))
        self.inharmonicity = nn.Linear(s.note, 1)
        self.time = nn.Linear(_TIME_BASES + 2, s.frame, bias=False)
        self.blocks = nn.ModuleList(nn.Linear(s.frame, s.frame) for _ in range(s.blocks))
        self.out = nn.Linear(s.frame, PARTIALS + 2 * NOISE_BANDS)
        self.register_buffer("mean_db", torch.full((INHARMONICITY,), -60.0))
        nn.init.normal_(self.out.weight, std=0.02)
        nn.init.zeros_(self.out.bias)

    def note(self, z: Tensor, pitch: Tensor, velocity: Tensor) -> Tensor:
        """What the frame net has to know of a note: z [n, latent], pitch [n], velocity [n] -> [n, note]."""
        x = silu(self.note_in(torch.cat([z, pitch_features(pitch), velocity[:, None]], dim=-1)))
        return silu(x + self.note_deep(x))

    def trunk(self, note: Tensor, tau: Tensor) -> Tensor:
        """note [n, note], tau [n, t] seconds -> [n, t, 192]: by partial, by noise band, by frequency (for the partials)."""
        shift, *modulation = self.film(note)[:, None].chunk(1 + 2 * len(self.blocks), dim=-1)
        h = silu(shift + self.time(time_features(tau)))
        for i, block in enumerate(self.blocks):
            h = h + silu(block(h) * (1 + modulation[2 * i]) + modulation[2 * i + 1])
        out: Tensor = self.out(h)
        return out

    def log_inharmonicity(self, note: Tensor) -> Tensor:
        """The note's inharmonicity on the logarithmic scale it is learned on, [n]."""
        out: Tensor = self.inharmonicity(note)[:, 0]
        return out

    def forward(self, z: Tensor, pitch: Tensor, velocity: Tensor, tau: Tensor) -> tuple[Tensor, Tensor]:
        """Levels [n, t, 160] in dB (not limited) and log inharmonicity [n] of notes at times tau [n, t]."""
        note = self.note(z, pitch, velocity)
        out = self.trunk(note, tau)
        by_index, envelope = out[..., :INHARMONICITY], out[..., INHARMONICITY:]
        weights = hats(erb_position(partial_hz(pitch, torch.zeros_like(pitch))))
        partials = by_index[..., :PARTIALS] + envelope @ weights.transpose(1, 2)
        levels = torch.cat([partials, by_index[..., PARTIALS:]], dim=-1)
        return self.mean_db + _OUT_SCALE_DB * levels, self.log_inharmonicity(note)

    def play(self, z: Tensor, pitch: Tensor, velocity: Tensor, tau: Tensor) -> Tensor:
        """Frames [n, t, 161] as the bundle's decoder gives them: limited levels, and B."""
        levels, log_b = self(z, pitch, velocity, tau)
        b = inharmonicity_from_log(log_b)[:, None, None].expand(-1, levels.shape[1], 1)
        return torch.cat([playable(levels), b], dim=-1)


def playable(levels_db: Tensor) -> Tensor:
    """Levels [.., 160] limited so that no frame exceeds _LOUDEST_DB of power; ordinary frames stay as they are."""
    levels_db = levels_db.clamp(FLOOR_DB, CEILING_DB)
    over = torch.relu(to_db(power(levels_db).sum(-1, keepdim=True)) - _KNEE_DB)
    room = _LOUDEST_DB - _KNEE_DB
    return (levels_db - (over - room * torch.tanh(over / room))).clamp(FLOOR_DB, CEILING_DB)


class RowDecoder(nn.Module):
    """The decoder as the bundle exports it: one row, one frame [partials | noise | inharmonicity], limited and finite."""

    def __init__(self, decoder: Decoder) -> None:
        super().__init__()
        self.decoder = decoder

    def forward(self, z: Tensor, pitch: Tensor, velocity: Tensor, tau: Tensor) -> Tensor:
        """z [batch, latent], pitch, velocity, tau [batch] -> [batch, 161]."""
        d = self.decoder
        note = d.note(z, pitch, velocity)
        out = d.trunk(note, tau[:, None])[:, 0]
        by_index, envelope = out[:, :INHARMONICITY], out[:, INHARMONICITY:]
        # Two look-ups a partial instead of a matrix a row: the same linear interpolation.
        position = erb_position(partial_hz(pitch, torch.zeros_like(pitch)))
        below = position.floor().clamp(max=NOISE_BANDS - 2.0)
        index = below.to(torch.int64)
        share = position - below
        low, high = torch.gather(envelope, 1, index), torch.gather(envelope, 1, index + 1)
        partials = by_index[:, :PARTIALS] + low + share * (high - low)
        levels = d.mean_db + _OUT_SCALE_DB * torch.cat([partials, by_index[:, PARTIALS:]], dim=-1)
        b = inharmonicity_from_log(d.log_inharmonicity(note))
        return torch.cat([playable(levels), b[:, None]], dim=-1)


class Atlas(nn.Module):
    """Encoder and decoder together."""

    def __init__(self, settings: ModelSettings) -> None:
        super().__init__()
        self.settings = settings
        self.encoder = Encoder(settings)
        self.decoder = Decoder(settings)


def macs_per_row(model: Atlas) -> int:
    """Multiply-accumulates of one decoded row (matrix products only)."""
    return sum(m.weight.numel() for m in model.decoder.modules() if isinstance(m, nn.Linear))
