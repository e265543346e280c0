"""Renders labelled notes from a soundfont through FluidSynth: one MIDI file a preset, then cut into one WAV a note."""

import subprocess
import tempfile
from pathlib import Path

import mido
import soundfile

from ..errors import UserError
from .notes import LEAD_SECONDS, SAMPLE_RATE, TAIL_SECONDS, Instrument, Note, Rendered, Source, fault, note_file, note_seconds, write_note
from .programs import program
from .soundfont import Preset

#: Seconds between all-sound-off and the next note's slot.
_GAP_SECONDS = 0.2
_TICKS_PER_SECOND = 960  # 480 ticks a beat at 120 beats a minute


def render_preset(source: Source, preset: Preset, notes: list[Note], hold_seconds: float, folder: Path) -> Rendered:
    """Writes a mono 48 kHz WAV a note (LEAD_SECONDS + hold + TAIL_SECONDS, peak 0.7) and returns the labels.

    The same soundfont and notes give the same bytes. Raises UserError when FluidSynth fails.
    """
    slot = note_seconds(hold_seconds) + _GAP_SECONDS
    with tempfile.TemporaryDirectory(prefix="timbrefold-") as scratch:
        midi, wav = Path(scratch) / "notes.mid", Path(scratch) / "notes.wav"
        _midi(preset, notes, hold_seconds, slot).save(midi)
        # No reverb, no chorus: the dry instrument. Gain 0.6 leaves room; float output cannot clip.
        command = ["fluidsynth", "-ni", "-q", "-g", "0.6", "-R", "0", "-C", "0", "-r", str(SAMPLE_RATE), "-O", "float"]
        command += ["-o", "synth.midi-bank-select=gs", "-F", str(wav), str(source.path), str(midi)]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=600)
        except FileNotFoundError as error:
            raise UserError("FluidSynth is not installed: node scripts/bootstrap.mjs corpus.") from error
        except subprocess.CalledProcessError as error:
            raise UserError(f"FluidSynth failed on preset {preset.name}: {error.stderr.decode(errors='replace').strip()}.") from error
        audio, _ = soundfile.read(wav, always_2d=True, dtype="float32")
    mono = audio.mean(axis=1)
    length = round(note_seconds(hold_seconds) * SAMPLE_RATE)
    instrument = Instrument(preset.bank, preset.program, preset.name, program(preset.program).family)
    labels: list[dict[str, object]] = []
    skipped: list[str] = []
    for index, note in enumerate(notes):
        start = round(index * slot * SAMPLE_RATE)
        sound = mono[start : start + length]
        if reason := fault(sound, hold_seconds):
            skipped.append(f"{note_file(source, instrument, note)}: {reason}")
        else:
            labels.append(write_note(source, instrument, note, hold_seconds, sound, folder))
    return Rendered(labels, skipped)


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
