"""Renders labelled notes of ZynAddSubFX programs through the project's own plug-in host: one process a program, cut into one WAV a note.

The LV2 plug-in is played rather than the DSSI one: its programs have names instead of places in a list of banks, and it has changed the
program when the host's call returns; DSSI changes it on another thread at some later time, so that its first note may come from another.
"""

import json
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import quote

import numpy as np

from ..errors import UserError
from ..paths import REPOSITORY
from .notes import LEAD_SECONDS, SAMPLE_RATE, Instrument, Note, Rendered, Source, fault, note_file, note_seconds, write_note

_URI = "http://zynaddsubfx.sourceforge.net"
_HOST = REPOSITORY / "dist" / "native" / "release" / "hosts" / "timbrefold-host"
_BLOCK = 128
#: Time the synthesizer gets before the first note, for what it prepares by itself.
_SETTLE_SECONDS = 0.5
#: Time from the end of a note's file to the next one's beginning, all sound off: the echoes that programs have die away.
_GAP_SECONDS = 2.0
_ALL_SOUND_OFF = 120
#: Below this likeness of neighbouring periods a note counts as unpitched (or as sounding below its key).
_LEAST_PERIODICITY = 0.5
#: What periodicity is measured in: from where the attack is over, in seconds after note-on.
_STEADY_SECONDS = (0.1, 0.6)


def render_program(
    source: Source, bank: str, program: str, instrument: Instrument, notes: list[Note], hold_seconds: float, folder: Path
) -> Rendered:
    """Writes a mono 48 kHz WAV for each note that sounds and has a pitch, and returns the labels.

    `source.path` is the plug-in's folder (.lv2), `bank` and `program` name a file of Zyn's banks without its ending. The same notes give
    the same bytes, but for programs with PADsynth, whose waves have other phases each time. Raises UserError where host, plug-in or
    program are missing.
    """
    _check_player(source.path)
    labels: list[dict[str, object]] = []
    skipped: list[str] = []
    slot = note_seconds(hold_seconds) + _GAP_SECONDS
    audio = _play(f"{_URI}#preset_{quote(f'{bank}_{program}')}", notes, hold_seconds, slot)
    for index, note in enumerate(notes):
        start = round(index * slot * SAMPLE_RATE)
        sound = audio[start : start + round(note_seconds(hold_seconds) * SAMPLE_RATE)]
        if reason := fault(sound, hold_seconds) or _unpitched(sound, note.key):
            skipped.append(f"{note_file(source, instrument, note)}: {reason}")
        else:
            labels.append(write_note(source, instrument, note, hold_seconds, sound, folder))
    return Rendered(labels, skipped)


def _check_player(plugin: Path) -> None:
    if not plugin.exists():
        raise UserError(f"ZynAddSubFX's plug-in is not at {plugin}: node scripts/bootstrap.mjs corpus.")
    if not _HOST.exists():
        raise UserError(f"The plug-in host {_HOST} is not built, and Zyn needs it: npm run native plugin.")


def periodicity(sound: np.ndarray, key: int) -> float:
    """How alike neighbouring periods of `key` are in the steady part of a note: the highest normalised autocorrelation within half a
    semitone of that period, 1 for a perfectly periodic sound. A sound an octave or a twelfth above its key is periodic there too."""
    begin, end = (round((LEAD_SECONDS + seconds) * SAMPLE_RATE) for seconds in _STEADY_SECONDS)
    part = sound[begin:end].astype(np.float64)
    period = SAMPLE_RATE / (440 * 2 ** ((key - 69) / 12))
    lags = range(int(period * 2 ** (-0.5 / 12)), int(np.ceil(period * 2 ** (0.5 / 12))) + 1)

    def likeness(lag: int) -> float:
        energy = float(np.linalg.norm(part[lag:]) * np.linalg.norm(part[:-lag]))
        return float(part[lag:] @ part[:-lag]) / max(energy, 1e-12)

    return max(map(likeness, lags))


def _unpitched(sound: np.ndarray, key: int) -> str | None:
    likeness = periodicity(sound, key)
    return None if likeness >= _LEAST_PERIODICITY else f"it has no pitch at this key (periodicity {likeness:.2f})"


def _play(preset: str, notes: list[Note], hold_seconds: float, slot: float) -> np.ndarray:
    with tempfile.TemporaryDirectory(prefix="timbrefold-") as scratch:
        audio = Path(scratch) / "notes.f32"
        score: list[list[float]] = []
        for index, note in enumerate(notes):
            start = index * slot
            score.append([start + LEAD_SECONDS, 0x90, note.key, note.velocity])
            score.append([start + LEAD_SECONDS + hold_seconds, 0x80, note.key, 0])
            score.append([start + note_seconds(hold_seconds), 0xB0, _ALL_SOUND_OFF, 0])
        request = {
            # All installed plug-ins: Zyn's presets lie in a folder beside it.
            "lv2": {"bundle": "", "uri": _URI, "preset": preset},
            "sampleRate": SAMPLE_RATE,
            "blocks": [_BLOCK],
            "seconds": len(notes) * slot,
            "settleSeconds": _SETTLE_SECONDS,
            "offline": True,
            "audio": str(audio),
            "score": {"notes": score},
        }
        try:
            subprocess.run([_HOST], input=json.dumps(request), text=True, check=True, capture_output=True, timeout=600)
        except subprocess.CalledProcessError as error:
            complaint = (error.stderr.strip().splitlines() or ["it said nothing."])[-1]
            raise UserError(f"The plug-in host failed with {preset}: {complaint}") from error
        stereo = np.fromfile(audio, dtype=np.float32).reshape(-1, 2)
    return np.asarray(stereo.mean(axis=1))
