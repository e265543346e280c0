"""The networks: an encoder from features to z, and a decoder from z and detail, pitch, velocity and note time to a frame.

A sound's latent vector is `z ++ detail`: z is what macros and map move and what the prior describes; detail makes it that very sound.
"""

from typing import NamedTuple

import torch
from pydantic import Field
from torch import Tensor, nn

from ...features import CENTS, DETUNE, DETUNES, INHARMONICITY, NOISE_BANDS, PARTIALS, RELEASE, VIBRATO
from ...generated.constants import FLOOR_DB
from ...settings import Settings
from .spectrum import erb_position, hats, partial_hz, power, to_db

#: Time scale of the frame grid (docs/contracts.md): t_j = A (exp(j ln(1 + T / A) / 47) - 1).
TIME_SCALE_SECONDS = 0.04
MAX_SECONDS = 3.0
FRAMES = 48
#: Columns of features that a frame of Atlas has and its encoder hears: all but the release.
HEARD = RELEASE
#: Levels an Atlas frame may have, dB.
CEILING_DB = 6.0
MAX_INHARMONICITY = 0.02
#: Inharmonicity is learned as log10(B + 1e-6) + 6: 0 for none, 4.3 at the most.
_B_OFFSET = 1e-6
_OUT_SCALE_DB = 20.0
#: Cents that the decoder's output 1 stands for, and the limits of what it may play.
_OUT_SCALE_CENTS = 10.0
MAX_CENTS = 200.0
MAX_VIBRATO_CENTS = 150.0
MAX_VIBRATO_HZ = 12.0
MAX_DETUNE_CENTS = 700.0
#: Detunes are learned as asinh(cents / this): cents while they are small, logarithmic for the modes of bells.
_DETUNE_SCALE_CENTS = 20.0
#: Tuning that detail offsets: cents and vibrato depth at onset and end, vibrato rate, log inharmonicity, detunes.
TUNING_OFFSETS = 6 + DETUNES
#: Outputs of the frame net beside levels: cents, vibrato depth and rate.
_PITCH_OUTPUTS = 3
_TIME_BASES = 16
#: The encoder's view by frequency ends here: below, a band's level would hang on the rounding of interpolation weights.
_ENVELOPE_FLOOR_POWER = 1e-8
#: Frames louder than the first (dB of power) are turned down smoothly and never exceed the second: no latent clips.
_KNEE_DB = -15.0
_LOUDEST_DB = -12.0


class ModelSettings(Settings):
    """Sizes of the networks."""

    latent: int = Field(default=16, ge=2, le=64)
    #: 0 for none, otherwise at least 16.
    detail: int = Field(default=128, ge=0, le=256)
    #: Partials that the decoder plays; those above are silent.
    partials: int = Field(default=PARTIALS, ge=8, le=PARTIALS)
    note: int = Field(default=128, ge=8)
    frame: int = Field(default=176, ge=8)
    blocks: int = Field(default=2, ge=1)
    #: Rank of the map from note to modulation; 0 leaves it whole.
    film_rank: int = Field(default=0, ge=0)
    encoder_frame: int = Field(default=96, ge=8)
    encoder_times: int = Field(default=12, ge=1)
    encoder: int = Field(default=256, ge=8)
    dropout: float = Field(default=0.0, ge=0, lt=1)

    @property
    def dim(self) -> int:
        """Numbers of a latent vector: z and detail."""
        return self.latent + self.detail


class Played(NamedTuple):
    """What the decoder says of notes, not limited: levels [n, t, 160] dB, log inharmonicity [n], cents [n, t], vibrato [n, t, 2]
    (depth in cents, rate in Hz), detunes [n, DETUNES] on their compressed scale."""

    levels: Tensor
    log_inharmonicity: Tensor
    cents: Tensor
    vibrato: Tensor
    detunes: Tensor


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


def compress_detunes(cents: Tensor) -> Tensor:
    """Detunes in cents as they are learned."""
    return torch.asinh(cents.clamp(-MAX_DETUNE_CENTS, MAX_DETUNE_CENTS) / _DETUNE_SCALE_CENTS)


def expand_detunes(compressed: Tensor) -> Tensor:
    """Cents of what is learned, within +-MAX_DETUNE_CENTS."""
    up = torch.exp(compressed.clamp(-5.0, 5.0))
    return (_DETUNE_SCALE_CENTS / 2 * (up - 1 / up)).clamp(-MAX_DETUNE_CENTS, MAX_DETUNE_CENTS)


