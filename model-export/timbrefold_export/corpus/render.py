"""Renders labelled notes from a soundfont through FluidSynth: one MIDI file a preset, then cut into one WAV a note."""

import hashlib
import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import mido
import numpy as np
import soundfile

from ..errors import UserError
from .programs import program
from .soundfont import Preset

SAMPLE_RATE = 48000
#: Seconds before the note begins in its file, and seconds kept after note-off.
LEAD_SECONDS = 0.05
TAIL_SECONDS = 0.75
#: Seconds between all-sound-off and the next note's slot.
_GAP_SECONDS = 0.2
_TICKS_PER_SECOND = 960  # 480 ticks a beat at 120 beats a minute
_PEAK = 0.7
_SILENT_PEAK = 1e-3


@dataclass(frozen=True)
class Source:
    """A soundfont as the corpus uses it: short name for files and labels, path, licence."""

    name: str
    path: Path
    licence: str


@dataclass(frozen=True)
class Note:
    """A note to render: MIDI key and velocity 1..127."""

    key: int
    velocity: int


@dataclass(frozen=True)
class Rendered:
    """What came of a preset: labels of the notes written, and a sentence for each note that was left out."""

    labels: list[dict[str, object]]
    skipped: list[str]


def note_file(source: Source, preset: Preset, note: Note) -> str:
    """File name of a note's WAV, unique in the corpus."""
    plain = re.sub(r"[^a-z0-9]+", "-", preset.name.lower()).strip("-")
    return f"{source.name}-{preset.bank:03d}-{preset.program:03d}-{plain}-k{note.key:03d}-v{note.velocity:03d}.wav"


def render_preset(source: Source, preset: Preset, notes: list[Note], hold_seconds: float, folder: Path) -> Rendered:
    """Writes a mono 48 kHz WAV a note (LEAD_SECONDS + hold + TAIL_SECONDS, peak 0.7) and returns the labels.

    The same soundfont and notes give the same bytes. Raises UserError when FluidSynth fails.
    """
    slot = LEAD_SECONDS + hold_seconds + TAIL_SECONDS + _GAP_SECONDS
    with tempfile.TemporaryDirectory(prefix="timbrefold-") as scratch:
        midi, wav = Path(scratch) / "notes.mid", Path(scratch) / "notes.wav"
        _midi(preset, notes, hold_seconds, slot).save(midi)
        # No reverb, no chorus: the dry instrument. Gain 0.6 leaves room; float output cannot clip.
        command = ["fluidsynth", "-ni", "-q", "-g", "0.6", "-R", "0", "-C", "0", "-r", str(SAMPLE_RATE), "-O", "float"]
        command += ["-o", "synth.midi-bank-select=gs", "-F", str(wav), str(source.path), str(midi)]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=600)
        except FileNotFoundError as error:
            raise UserError("FluidSynth is not installed: apt-get install fluidsynth.") from error
        except subprocess.CalledProcessError as error:
            raise UserError(f"FluidSynth failed on preset {preset.name}: {error.stderr.decode(errors='replace').strip()}.") from error
        audio, _ = soundfile.read(wav, always_2d=True, dtype="float32")
    mono = audio.mean(axis=1)
    length = round((slot - _GAP_SECONDS) * SAMPLE_RATE)
    labels: list[dict[str, object]] = []
    skipped: list[str] = []
    for index, note in enumerate(notes):
        name = note_file(source, preset, note)
        start = round(index * slot * SAMPLE_RATE)
        sound = mono[start : start + length]
        if reason := _fault(sound, length):
            skipped.append(f"{name}: {reason}")
            continue
        path = folder / name
        soundfile.write(path, sound * (_PEAK / np.abs(sound).max()), SAMPLE_RATE, subtype="PCM_16")
        labels.append(_label(source, preset, note, hold_seconds, path))
    return Rendered(labels, skipped)


def _fault(sound: np.ndarray, length: int) -> str | None:
    if len(sound) < length:
        return "the render ended before the note did"
    if not np.isfinite(sound).all():
        return "it holds samples that are not numbers"
    if np.abs(sound).max() < _SILENT_PEAK:
        return "it is silent at this key"
    return None


def _label(source: Source, preset: Preset, note: Note, hold_seconds: float, path: Path) -> dict[str, object]:
    return {
        "file": path.name,
        "key": note.key,
        "velocity": round(note.velocity / 127, 4),
        "holdSeconds": LEAD_SECONDS + hold_seconds,
        "program": preset.program,
        "bank": preset.bank,
        "name": preset.name,
        "family": program(preset.program).family,
        "soundfont": source.name,
        "licence": source.licence,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
    }


def _midi(preset: Preset, notes: list[Note], hold_seconds: float, slot: float) -> mido.MidiFile:
    midi = mido.MidiFile(ticks_per_beat=480)
    track = mido.MidiTrack()
    midi.tracks.append(track)
    track.append(mido.Message("control_change", control=0, value=preset.bank))
    track.append(mido.Message("program_change", program=preset.program))
    now = 0

    def at(seconds: float, message: mido.Message) -> None:
        nonlocal now
        tick = round(seconds * _TICKS_PER_SECOND)
        message.time = tick - now
        now = tick
        track.append(message)

    for index, note in enumerate(notes):
        start = index * slot + LEAD_SECONDS
        at(start, mido.Message("note_on", note=note.key, velocity=note.velocity))
        at(start + hold_seconds, mido.Message("note_off", note=note.key))
        # All sound off, so that no release rings into the next note.
        at(start + hold_seconds + TAIL_SECONDS + _GAP_SECONDS / 2, mido.Message("control_change", control=120, value=0))
    at(len(notes) * slot, mido.Message("control_change", control=120, value=0))
    return midi
