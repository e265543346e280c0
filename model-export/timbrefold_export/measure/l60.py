"""L60: the log-mel distance, in dB, by which Timbrefold's sound is judged (a copy of the project's reference definition).

FFT 2048 (Hann), hop 480 at 48 kHz, 80 triangular HTK mel bands 40 Hz..16 kHz on power; both sounds are cut to two seconds from 5 ms before
their own -40 dB onset, no longer than the reference lasts; the other sound is scaled to the reference's RMS; floor 60 dB below the
reference's loudest band; RMS over bands in each frame, mean over frames. Two renders of the same noise differ by about 1 dB.
"""

import numpy as np
from numpy.typing import NDArray

BANDS = 80
LOW_HZ = 40.0
HIGH_HZ = 16000.0
FFT_SIZE = 2048
HOP = 480
FLOOR_DB = -60.0
SECONDS = 2.0

Floats = NDArray[np.float64]


def mel_edges_hz() -> Floats:
    """Edges and centres of the triangles: BANDS + 2 frequencies, equally spaced on the HTK mel scale."""
    low, high = (2595 * np.log10(1 + hz / 700) for hz in (LOW_HZ, HIGH_HZ))
    return np.asarray(700 * (10 ** (np.linspace(low, high, BANDS + 2) / 2595) - 1))


def mel_bank(sample_rate: int) -> Floats:
    """Triangles of height 1, [BANDS, FFT_SIZE / 2 + 1]."""
    edge = mel_edges_hz()
    f = np.arange(FFT_SIZE // 2 + 1) * sample_rate / FFT_SIZE
    up = (f[None] - edge[:-2, None]) / (edge[1:-1] - edge[:-2])[:, None]
    down = (edge[2:, None] - f[None]) / (edge[2:] - edge[1:-1])[:, None]
    return np.maximum(0, np.minimum(up, down))


def onset(sound: Floats, sample_rate: int, db: float = -40.0) -> int:
    """First sample at which the 3 ms RMS comes within `db` of its maximum."""
    length = max(1, int(sample_rate * 0.003))
    rms = np.sqrt(np.convolve(sound * sound, np.ones(length) / length, "same"))
    return int(np.argmax(rms > rms.max() * 10 ** (db / 20)))


def l60(reference: Floats, other: Floats, sample_rate: int = 48000, frames: int | None = None) -> float:
    """Distance of two mono sounds in dB; `frames` limits it to the first frames (12 for the attack)."""
    samples = int(SECONDS * sample_rate)
    lead = int(0.005 * sample_rate)
    begin = max(0, onset(reference, sample_rate) - lead)
    live = min(samples, len(reference) - begin)

    def cut(sound: Floats) -> Floats:
        start = max(0, onset(sound, sample_rate) - lead)
        part = np.asarray(sound[start : start + samples], dtype=np.float64)
        return np.pad(part, (0, samples - len(part)))[:live]

    a, b = cut(reference), cut(other)
    b = b * np.sqrt((a**2).sum() / max((b**2).sum(), 1e-20))
    bank, window = mel_bank(sample_rate).T, np.hanning(FFT_SIZE)

    def levels_db(sound: Floats) -> Floats:
        padded = np.pad(sound, (FFT_SIZE // 2, FFT_SIZE))
        index = np.arange(FFT_SIZE)[None] + HOP * np.arange(max(1, live // HOP))[:, None]
        power = np.abs(np.fft.rfft(padded[index] * window, axis=1)) ** 2
        return np.asarray(10 * np.log10(power @ bank + 1e-20))

    x, y = levels_db(a), levels_db(b)
    floor = x.max() + FLOOR_DB
    error = np.maximum(x, floor) - np.maximum(y, floor)
    return float(np.sqrt(np.mean(error**2, axis=1))[:frames].mean())
