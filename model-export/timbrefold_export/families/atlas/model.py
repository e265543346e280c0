"""The networks: an encoder from features to z, and a decoder from z and detail, pitch, velocity and note time to a frame.

A sound's latent vector is `z ++ detail`: z is what macros and map move and what the prior describes; detail makes it that very sound.

A frame is loudness times timbre: how loud the note is at each time is a curve of its own (`Loudness`), whose highest point is always
LOUDEST_DB, and the frame net's levels are moved to it. So whatever the latent is, between two sounds or far from all, the note is as
loud as every other. So is f0: a curve whose mean, as it is heard, is the key's pitch.
"""

from typing import NamedTuple

import torch
from pydantic import Field, model_validator
from torch import Tensor, nn

from ...features import CENTS, DETUNE, DETUNES, INHARMONICITY, NOISE_BANDS, PARTIALS, RELEASE, VIBRATO
from ...generated.constants import FLOOR_DB
from ...settings import Settings
from .detail import LEAST_DETAIL, Detail, Said
from .scales import (
    CEILING_DB,
    LOUDEST_DB,
    MAX_CENTS,
    MAX_VIBRATO_CENTS,
    MAX_VIBRATO_HZ,
    compress_detunes,
    expand_detunes,
    inharmonicity_from_log,
    inharmonicity_to_log,
    release_from_log,
)
from .spectrum import erb_position, hats, loudness_of, partial_hz, power, to_db
from .time_axis import BASES, FRAMES, along, in_tune, late_share, time_features

#: dB that the decoder's output 1 stands for.
OUT_SCALE_DB = 20.0
#: Cents that the decoder's output 1 stands for.
OUT_SCALE_CENTS = 10.0
#: Rate of a vibrato of which nothing else is known.
USUAL_VIBRATO_HZ = 5.0
#: Outputs of the frame net beside levels: vibrato depth and rate.
_PITCH_OUTPUTS = 2
#: The encoder's view by frequency ends here: below, a band's level would hang on the rounding of interpolation weights.
_ENVELOPE_FLOOR_POWER = 1e-8


class ModelSettings(Settings):
    """Sizes of the networks."""

    latent: int = Field(default=24, ge=8, le=64)
    #: 0 for none, otherwise at least LEAST_DETAIL.
    detail: int = Field(default=240, ge=0, le=256)
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

    @model_validator(mode="after")
    def _enough_detail(self) -> "ModelSettings":
        if 0 < self.detail < LEAST_DETAIL:
            raise ValueError(f"detail is {self.detail}; it must be 0 or at least {LEAST_DETAIL}")
        return self

    @property
    def dim(self) -> int:
        """Numbers of a latent vector: z and detail."""
        return self.latent + self.detail


class Played(NamedTuple):
    """What the decoder says of notes, not limited: levels [n, t, partials + 32] dB, their loudness [n, t] (dB of power), log
    inharmonicity [n], cents [n, t], vibrato [n, t, 2] (depth in cents, rate in Hz), detunes [n, DETUNES] on their compressed scale,
    log release [n]."""

    levels: Tensor
    loudness: Tensor
    log_inharmonicity: Tensor
    cents: Tensor
    vibrato: Tensor
    detunes: Tensor
    log_release: Tensor


def silu(x: Tensor) -> Tensor:
    """x * sigmoid(x), written out because the fused form has no exportable gradient."""
    return x * torch.sigmoid(x)


def pitch_features(pitch: Tensor) -> Tensor:
    """Smooth features of a MIDI note: itself, its square, and sines and cosines of three periods: [n] -> [n, 8]."""
    p = (pitch[:, None] - 60) / 24
    quarter = torch.pi / 2
    turns, shifts = torch.tensor([1.0, 1.0, 2.0, 2.0, 3.0, 3.0]).to(p), torch.tensor([0.0, quarter] * 3).to(p)
    return torch.cat([p, p * p, torch.sin(p * (turns * quarter) + shifts)], dim=-1)


