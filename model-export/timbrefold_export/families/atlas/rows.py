"""The decoder as bundles play it, a row a frame: what `Decoder` says, in half the operators.

A row is little arithmetic in many small operators, and each of those costs. So linear layers that stand side by side are one matrix,
scales and means are in the weights, and what several outputs need is made once. A test holds the two decoders together.
"""

import math

import torch
from torch import Tensor, nn

from ...features import DETUNES, NOISE_BANDS
from ...generated.constants import FLOOR_DB
from .detail import UNITS, Detail, components_of
from .model import OUT_SCALE_CENTS, OUT_SCALE_DB, USUAL_VIBRATO_HZ, Decoder, pitch_features, silu
from .scales import (
    CEILING_DB,
    LOUDEST_DB,
    MAX_CENTS,
    MAX_VIBRATO_CENTS,
    MAX_VIBRATO_HZ,
    expand_detunes,
    inharmonicity_from_log,
    release_from_log,
)
from .spectrum import erb_position, harmonic_hz
from .time_axis import FRAMES, frame_shares, late_share, spans, time_features

#: Curves of a note over the frame times: loudness, f0 and vibrato depth.
_CURVES = 3
#: What a note says beside its timbre: the curves, then vibrato rate, log inharmonicity, compressed detunes, log release.
_TOLD = [_CURVES * FRAMES, 1, 1, DETUNES, 1]


