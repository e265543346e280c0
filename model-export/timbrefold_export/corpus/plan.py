"""Which notes a corpus holds: its configuration, and the presets, keys and velocities that follow from it."""

from pathlib import Path

from pydantic import Field

from ..settings import Settings
from .programs import UNPITCHED, program
from .render import Note, Source
from .soundfont import Preset, read_presets


class SourceSettings(Settings):
    """A soundfont and how densely to sample it."""

    name: str = Field(pattern=r"^[a-z0-9]+$")
    path: Path
    licence: str
    #: Banks to take; all but drums (128) when empty.
    banks: list[int] = []
    #: Presets whose name contains one of these are left out (near twins of others).
    without: list[str] = []
    key_step: int = Field(ge=1, le=24)
    #: MIDI velocity of every note, and of every second key the softer one as well (none when null).
    velocity: int = Field(ge=1, le=127)
    soft_velocity: int | None = Field(default=None, ge=1, le=127)


class CorpusSettings(Settings):
    """A corpus: its name (folder), how long notes are held, its sources."""

    name: str = Field(pattern=r"^[a-z0-9-]+$")
    hold_seconds: float = Field(gt=0, le=10)
    sources: list[SourceSettings] = Field(min_length=1)


def plan_source(settings: SourceSettings) -> tuple[Source, list[tuple[Preset, list[Note]]]]:
    """The source and its pitched presets, each with its notes in rising order."""
    source = Source(settings.name, settings.path, settings.licence)
    chosen = [
        preset
        for preset in read_presets(settings.path)
        if preset.bank < 128
        and preset.program not in UNPITCHED
        and (not settings.banks or preset.bank in settings.banks)
        and not any(word in preset.name for word in settings.without)
    ]
    return source, [(preset, plan_notes(preset, settings)) for preset in chosen]


def plan_notes(preset: Preset, settings: SourceSettings) -> list[Note]:
    """Keys over the instrument's range; the grid starts at another key in each preset, so that together they cover all keys."""
    kind = program(preset.program)
    first = kind.low_key + (preset.program * 7 + preset.bank * 3) % settings.key_step
    notes = []
    for index, key in enumerate(range(first, kind.high_key + 1, settings.key_step)):
        if settings.soft_velocity is not None and index % 2 == 1:
            notes.append(Note(key, settings.soft_velocity))
        notes.append(Note(key, settings.velocity))
    return notes