class Encoder(nn.Module):
    """Features of a sound -> mean and log variance of its z."""

    def __init__(self, s: ModelSettings) -> None:
        super().__init__()
        self.frame = nn.Linear(PARTIALS + 2 * NOISE_BANDS + 8 + RELEASE - INHARMONICITY, s.encoder_frame)
        self.time = nn.Linear(FRAMES, s.encoder_times)
        self.wide = nn.Linear(s.encoder_frame * s.encoder_times, s.encoder)
        self.deep = nn.Linear(s.encoder, s.encoder)
        self.dropout = nn.Dropout(s.dropout)
        self.out = nn.Linear(s.encoder, 2 * s.latent)

    def forward(self, frames: Tensor, pitch: Tensor) -> tuple[Tensor, Tensor]:
        """frames [n, 48, at least RELEASE] as the analyser makes them, pitch [n] (MIDI note) -> mean and log variance of z [n, latent]."""
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
    """Inharmonicity, cents, vibrato and detunes of frames [n, t, at least RELEASE] on scales of about 1: [n, t, RELEASE - 160]."""
    b = inharmonicity_to_log(frames[..., INHARMONICITY : INHARMONICITY + 1]) / 2
    cents = frames[..., CENTS : CENTS + 1].clamp(-MAX_CENTS, MAX_CENTS) / 20
    depth = frames[..., VIBRATO : VIBRATO + 1].clamp(0.0, MAX_VIBRATO_CENTS) / 20
    rate = frames[..., VIBRATO + 1 : VIBRATO + 2].clamp(0.0, MAX_VIBRATO_HZ) / 6
    detunes = compress_detunes(frames[..., DETUNE : DETUNE + DETUNES])
    return torch.cat([b, cents, depth, rate, detunes], dim=-1)