class RowDecoder(nn.Module):
    """One row, one frame, limited and finite; columns as `frame_layout` names them."""

    spans: Tensor
    power: Tensor

    def __init__(self, decoder: Decoder) -> None:
        super().__init__()
        self.latent, self.levels, self.partials = decoder.latent, decoder.levels, decoder.partials
        #: Numbers at the beginning of a vector that the levels follow along straight lines.
        self.straight = decoder.latent + (0 if decoder.detail is None else len(decoder.detail.levels_onset))
        self.note_in, self.note_deep, self.film_in = decoder.note_in, decoder.note_deep, decoder.film_in
        self.time, self.blocks = decoder.time, decoder.blocks
        with torch.no_grad():
            self.film, self.out, self.line, self.tell = _film(decoder), _out(decoder), _line(decoder), _tell(decoder)
        self.register_buffer("spans", spans(torch.zeros(()))[:, None])
        self.register_buffer("power", torch.cat([torch.full((self.partials, 1), 0.5), torch.ones(NOISE_BANDS, 1)]))

    def forward(self, vector: Tensor, pitch: Tensor, velocity: Tensor, tau: Tensor) -> Tensor:
        """vector [batch, dim], pitch, velocity, tau [batch] -> [batch, frame]."""
        z, late = vector[:, : self.latent], late_share(tau)[:, None]
        note = silu(self.note_in(torch.cat([z, pitch_features(pitch), velocity[:, None]], dim=-1)))
        note = silu(note + self.note_deep(note))
        by_number, envelope, rise, depth, rate = self._trunk(note, tau)
        onset, slope = self.line(vector[:, : self.straight]).chunk(2, dim=-1)
        timbre = by_number + self._formants(envelope, rise, pitch) + onset + late * slope
        below = timbre - timbre.amax(-1, keepdim=True)
        own_loudness = 10 / math.log(10) * torch.log(torch.exp(below * (math.log(10) / 10)) @ self.power)

        told = self.tell(torch.cat([note, z, vector[:, self.straight :]], dim=-1))
        curves, faster, log_inharmonicity, detunes, log_release = torch.split(told, _TOLD, dim=-1)
        loudness, cents, deeper = self._along(curves, late)
        columns = [(below + (loudness - own_loudness)).clamp(FLOOR_DB, CEILING_DB), inharmonicity_from_log(log_inharmonicity)]
        columns += [cents.clamp(-MAX_CENTS, MAX_CENTS), (depth + deeper).clamp(0.0, MAX_VIBRATO_CENTS)]
        columns += [(rate + faster).clamp(0.0, MAX_VIBRATO_HZ), expand_detunes(detunes), release_from_log(log_release)]
        return torch.cat(columns, dim=-1)

    def _trunk(self, note: Tensor, tau: Tensor) -> tuple[Tensor, ...]:
        """By number [batch, levels], by frequency and its rise to the next band [batch, 32], vibrato depth and rate [batch, 1]."""
        shift, *modulation = self.film(self.film_in(note)).chunk(1 + 2 * len(self.blocks), dim=-1)
        h = silu(shift + self.time(time_features(tau)))
        for i, block in enumerate(self.blocks):
            h = h + silu(block(h) * modulation[2 * i] + modulation[2 * i + 1])
        return torch.split(self.out(h), [self.levels, NOISE_BANDS, NOISE_BANDS, 1, 1], dim=-1)

    def _formants(self, envelope: Tensor, rise: Tensor, pitch: Tensor) -> Tensor:
        """The envelope at the partials' frequencies by linear interpolation, and nothing for the noise bands: [batch, levels]."""
        position = erb_position(harmonic_hz(pitch, self.partials))
        below = position.floor()
        index = below.to(torch.int64)
        at_partials = torch.gather(envelope, 1, index) + (position - below) * torch.gather(rise, 1, index)
        return nn.functional.pad(at_partials, (0, NOISE_BANDS))

    def _along(self, curves: Tensor, late: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Loudness (its highest point at LOUDEST_DB), cents (in tune, as `in_tune` means it) and vibrato depth at a time, [batch, 1]."""
        loudness, cents, _ = curves.chunk(_CURVES, dim=-1)
        highest = loudness.amax(-1, keepdim=True)
        heard = torch.exp((loudness - highest) * (math.log(10) / 20))
        mean = ((cents * heard) @ self.spans) / (heard @ self.spans)
        now, now_cents, now_depth = (curves.view(-1, _CURVES, FRAMES) @ frame_shares(late)[..., None])[..., 0].chunk(_CURVES, dim=-1)
        return now - highest + LOUDEST_DB, now_cents - mean, now_depth


def _film(decoder: Decoder) -> nn.Linear:
    """Note to modulation, with the 1 that a scale differs from."""
    scales = torch.zeros(1 + 2 * len(decoder.blocks), 1)
    scales[1::2] = 1
    return _linear(decoder.film.weight, decoder.film.bias + scales.expand(-1, decoder.time.out_features).flatten())


def _out(decoder: Decoder) -> nn.Linear:
    """The trunk's outputs in dB and cents, the mean level and the usual vibrato with them, and how the envelope rises from band to band."""

    def scaled(values: Tensor) -> Tensor:
        by_number, envelope, depth, rate = torch.split(values, [decoder.levels, NOISE_BANDS, 1, 1])
        envelope = OUT_SCALE_DB * envelope
        rise = torch.cat([envelope[1:] - envelope[:-1], torch.zeros_like(envelope[:1])])
        return torch.cat([OUT_SCALE_DB * by_number, envelope, rise, OUT_SCALE_CENTS * depth, rate])

    bias = scaled(decoder.out.bias)
    bias[: decoder.levels] += decoder.mean_levels()
    bias[-1] += USUAL_VIBRATO_HZ
    return _linear(scaled(decoder.out.weight), bias)


def _line(decoder: Decoder) -> nn.Linear:
    """z and the detail of the levels to the levels' offset at the onset and its slope until the end."""
    onset, end = (OUT_SCALE_DB * decoder.straight.weight)[: 2 * decoder.levels].chunk(2)
    if decoder.detail is not None:
        onset = torch.cat([onset, decoder.detail.levels_onset.T], dim=1)
        end = torch.cat([end, decoder.detail.levels_end.T], dim=1)
    return _linear(torch.cat([onset, end - onset]), None)


def _tell(decoder: Decoder) -> nn.Linear:
    """Note, z and the rest of detail to what a note says beside its timbre."""
    d, note = decoder, decoder.note_deep.out_features
    weight, bias = torch.zeros(sum(_TOLD), note), torch.zeros(sum(_TOLD))
    loudness, cents, _, _, stretch, detunes, release = torch.split(torch.arange(sum(_TOLD)), [FRAMES] * _CURVES + _TOLD[1:])
    heads = [(loudness, d.loudness, OUT_SCALE_DB), (cents, d.cents, OUT_SCALE_CENTS)]
    heads += [(stretch, d.inharmonicity, 1.0), (detunes, d.detunes, 1.0), (release, d.release, 1.0)]
    for rows, head, scale in heads:
        weight[rows], bias[rows] = scale * head.weight, scale * head.bias
    z = torch.zeros(sum(_TOLD), d.latent)
    z[loudness] = OUT_SCALE_DB * d.straight.weight[2 * d.levels :]
    return _linear(torch.cat([weight, z, *([] if d.detail is None else [_told_by_detail(d.detail)])], dim=1), bias)


def _told_by_detail(detail: Detail) -> Tensor:
    """The rest of detail (all but the levels') to what a note says beside its timbre, [told, rest]: what each number of it adds."""
    size = detail.size - len(detail.levels_onset)
    part = components_of(nn.functional.pad(torch.eye(size), (len(detail.levels_onset), 0)))
    rate, stretch, release = (unit * column[:, None] for unit, column in zip(UNITS, part.single.unbind(1), strict=True))
    curves = [part.loudness @ detail.loudness, part.cents @ detail.cents, part.depth @ detail.depth]
    return torch.cat([*curves, rate, stretch, part.detunes @ detail.detunes, release], dim=1).T


def _linear(weight: Tensor, bias: Tensor | None) -> nn.Linear:
    layer = nn.Linear(weight.shape[1], weight.shape[0], bias=bias is not None)
    layer.weight.copy_(weight)
    if bias is not None:
        layer.bias.copy_(bias)
    return layer
