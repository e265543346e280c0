"""Hears predictions: writes them as features, plays them through the project's core, and measures L60 against the corpus."""

from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import soundfile
from joblib import Parallel, delayed
from numpy.typing import NDArray

from ..errors import UserError
from ..features import Features, Frames, run_timbrefold, write_features
from ..measure.l60 import l60, onset

#: Frames of L60 that are the attack.
ATTACK_FRAMES = 12
_SECONDS = 2.2
SAMPLE_RATE = 48000
_FALL_LIMIT_DB = 40.0


@dataclass(frozen=True)
class Heard:
    """Of each sound, in dB: L60 over two seconds and over the attack, and how far its fall from 0.1 to 1.5 s is off."""

    whole: NDArray[np.float64]
    attack: NDArray[np.float64]
    decay: NDArray[np.float64]


def hear(features: Features, frames: Frames, corpus: Path) -> Heard:
    """How far `frames` (played at the sounds' own pitches) are from the corpus' recordings."""
    with TemporaryDirectory(prefix="timbrefold-") as scratch:
        played = play(features, frames, Path(scratch))
        pairs = [(corpus / sound.file, path) for sound, path in zip(features.sounds, played, strict=True)]
        scores = Parallel(n_jobs=-1)(delayed(_score)(*pair) for pair in pairs)
    return Heard(*np.asarray(scores, dtype=np.float64).T)


def at_pitches(features: Features, pitch: NDArray[np.float32]) -> Features:
    """The same sounds, to be played at these pitches (MIDI notes)."""
    sounds = (replace(sound, entry={**sound.entry, "pitch": float(p)}) for sound, p in zip(features.sounds, pitch, strict=True))
    return replace(features, sounds=tuple(sounds))


def play(features: Features, frames: Frames, folder: Path) -> list[Path]:
    """Renders `frames` into `folder`; the WAV files in the order of the sounds."""
    numbered = [replace(sound, name=f"{i:05d}", entry={**sound.entry, "name": f"{i:05d}"}) for i, sound in enumerate(features.sounds)]
    write_features(folder / "features", replace(features, sounds=tuple(numbered), frames=frames))
    run_timbrefold(["resynthesise", str(folder / "features"), "-o", str(folder / "sound"), "--seconds", str(_SECONDS)])
    played = [folder / "sound" / f"{sound.name}.wav" for sound in numbered]
    missing = [path.name for path in played if not path.exists()]
    if missing:
        raise UserError(f"timbrefold resynthesise left out {len(missing)} of {len(played)} sounds, the first is {missing[0]}.")
    return played


def read_mono(path: Path) -> NDArray[np.float64]:
    """A sound file as mono samples."""
    return np.asarray(soundfile.read(path, always_2d=True)[0].mean(axis=1))


def _score(reference: Path, played: Path) -> tuple[float, float, float]:
    a, b = read_mono(reference), read_mono(played)
    return l60(a, b), l60(a, b, frames=ATTACK_FRAMES), abs(_fall_db(a) - _fall_db(b))


def _fall_db(sound: NDArray[np.float64]) -> float:
    """By how much a sound falls between 0.1 and 1.5 s after its onset, dB; what lies _FALL_LIMIT_DB below its start counts as gone."""
    begin = onset(sound, SAMPLE_RATE)
    early, late = (sound[begin + round(at * SAMPLE_RATE) :][: SAMPLE_RATE // 10] for at in (0.1, 1.5))
    levels = [10 * np.log10(float(np.mean(part**2)) + 1e-12) if len(part) else -120.0 for part in (early, late)]
    return float(np.clip(levels[0] - levels[1], -_FALL_LIMIT_DB, _FALL_LIMIT_DB))
