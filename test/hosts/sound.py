"""What is heard: onset, pitch, level and brightness of rendered audio."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Audio = NDArray[np.float32]


def key_hz(key: float) -> float:
    """Frequency of a MIDI note at A4 = 440 Hz."""
    return float(440 * 2 ** ((key - 69) / 12))


def cents(hz: float, reference_hz: float) -> float:
    return float(1200 * np.log2(hz / reference_hz))


def decibels(ratio: float) -> float:
    return float(20 * np.log10(max(ratio, 1e-30)))


def rms(audio: Audio) -> float:
    return float(np.sqrt(np.mean(np.square(audio, dtype=np.float64))))


def mono(audio: Audio) -> Audio:
    """Channels first or last to one channel."""
    channels = audio if audio.ndim == 1 or audio.shape[0] < audio.shape[1] else audio.T
    return channels if channels.ndim == 1 else channels.mean(axis=0)


def between(audio: Audio, rate: float, begin: float, end: float) -> Audio:
    """The seconds from `begin` to `end`."""
    return mono(audio)[int(begin * rate) : int(end * rate)]


def first_sound(audio: Audio) -> int:
    """The first sample that is not silence, or -1."""
    sounding = np.flatnonzero(np.abs(mono(audio)) > 0)
    return int(sounding[0]) if len(sounding) else -1


def onset(audio: Audio, rate: float, begin: float, end: float) -> float:
    """Seconds at which a sound rises out of what was there in the 20 ms after `begin`: the steepest rise of the 2 ms level until `end`."""
    step = int(rate / 1000)
    part = between(audio, rate, begin, end).astype(np.float64)
    part = part[: len(part) // step * step]
    level = 20 * np.log10(np.sqrt(np.mean(part.reshape(-1, step) ** 2, axis=1)) + 1e-7)
    rise = level[2:] - level[:-2]
    return begin + (int(np.argmax(rise)) + 1) * step / rate


def spectrum(audio: Audio, rate: float) -> tuple[NDArray[np.float64], float]:
    """Amplitudes by a Hann window over all of `audio`, and Hz a bin; zero-padded fourfold."""
    samples = mono(audio).astype(np.float64)
    size = 4 << int(np.ceil(np.log2(len(samples))))
    amplitude = np.abs(np.fft.rfft(samples * np.hanning(len(samples)), size)) * 4 / len(samples)
    return amplitude, rate / size


def partial(audio: Audio, rate: float, near_hz: float, reach_cents: float = 60) -> tuple[float, float]:
    """Frequency and level (dB, 0 is a sine of amplitude 1) of the strongest peak near a frequency."""
    amplitude, bin_hz = spectrum(audio, rate)
    low = int(near_hz * 2 ** (-reach_cents / 1200) / bin_hz)
    high = int(np.ceil(near_hz * 2 ** (reach_cents / 1200) / bin_hz))
    top = low + int(np.argmax(amplitude[low : high + 1]))
    a, b, c = (decibels(float(amplitude[top + d])) for d in (-1, 0, 1))
    shift = 0.5 * (a - c) / (a - 2 * b + c) if a - 2 * b + c != 0 else 0.0
    return (top + shift) * bin_hz, b


def brightness(audio: Audio, rate: float, split_hz: float = 1500) -> float:
    """Power above `split_hz` against the power below, in dB."""
    amplitude, bin_hz = spectrum(audio, rate)
    split = int(split_hz / bin_hz)
    return 10 * float(np.log10((np.sum(amplitude[split:] ** 2) + 1e-30) / (np.sum(amplitude[:split] ** 2) + 1e-30)))


def difference_db(audio: Audio, reference: Audio) -> float:
    """Power of the difference against the reference's, in dB; -600 where both are the same."""
    return decibels(rms(audio.astype(np.float64) - reference.astype(np.float64)) / max(rms(reference), 1e-30))


def assert_plays(audio: Audio, rate: float, key: float, within_cents: float = 3) -> None:
    """That `audio` holds a note at `key`: its fundamental stands there and none a semitone away."""
    expected = key_hz(key)
    hz, level = partial(audio, rate, expected)
    assert level > -80, f"key {key} is not heard ({level:.1f} dB)"
    assert abs(cents(hz, expected)) < within_cents, f"key {key} sounds {cents(hz, expected):+.2f} cents off"
    for neighbour in (-1, 1):
        _, other = partial(audio, rate, key_hz(key + neighbour), 20)
        assert other < level - 12, f"a neighbour of key {key} sounds too ({other:.1f} dB beside {level:.1f} dB)"
