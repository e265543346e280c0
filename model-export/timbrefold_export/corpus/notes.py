"""A note of the corpus on disk: a mono 48 kHz WAV and the label that describes it, whatever instrument played it."""

import hashlib
import io
import json
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from ..files import write_atomically

SAMPLE_RATE = 48000
#: Seconds before the note begins in its file, and seconds kept after note-off.
LEAD_SECONDS = 0.05
TAIL_SECONDS = 0.75
_PEAK = 0.7
_SILENT_PEAK = 1e-3


@dataclass(frozen=True)
class Source:
    """Where notes come from, as the corpus names it: short name for files and labels, path, licence."""

    name: str
    path: Path
    licence: str


@dataclass(frozen=True)
class Instrument:
    """One instrument of a source: its numbers there, its name, and the family it belongs to."""

    bank: int
    program: int
    name: str
    family: str


@dataclass(frozen=True)
class Note:
    """A note to render: MIDI key and velocity 1..127."""

    key: int
    velocity: int


@dataclass(frozen=True)
class Rendered:
    """What came of an instrument: labels of the notes written, and a sentence for each note that was left out."""

    labels: list[dict[str, object]]
    skipped: list[str]


def note_seconds(hold_seconds: float) -> float:
    """Length of a note's file."""
    return LEAD_SECONDS + hold_seconds + TAIL_SECONDS


def note_file(source: Source, instrument: Instrument, note: Note) -> str:
    """File name of a note's WAV, unique in the corpus."""
    plain = re.sub(r"[^a-z0-9]+", "-", instrument.name.lower()).strip("-")
    return f"{source.name}-{instrument.bank:03d}-{instrument.program:03d}-{plain}-k{note.key:03d}-v{note.velocity:03d}.wav"


def fault(sound: np.ndarray, hold_seconds: float) -> str | None:
    """Why a rendered note cannot be used, or None."""
    if len(sound) < round(note_seconds(hold_seconds) * SAMPLE_RATE):
        return "the render ended before the note did"
    if not np.isfinite(sound).all():
        return "it holds samples that are not numbers"
    if np.abs(sound).max() < _SILENT_PEAK:
        return "it is silent at this key"
    return None


def write_sound(path: Path, sound: np.ndarray) -> str:
    """Writes a mono sound as 16-bit WAV, scaled to a peak of 0.7, and returns its SHA-256. Raises UserError when the disk refuses."""
    file = io.BytesIO()
    soundfile.write(file, sound * (_PEAK / np.abs(sound).max()), SAMPLE_RATE, subtype="PCM_16", format="WAV")
    write_atomically(path, file.getvalue())
    return hashlib.sha256(file.getvalue()).hexdigest()


def origin(source: Source, instrument: Instrument) -> dict[str, object]:
    """What a label says of where its sound comes from."""
    return {
        "program": instrument.program,
        "bank": instrument.bank,
        "name": instrument.name,
        "family": instrument.family,
        "soundfont": source.name,
        "licence": source.licence,
    }


def write_note(
    source: Source, instrument: Instrument, note: Note, hold_seconds: float, sound: np.ndarray, folder: Path
) -> dict[str, object]:
    """Writes a note that has no fault into `folder` and returns its label as docs/contracts.md describes it."""
    path = folder / note_file(source, instrument, note)
    sha256 = write_sound(path, sound)
    return {
        "file": path.name,
        "key": note.key,
        "velocity": round(note.velocity / 127, 4),
        "holdSeconds": LEAD_SECONDS + hold_seconds,
        **origin(source, instrument),
        "sha256": sha256,
    }


def write_labels(folder: Path, labels: list[dict[str, object]]) -> None:
    """labels.json as docs/contracts.md describes it, sorted by file."""
    content = {"sounds": sorted(labels, key=lambda label: str(label["file"]))}
    write_atomically(folder / "labels.json", json.dumps(content, indent=1).encode())
