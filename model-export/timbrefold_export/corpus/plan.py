"""Which notes a corpus holds: its configuration, and the instruments, keys and velocities that follow from it."""

import re
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from ..settings import Settings
from .notes import Instrument, Note, Source
from .programs import FAMILIES, UNPITCHED, program
from .soundfont import Preset, read_presets

#: Numbers of instruments that are no General MIDI programs begin here, so that none shares a program with what is held out.
_FIRST_OTHER_PROGRAM = 1000


def _known(family: str) -> str:
    if family not in FAMILIES:
        raise ValueError(f"{family} is none of the families {', '.join(FAMILIES)}")
    return family


Family = Annotated[str, AfterValidator(_known)]


class SourceSettings(Settings):
    """Where sounds come from: a name for labels, a file or folder of this machine, and the licence of its sounds."""

    name: str = Field(pattern=r"^[a-z0-9]+$")
    path: Path
    licence: str


class SoundfontSettings(SourceSettings):
    """A soundfont and how densely to sample it."""

    #: Banks to take; all but drums (128) when empty.
    banks: list[int] = []
    #: Presets whose name contains one of these are left out (near twins of others).
    without: list[str] = []
    key_step: int = Field(ge=1, le=24)
    #: MIDI velocity of every note, and of every second key the softer one as well (none when null).
    velocity: int = Field(ge=1, le=127)
    soft_velocity: int | None = Field(default=None, ge=1, le=127)


class ZynBank(Settings):
    """Programs of one of ZynAddSubFX's banks, by their file names without ending, and where to hear them."""

    bank: str
    family: Family
    low_key: int = Field(ge=0, le=127)
    high_key: int = Field(ge=0, le=127)
    programs: list[str] = Field(min_length=1)


class ZynSettings(SourceSettings):
    """Programs of ZynAddSubFX, played by its LV2 plug-in (`path`). A bank's place in the list is its number in labels and file names."""

    key_step: int = Field(ge=1, le=24)
    velocity: int = Field(ge=1, le=127)
    banks: list[ZynBank] = Field(min_length=1)


class ClipSettings(SourceSettings):
    """Recorded clips of one folder, by family: file names without ending."""

    ending: str = ".flac"
    families: dict[Family, list[str]] = Field(min_length=1)


class CorpusSettings(Settings):
    """A corpus: its name (folder), how long notes are held, its sources: soundfonts, and where present Zyn's programs and clips."""

    name: str = Field(pattern=r"^[a-z0-9-]+$")
    hold_seconds: float = Field(gt=0, le=10)
    sources: list[SoundfontSettings] = Field(min_length=1)
    zyn: ZynSettings | None = None
    clips: ClipSettings | None = None


def plan_source(settings: SoundfontSettings) -> tuple[Source, list[tuple[Preset, list[Note]]]]:
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


def plan_notes(preset: Preset, settings: SoundfontSettings) -> list[Note]:
    """Keys over the instrument's range; the grid starts at another key in each preset, so that together they cover all keys."""
    kind = program(preset.program)
    first = kind.low_key + (preset.program * 7 + preset.bank * 3) % settings.key_step
    notes = []
    for index, key in enumerate(range(first, kind.high_key + 1, settings.key_step)):
        if settings.soft_velocity is not None and index % 2 == 1:
            notes.append(Note(key, settings.soft_velocity))
        notes.append(Note(key, settings.velocity))
    return notes


def plan_zyn(settings: ZynSettings) -> list[tuple[str, str, Instrument, list[Note]]]:
    """Bank, program, the instrument they make, and its notes in rising order; the grid of keys starts elsewhere in each program."""
    planned = []
    for number, bank in enumerate(settings.banks, 1):
        for place, name in enumerate(bank.programs):
            digits, _, title = name.partition("-")
            instrument = Instrument(number, _FIRST_OTHER_PROGRAM + int(digits), title_of(title), bank.family)
            keys = range(bank.low_key + (place * 3 + number) % settings.key_step, bank.high_key + 1, settings.key_step)
            planned.append((bank.bank, name, instrument, [Note(key, settings.velocity) for key in keys]))
    return planned


def plan_clips(settings: ClipSettings) -> list[tuple[str, Instrument]]:
    """File name and instrument of each clip."""
    named = [(family, name) for family, names in settings.families.items() for name in names]
    return [
        (name + settings.ending, Instrument(0, _FIRST_OTHER_PROGRAM + number, title_of(name).capitalize(), family))
        for number, (family, name) in enumerate(named)
    ]


def title_of(name: str) -> str:
    """A program's or clip's file name as one would write it: "Bass 3 _analog_" is "Bass 3 analog"."""
    return re.sub(r"[_\s]+", " ", name).strip()