class Decoder(nn.Module):
    """A note net (what the sound is) tells a frame net (when in the note) what to play.

    The frame net says the timbre, a curve over the frame times the loudness; both also follow z along straight lines (`straight`), so
    that turning a latent far goes on doing what it does.
    """

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
        self.loudness = nn.Linear(s.note, FRAMES)
        self.cents = nn.Linear(s.note, FRAMES)
        self.inharmonicity = nn.Linear(s.note, 1)
        self.detunes = nn.Linear(s.note, DETUNES)
        self.release = nn.Linear(s.note, 1)
        self.time = nn.Linear(BASES + 2, s.frame, bias=False)
        self.blocks = nn.ModuleList(nn.Linear(s.frame, s.frame) for _ in range(s.blocks))
        outputs = self.levels + NOISE_BANDS + _PITCH_OUTPUTS
        self.out = nn.Linear(s.frame, outputs)
        self.straight = nn.Linear(s.latent, 2 * self.levels + FRAMES, bias=False)
        self.detail = Detail(s.detail, self.levels) if s.detail else None
        self.register_buffer("mean_db", torch.full((INHARMONICITY,), -60.0))
        nn.init.normal_(self.out.weight, std=0.02)
        nn.init.zeros_(self.out.weight[-_PITCH_OUTPUTS:])
        for head in (self.cents, self.detunes, self.release):
            nn.init.zeros_(head.weight)
            nn.init.zeros_(head.bias)
        nn.init.zeros_(self.out.bias)
        nn.init.zeros_(self.straight.weight)

    def note(self, vector: Tensor, pitch: Tensor, velocity: Tensor) -> Tensor:
        """What the frame net has to know of a note: vector [n, dim], pitch [n], velocity [n] -> [n, note]."""
        z = vector[:, : self.latent]
        x = silu(self.note_in(torch.cat([z, pitch_features(pitch), velocity[:, None]], dim=-1)))
        return silu(x + self.note_deep(x))

    def trunk(self, note: Tensor, tau: Tensor) -> Tensor:
        """note [n, note], tau [n, t] seconds -> [n, t, outputs]: by partial, by noise band, by frequency (for the partials), vibrato."""
        shift, *modulation = self.film(self.film_in(note))[:, None].chunk(1 + 2 * len(self.blocks), dim=-1)
        h = silu(shift + self.time(time_features(tau)))
        for i, block in enumerate(self.blocks):
            h = h + silu(block(h) * (1 + modulation[2 * i]) + modulation[2 * i + 1])
        out: Tensor = self.out(h)
        return out

    def split(self, out: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Outputs of the trunk [.., outputs] as levels by number [.., partials + 32], envelope [.., 32] and vibrato [.., 2]."""
        curve = self.levels + NOISE_BANDS
        return out[..., : self.levels], out[..., self.levels : curve], out[..., curve:]

    def assemble(self, vector: Tensor, note: Tensor, by_number: Tensor, formants: Tensor, sway: Tensor, tau: Tensor) -> Played:
        """The frame net's outputs, with what follows z along straight lines and with detail, as what is played: by_number
        [n, t, levels], formants [n, t, partials] (the envelope at the partials' frequencies), sway [n, t, 2] (vibrato), tau [n, t]."""
        partials = by_number[..., : self.partials] + formants
        timbre = self.mean_levels() + OUT_SCALE_DB * torch.cat([partials, by_number[..., self.partials :]], dim=-1)
        onset, end, curve = self._straight(vector)
        late = late_share(tau)[..., None]
        timbre = timbre + onset[:, None] + late * (end - onset)[:, None]
        vibrato = torch.cat([OUT_SCALE_CENTS * sway[..., :1], USUAL_VIBRATO_HZ + sway[..., 1:]], dim=-1)
        said = Said(
            timbre,
            OUT_SCALE_DB * self.loudness(note) + curve,
            OUT_SCALE_CENTS * self.cents(note),
            vibrato,
            self.inharmonicity(note)[:, 0],
            self.detunes(note),
            self.release(note)[:, 0],
        )
        if self.detail is not None:
            said = self.detail(said, vector[:, self.latent :], tau)
        curve = _at_most(said.curve)
        loudness, cents = along(curve, tau), along(in_tune(said.cents, curve), tau)
        levels = _as_loud(said.timbre, loudness, self.partials)
        return Played(levels, loudness, said.log_inharmonicity, cents, said.vibrato, said.detunes, said.log_release)

    def mean_levels(self) -> Tensor:
        """Mean of the training sounds' levels, of those that are played: [levels] dB."""
        return torch.cat([self.mean_db[: self.partials], self.mean_db[PARTIALS:]])

    def loudness_curve(self, vector: Tensor, pitch: Tensor, velocity: Tensor) -> Tensor:
        """Loudness at the frame times, dB of power, [n, FRAMES]; its highest point is LOUDEST_DB. Without detail."""
        curve = OUT_SCALE_DB * self.loudness(self.note(vector, pitch, velocity)) + self._straight(vector)[2]
        return _at_most(curve)

    def forward(self, vector: Tensor, pitch: Tensor, velocity: Tensor, tau: Tensor) -> Played:
        """What notes sound like at times tau [n, t] seconds: vector [n, dim], pitch [n] (MIDI note), velocity [n]; 160 levels a frame."""
        note = self.note(vector, pitch, velocity)
        by_number, envelope, sway = self.split(self.trunk(note, tau))
        weights = hats(erb_position(partial_hz(pitch, torch.zeros_like(pitch))))[:, : self.partials]
        played = self.assemble(vector, note, by_number, envelope @ weights.transpose(1, 2), sway, tau)
        if self.partials < PARTIALS:
            levels = played.levels
            silent = torch.full_like(levels[..., :1], FLOOR_DB).expand(-1, -1, PARTIALS - self.partials)
            played = played._replace(levels=torch.cat([levels[..., : self.partials], silent, levels[..., self.partials :]], dim=-1))
        return played

    def play(self, vector: Tensor, pitch: Tensor, velocity: Tensor, tau: Tensor) -> Tensor:
        """Frames [n, t, COLUMNS] as the bundle's decoder gives them, limited."""
        return frames_of(self(vector, pitch, velocity, tau))

    def _straight(self, vector: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """What follows z along straight lines, dB: levels at onset and end [n, levels], loudness at the frame times [n, FRAMES]."""
        onset, end, curve = (OUT_SCALE_DB * self.straight(vector[:, : self.latent])).split([self.levels, self.levels, FRAMES], dim=1)
        return onset, end, curve


def _at_most(curve: Tensor) -> Tensor:
    """Loudness curves [n, FRAMES] moved so that their highest points are at LOUDEST_DB."""
    return curve - curve.amax(1, keepdim=True) + LOUDEST_DB


def _as_loud(timbre: Tensor, loudness: Tensor, partials: int) -> Tensor:
    """Levels [n, t, partials + 32] moved, frame by frame, to a loudness [n, t] (dB of power)."""
    below = timbre - timbre.amax(-1, keepdim=True)
    return below + (loudness - loudness_of(below, partials))[..., None]


def frames_of(played: Played) -> Tensor:
    """What is played as frames [n, t, columns], limited and finite; columns as `frame_layout` names them."""
    shape = played.cents.shape
    depth, rate = played.vibrato[..., :1].clamp(0.0, MAX_VIBRATO_CENTS), played.vibrato[..., 1:].clamp(0.0, MAX_VIBRATO_HZ)

    def held(values: Tensor) -> Tensor:
        """Numbers of the note [n, k] in each of its frames."""
        return values[:, None].expand(*shape, values.shape[-1])

    columns = [playable(played.levels), held(inharmonicity_from_log(played.log_inharmonicity)[:, None])]
    columns += [played.cents[..., None].clamp(-MAX_CENTS, MAX_CENTS), depth, rate]
    columns += [held(expand_detunes(played.detunes)), held(release_from_log(played.log_release)[:, None])]
    return torch.cat(columns, dim=-1)


def playable(levels_db: Tensor) -> Tensor:
    """Levels within what a frame may hold."""
    return levels_db.clamp(FLOOR_DB, CEILING_DB)


def frame_layout(settings: ModelSettings) -> list[tuple[str, int]]:
    """Names and sizes of a row's columns, in order."""
    return [
        ("partials", settings.partials),
        ("noise", NOISE_BANDS),
        ("inharmonicity", 1),
        ("cents", 1),
        ("vibrato", 2),
        ("detunes", DETUNES),
        ("release", 1),
    ]
