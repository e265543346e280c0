"""A musician's own one-shots as a corpus: every readable sound becomes a 48 kHz mono WAV; the analyser finds the pitch."""

from math import gcd
from pathlib import Path

import numpy as np
import soundfile
from scipy.signal import resample_poly
from tqdm import tqdm

from ..errors import UserError
from .notes import SAMPLE_RATE, write_labels, write_sound

SOUNDS = frozenset({".wav", ".flac", ".aif", ".aiff", ".ogg", ".mp3"})
_SHORTEST_SECONDS = 0.05
_LONGEST_SECONDS = 30.0
_SILENT_PEAK = 1e-4


def gather_samples(source: Path, folder: Path) -> tuple[int, list[str]]:
    """Copies the sounds of `source` (with its subfolders) into `folder`, writes labels.json, and returns the number of sounds and
    a sentence for each file left out. The subfolder is the family; each file is a program of its own."""
    if not source.is_dir():
        raise UserError(f"{source} is not a folder; --samples wants the folder that holds your sounds.")
    found = sorted(path for path in source.rglob("*") if path.suffix.lower() in SOUNDS)
    folder.mkdir(parents=True, exist_ok=True)
    labels: list[dict[str, object]] = []
    skipped: list[str] = []
    for path in tqdm(found, desc="Reading samples", unit="sound"):
        relative = path.relative_to(source)
        try:
            sound = read_sound(path)
        except (ValueError, soundfile.LibsndfileError) as error:
            skipped.append(f"{relative}: {error}")
            continue
        target = folder / ("-".join(relative.with_suffix("").parts) + ".wav")
        sha256 = write_sound(target, sound)
        labels.append(
            {
                "file": target.name,
                "key": None,
                "velocity": None,
                "program": len(labels),
                "bank": 0,
                "name": path.stem,
                "family": relative.parent.name or "Samples",
                "soundfont": source.name,
                "licence": "the owner's",
                "sha256": sha256,
            }
        )
    if not labels:
        raise UserError(f"{source} holds no usable sound ({', '.join(sorted(SOUNDS))}); {len(found)} files were looked at.")
    write_labels(folder, labels)
    return len(labels), skipped


def read_sound(path: Path) -> np.ndarray:
    """A sound file as mono 48 kHz float32, at most 30 s; raises ValueError (why it cannot be used) or LibsndfileError."""
    audio, rate = soundfile.read(path, always_2d=True, dtype="float32", frames=-1)
    sound = audio.mean(axis=1)
    if len(sound) < _SHORTEST_SECONDS * rate:
        raise ValueError(f"it is shorter than {1000 * _SHORTEST_SECONDS:.0f} ms")
    if not np.isfinite(sound).all():
        raise ValueError("it holds samples that are not numbers")
    if np.abs(sound).max() < _SILENT_PEAK:
        raise ValueError("it is silent")
    sound = sound[: int(_LONGEST_SECONDS * rate)]
    divisor = gcd(rate, SAMPLE_RATE)
    resampled = resample_poly(sound, SAMPLE_RATE // divisor, rate // divisor)
    return np.asarray(resampled, dtype=np.float32)