class Encoder(nn.Module):
    """Features of a sound -> mean and log variance of its z."""

    def __init__(self, s: ModelSettings) -> None:
        super().__init__()
        self.frame = nn.Linear(PARTIALS + 2 * NOISE_BANDS + 8 + HEARD - INHARMONICITY, s.encoder_frame)
        self.time = nn.Linear(FRAMES, s.encoder_times)
        self.wide = nn.Linear(s.encoder_frame * s.encoder_times, s.encoder)
        self.deep = nn.Linear(s.encoder, s.encoder)
        self.dropout = nn.Dropout(s.dropout)
        self.out = nn.Linear(s.encoder, 2 * s.latent)

    def forward(self, frames: Tensor, pitch: Tensor) -> tuple[Tensor, Tensor]:
        """frames [n, 48, at least HEARD] as the analyser makes them, pitch [n] (MIDI note) -> mean and log variance of z [n, latent]."""
        levels_db = frames[..., :INHARMONICITY].clamp(FLOOR_DB, CEILING_DB)
        # The same spectrum once by partial and once by frequency: formants stay where they are when the pitch moves.
        weights = hats(erb_position(partial_hz(pitch, torch.zeros_like(pitch))))
        envelope = to_db(power(levels_db)[..., :PARTIALS] @ weights, _ENVELOPE_FLOOR_POWER)
        pitches = pitch_features(pitch)[:, None].expand(-1, FRAMES, -1)
        x = torch.cat([(levels_db + 60) / 30, (envelope + 60) / 30, pitches, _tuning_features(frames)], dim=-1)
        x = silu(self.frame(x)).transpose(1, 2)
        x = self.time(x).flatten(1)
        wide = silu(self.wide(self.dropout(x)))
        wide = wide + silu(self.deep(self.dropout(wide)))
        mean, log_variance = self.out(wide).chunk(2, dim=-1)
        return mean, log_variance.clamp(-8.0, 2.0)


def _tuning_features(frames: Tensor) -> Tensor:
    """Inharmonicity, cents, vibrato and detunes of frames [n, t, at least HEARD] on scales of about 1: [n, t, HEARD - 160]."""
    b = inharmonicity_to_log(frames[..., INHARMONICITY : INHARMONICITY + 1]) / 2
    cents = frames[..., CENTS : CENTS + 1].clamp(-MAX_CENTS, MAX_CENTS) / 20
    depth = frames[..., VIBRATO : VIBRATO + 1].clamp(0.0, MAX_VIBRATO_CENTS) / 20
    rate = frames[..., VIBRATO + 1 : VIBRATO + 2].clamp(0.0, MAX_VIBRATO_HZ) / 6
    detunes = compress_detunes(frames[..., DETUNE : DETUNE + DETUNES])
    return torch.cat([b, cents, depth, rate, detunes], dim=-1)


class Detail(nn.Module):
    """What makes a sound that very sound, beyond its z: offsets of everything a frame holds, each a weighted sum of shapes.

    No part of it is trained: `detail.py` finds the shapes and scales. Levels, cents and vibrato depth change over the note between two
    shapes (onset and end, on the logarithmic time of the frames); inharmonicity, vibrato rate and detunes stay.
    """

    levels_onset: Tensor
    levels_end: Tensor
    tuning: Tensor

    def __init__(self, s: ModelSettings) -> None:
        super().__init__()
        outputs = s.partials + NOISE_BANDS
        self.register_buffer("levels_onset", torch.zeros(s.detail, outputs))
        self.register_buffer("levels_end", torch.zeros(s.detail, outputs))
        self.register_buffer("tuning", torch.zeros(s.detail, TUNING_OFFSETS))

    def forward(self, played: Played, detail: Tensor, tau: Tensor) -> Played:
        """`played` with the offsets of detail [n, detail] at times tau [n, t]."""
        late = late_share(tau)[..., None]
        onset, end = (detail @ self.levels_onset)[:, None], (detail @ self.levels_end)[:, None]
        offset = (detail @ self.tuning)[:, None]
        cents = offset[..., 0] + late[..., 0] * (offset[..., 1] - offset[..., 0])
        depth = offset[..., 2:3] + late * (offset[..., 3:4] - offset[..., 2:3])
        rate = offset[..., 4:5].expand_as(depth)
        return Played(
            played.levels + onset + late * (end - onset),
            played.log_inharmonicity + offset[:, 0, 5],
            played.cents + cents,
            played.vibrato + torch.cat([depth, rate], dim=-1),
            played.detunes + offset[:, 0, 6:],
        )


