"""Where partials and noise bands lie, and what an L60-like ear hears of them; all differentiable and exportable."""

import math

import numpy as np
import torch
from torch import Tensor, nn

from ...features import NOISE_BANDS, PARTIALS
from ...generated.constants import ERB_SCALE, ERB_SLOPE, NOISE_HIGH_HZ, NOISE_LOW_HZ
from ...measure.l60 import mel_edges_hz

#: A Hann window of 2048 at 48 kHz spreads a partial over about this many Hz to either side; narrower mel triangles are widened to it.
_LOBE_HZ = 40.0
_TINY_POWER = 1e-12


def partial_hz(pitch: Tensor, inharmonicity: Tensor) -> Tensor:
    """Frequencies of the partials: pitch [n] (MIDI note), inharmonicity B [n] -> [n, 128] Hz, partial 1 exactly on the pitch."""
    k = torch.arange(1, PARTIALS + 1, dtype=pitch.dtype, device=pitch.device)
    b = inharmonicity[:, None]
    return harmonic_hz(pitch, PARTIALS) * torch.sqrt((1 + b * k * k) / (1 + b))


def harmonic_hz(pitch: Tensor, count: int) -> Tensor:
    """The first multiples of the fundamental: pitch [n] (MIDI note) -> [n, count] Hz."""
    k = torch.arange(1, count + 1, dtype=pitch.dtype, device=pitch.device)
    return 440.0 * torch.exp2((pitch[:, None] - 69.0) / 12.0) * k


def erb_position(hz: Tensor) -> Tensor:
    """Place of a frequency among the noise bands: 0 at the first centre, NOISE_BANDS - 1 at the last, clamped outside."""
    low, width = _erb_low(), _erb_width()
    position: Tensor = torch.log(1 + ERB_SLOPE * hz) * (ERB_SCALE / math.log(10) / width) - (low / width + 0.5)
    return position.clamp(0.0, NOISE_BANDS - 1.0)


def hats(position: Tensor) -> Tensor:
    """Weights of linear interpolation between bands: position [n, k] -> [n, k, NOISE_BANDS]."""
    bands = torch.arange(NOISE_BANDS, dtype=position.dtype, device=position.device)
    return torch.relu(1 - torch.abs(position[..., None] - bands))


def noise_centres_hz() -> np.ndarray:
    """Centres of the noise bands, equally spaced in ERB rate."""
    return _erb_hz(_erb_low() + _erb_width() * (np.arange(NOISE_BANDS) + 0.5))


def power(levels_db: Tensor, partials: int = PARTIALS) -> Tensor:
    """Mean-square power of partials and noise from their levels [.., partials + 32]: a sine of amplitude 1 has 0 dB and power 1/2."""
    linear = torch.exp(levels_db * (np.log(10) / 10))
    return torch.cat([linear[..., :partials] * 0.5, linear[..., partials:]], dim=-1)


def to_db(linear: Tensor, floor: float = _TINY_POWER) -> Tensor:
    """Decibels of a power plus `floor`.

    Written around 1 instead of adding the floor itself: the ONNX exporter drops the addition of a constant that is nearly zero.
    """
    level: Tensor = (10 / np.log(10)) * (torch.log(linear * (1 / floor) + 1) + float(np.log(floor)))
    return level


def loudness_of(levels_db: Tensor, partials: int = PARTIALS) -> Tensor:
    """Loudness of frames [..] (dB of power) from their levels [.., partials + 32]."""
    return to_db(power(levels_db, partials).sum(-1))


class MelEar(nn.Module):
    """What L60's 80 mel bands receive from a frame, by closed formulas (no FFT)."""

    noise: Tensor
    edges: Tensor

    def __init__(self) -> None:
        super().__init__()
        edges = mel_edges_hz()
        centre = edges[1:-1]
        lower = np.minimum(edges[:-2], centre - _LOBE_HZ)
        upper = np.maximum(edges[2:], centre + _LOBE_HZ)
        triangle = np.stack([lower, centre, upper])
        self.register_buffer("edges", torch.tensor(triangle, dtype=torch.float32), persistent=False)
        self.register_buffer("noise", torch.tensor(_noise_to_mel(triangle), dtype=torch.float32), persistent=False)

    def weights(self, pitch: Tensor, inharmonicity: Tensor) -> Tensor:
        """Share of each partial and noise band that each mel band receives, [n, 160, 80]."""
        hz = partial_hz(pitch, inharmonicity)[:, :, None]
        lower, centre, upper = self.edges
        partials = torch.relu(torch.minimum((hz - lower) / (centre - lower), (upper - hz) / (upper - centre)))
        noise = self.noise.expand(len(pitch), -1, -1)
        return torch.cat([partials, noise], dim=1)

    def levels(self, levels_db: Tensor, weights: Tensor) -> Tensor:
        """Mel levels in dB: levels [n, t, 160], weights [n, 160, 80] -> [n, t, 80]."""
        return to_db(power(levels_db) @ weights)


def _noise_to_mel(triangle: np.ndarray) -> np.ndarray:
    """[32, 80]: noise bands as linear interpolation of density between their centres, integrated under the mel triangles."""
    hz = np.arange(0.5, 20000.0)
    centres = noise_centres_hz()
    edges = _erb_hz(_erb_low() + _erb_width() * np.arange(NOISE_BANDS + 1))
    lower, centre, upper = triangle[:, :, None]
    mel = np.maximum(0, np.minimum((hz - lower) / (centre - lower), (upper - hz) / (upper - centre)))
    inside = (hz >= edges[0]) & (hz <= edges[-1])
    density = np.stack([np.interp(hz, centres, row) for row in np.eye(NOISE_BANDS)]) * inside / np.diff(edges)[:, None]
    return np.asarray(density @ mel.T)


def _erb_low() -> float:
    return float(ERB_SCALE * np.log10(1 + ERB_SLOPE * NOISE_LOW_HZ))


def _erb_width() -> float:
    return float((ERB_SCALE * np.log10(1 + ERB_SLOPE * NOISE_HIGH_HZ) - _erb_low()) / NOISE_BANDS)


def _erb_hz(rate: np.ndarray) -> np.ndarray:
    return np.asarray((10 ** (rate / ERB_SCALE) - 1) / ERB_SLOPE)
