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
_LONGEST_SECONDS = 60.0
_SILENT_PEAK = 1e-4
_FULL_SCALE = 0.9985
_FLAT_SAMPLES = 3
_MOST_CLIPPED = 0.001
#: Channels whose mean keeps less than this share of the energy cancel each other; the louder one is taken then.
_CANCELLED = 0.01


def gather_samples(source: Path, folder: Path) -> tuple[int, list[str]]:
    """Copies the sounds of `source` (with its subfolders) into `folder`, writes labels.json, and returns the number of sounds and
    a sentence for each file left out. The subfolder is the family; each file is a program of its own. What has no pitch, or not that of a
    note, the analyser names later. Raises UserError where there is nothing usable, or the disk is full."""
    if not source.is_dir():
        raise UserError(f"{source} is not a folder; --samples wants the folder that holds your sounds.")
    found = sorted(path for path in source.rglob("*") if path.suffix.lower() in SOUNDS)
    taken: set[str] = set()
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
        name = "-".join(relative.with_suffix("").parts)
        # Two files that differ in their ending only keep it.
        target = folder / f"{name if name not in taken else name + relative.suffix.replace('.', '-')}.wav"
        taken.add(name)
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
    """A sound file as mono 48 kHz float32; raises ValueError (why it cannot be learned from) or LibsndfileError."""
    with soundfile.SoundFile(path) as file:
        rate = file.samplerate
        if file.frames > _LONGEST_SECONDS * rate:
            raise ValueError(f"it lasts longer than {_LONGEST_SECONDS:.0f} s; cut single notes out of it")
        audio = file.read(always_2d=True, dtype="float32")
    if len(audio) < _SHORTEST_SECONDS * rate:
        raise ValueError(f"it is shorter than {1000 * _SHORTEST_SECONDS:.0f} ms")
    if not np.isfinite(audio).all():
        raise ValueError("it holds samples that are not numbers")
    if np.abs(audio).max() < _SILENT_PEAK:
        raise ValueError("it is silent")
    clipped = max(_clipped_share(channel) for channel in audio.T)
    if clipped > _MOST_CLIPPED:
        raise ValueError(f"it is clipped: {100 * clipped:.1f} % of its samples stand at full scale")
    sound = audio.mean(axis=1)
    loudest = audio[:, np.abs(audio).max(axis=0).argmax()]
    if np.square(sound).sum() < _CANCELLED * np.square(loudest).sum():
        sound = loudest
    divisor = gcd(rate, SAMPLE_RATE)
    return np.asarray(resample_poly(sound, SAMPLE_RATE // divisor, rate // divisor), dtype=np.float32)


def _clipped_share(samples: np.ndarray) -> float:
    """Share of samples within flat tops: at least _FLAT_SAMPLES in a row at full scale (as plugin/analysis/analyser.ts counts)."""
    edges = np.flatnonzero(np.diff(np.abs(samples) >= _FULL_SCALE, prepend=False, append=False))
    runs = edges[1::2] - edges[::2]
    return float(runs[runs >= _FLAT_SAMPLES].sum() / len(samples))