def late_share(tau: Tensor) -> Tensor:
    """How late in the note a time is, on the logarithmic scale of the frames: 0 at the onset, 1 at MAX_SECONDS."""
    scale = torch.log1p(torch.tensor(MAX_SECONDS / TIME_SCALE_SECONDS))
    return torch.log1p(tau.clamp(0.0, MAX_SECONDS) / TIME_SCALE_SECONDS) / scale.to(tau)


class Decoder(nn.Module):
    """A note net (what the sound is) tells a frame net (when in the note) what to play."""

    mean_db: Tensor

    def __init__(self, s: ModelSettings) -> None:
        super().__init__()
        self.latent, self.partials = s.latent, s.partials
        self.levels = s.partials + NOISE_BANDS
        self.note_in = nn.Linear(s.latent + 9, s.note)
        self.note_deep = nn.Linear(s.note, s.note)
        modulation = s.frame * (1 + 2 * s.blocks)
        self.film_in = nn.Linear(s.note, s.film_rank, bias=False) if s.film_rank else nn.Identity()
        self.film = nn.Linear(s.film_rank or s.note, modulation)
        self.inharmonicity = nn.Linear(s.note, 1)
        self.detunes = nn.Linear(s.note, DETUNES)
        self.time = nn.Linear(_TIME_BASES + 2, s.frame, bias=False)
        self.blocks = nn.ModuleList(nn.Linear(s.frame, s.frame) for _ in range(s.blocks))
        outputs = self.levels + NOISE_BANDS + _PITCH_OUTPUTS
        self.out = nn.Linear(s.frame, outputs)
        self.detail = Detail(s) if s.detail else None
        self.register_buffer("mean_db", torch.full((INHARMONICITY,), -60.0))
        nn.init.normal_(self.out.weight, std=0.02)
        nn.init.zeros_(self.out.weight[-_PITCH_OUTPUTS:])
        nn.init.zeros_(self.detunes.weight)
        nn.init.zeros_(self.detunes.bias)
        nn.init.zeros_(self.out.bias)

    def note(self, vector: Tensor, pitch: Tensor, velocity: Tensor) -> Tensor:
        """What the frame net has to know of a note: vector [n, dim], pitch [n], velocity [n] -> [n, note]."""
        z = vector[:, : self.latent]
        x = silu(self.note_in(torch.cat([z, pitch_features(pitch), velocity[:, None]], dim=-1)))
        return silu(x + self.note_deep(x))

    def trunk(self, note: Tensor, tau: Tensor) -> Tensor:
        """note [n, note], tau [n, t] seconds -> [n, t, outputs]: by partial, by noise band, by frequency (for the partials), pitch."""
        shift, *modulation = self.film(self.film_in(note))[:, None].chunk(1 + 2 * len(self.blocks), dim=-1)
        h = silu(shift + self.time(time_features(tau)))
        for i, block in enumerate(self.blocks):
            h = h + silu(block(h) * (1 + modulation[2 * i]) + modulation[2 * i + 1])
        out: Tensor = self.out(h)
        return out

    def split(self, out: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Outputs of the trunk [.., outputs] as levels by number [.., partials + 32], envelope [.., 32] and pitch [.., 3]."""
        curve = self.levels + NOISE_BANDS
        return out[..., : self.levels], out[..., self.levels : curve], out[..., curve:]

    def mean_levels(self) -> Tensor:
        """The training sounds' mean levels of the partials and noise bands that this decoder plays, dB."""
        return torch.cat([self.mean_db[: self.partials], self.mean_db[PARTIALS:]])

    def forward(self, vector: Tensor, pitch: Tensor, velocity: Tensor, tau: Tensor) -> Played:
        """What notes sound like at times tau [n, t] seconds: vector [n, dim], pitch [n] (MIDI note), velocity [n]."""
        note = self.note(vector, pitch, velocity)
        by_number, envelope, tuning = self.split(self.trunk(note, tau))
        weights = hats(erb_position(partial_hz(pitch, torch.zeros_like(pitch))))[:, : self.partials]
        partials = by_number[..., : self.partials] + envelope @ weights.transpose(1, 2)
        levels = self.mean_levels() + _OUT_SCALE_DB * torch.cat([partials, by_number[..., self.partials :]], dim=-1)
        cents, vibrato = pitch_of(tuning)
        played = Played(levels, self.inharmonicity(note)[:, 0], cents, vibrato, self.detunes(note))
        if self.detail is not None:
            played = self.detail(played, vector[:, self.latent :], tau)
        if self.partials < PARTIALS:
            levels = played.levels
            silent = torch.full_like(levels[..., :1], FLOOR_DB).expand(-1, -1, PARTIALS - self.partials)
            played = played._replace(levels=torch.cat([levels[..., : self.partials], silent, levels[..., self.partials :]], dim=-1))
        return played

    def play(self, vector: Tensor, pitch: Tensor, velocity: Tensor, tau: Tensor) -> Tensor:
        """Frames [n, t, HEARD] as the bundle's decoder gives them, limited."""
        played = self(vector, pitch, velocity, tau)
        times = played.levels.shape[1]
        b = inharmonicity_from_log(played.log_inharmonicity)[:, None, None].expand(-1, times, 1)
        detunes = expand_detunes(played.detunes)[:, None].expand(-1, times, -1)
        return torch.cat([playable(played.levels), b, limited_pitch(played.cents, played.vibrato, detunes)], dim=-1)


def pitch_of(out: Tensor) -> tuple[Tensor, Tensor]:
    """The trunk's pitch outputs [.., 3] as cents [..] and vibrato [.., 2] (depth in cents, rate in Hz)."""
    return _OUT_SCALE_CENTS * out[..., 0], torch.cat([_OUT_SCALE_CENTS * out[..., 1:2], 5 + out[..., 2:3]], dim=-1)


def limited_pitch(cents: Tensor, vibrato: Tensor, detunes: Tensor) -> Tensor:
    """Cents [..] and vibrato [.., 2] inside their limits, detunes [.., DETUNES] as they are, [.., 3 + DETUNES]."""
    depth, rate = vibrato[..., :1].clamp(0.0, MAX_VIBRATO_CENTS), vibrato[..., 1:].clamp(0.0, MAX_VIBRATO_HZ)
    return torch.cat([cents[..., None].clamp(-MAX_CENTS, MAX_CENTS), depth, rate, detunes], dim=-1)


def playable(levels_db: Tensor, partials: int = PARTIALS) -> Tensor:
    """Levels [.., partials + 32] limited so that no frame exceeds _LOUDEST_DB of power; ordinary frames stay as they are."""
    levels_db = levels_db.clamp(FLOOR_DB, CEILING_DB)
    over = torch.relu(to_db(power(levels_db, partials).sum(-1, keepdim=True)) - _KNEE_DB)
    room = _LOUDEST_DB - _KNEE_DB
    return (levels_db - (over - room * torch.tanh(over / room))).clamp(FLOOR_DB, CEILING_DB)


class RowDecoder(nn.Module):
    """The decoder as the bundle exports it: one row, one frame, limited and finite; columns as `frame_layout` names them."""

    def __init__(self, decoder: Decoder) -> None:
        super().__init__()
        self.decoder = decoder

    def forward(self, z: Tensor, pitch: Tensor, velocity: Tensor, tau: Tensor) -> Tensor:
        """z [batch, dim] (the whole vector), pitch, velocity, tau [batch] -> [batch, frame]."""
        d = self.decoder
        note = d.note(z, pitch, velocity)
        by_number, envelope, tuning = d.split(d.trunk(note, tau[:, None])[:, 0])
        # Two look-ups a partial instead of a matrix a row: the same linear interpolation.
        position = erb_position(partial_hz(pitch, torch.zeros_like(pitch))[:, : d.partials])
        below = position.floor().clamp(max=NOISE_BANDS - 2.0)
        index = below.to(torch.int64)
        share = position - below
        low, high = torch.gather(envelope, 1, index), torch.gather(envelope, 1, index + 1)
        partials = by_number[:, : d.partials] + low + share * (high - low)
        levels = d.mean_levels() + _OUT_SCALE_DB * torch.cat([partials, by_number[:, d.partials :]], dim=-1)
        cents, vibrato = pitch_of(tuning)
        played = Played(levels[:, None], d.inharmonicity(note)[:, 0], cents[:, None], vibrato[:, None], d.detunes(note))
        if d.detail is not None:
            played = d.detail(played, z[:, d.latent :], tau[:, None])
        b = inharmonicity_from_log(played.log_inharmonicity)[:, None]
        pitched = limited_pitch(played.cents[:, 0], played.vibrato[:, 0], expand_detunes(played.detunes))
        return torch.cat([playable(played.levels[:, 0], d.partials), b, pitched], dim=-1)


def frame_layout(settings: ModelSettings) -> list[tuple[str, int]]:
    """Names and sizes of a row's columns, in order."""
    return [
        ("partials", settings.partials),
        ("noise", NOISE_BANDS),
        ("inharmonicity", 1),
        ("cents", 1),
        ("vibrato", 2),
        ("detunes", DETUNES),
    ]
