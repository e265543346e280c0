"""What is trained on and what is held out: whole programs (all their soundfonts and banks), and some keys of the others."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from pydantic import Field

from .errors import UserError
from .features import Sound
from .files import write_atomically
from .settings import Settings


class SplitSettings(Settings):
    """Shares of programs and keys that are held out, and the seed that picks them."""

    seed: int = 1
    #: Share of programs, spread over families, that only `evaluate` ever sees.
    test_programs: float = Field(default=0.1, gt=0, lt=0.5)
    #: Share of programs by which training is stopped; neither trained on nor reported.
    validation_programs: float = Field(default=0.05, gt=0, lt=0.5)
    #: Share of the remaining programs' keys that only `evaluate` sees.
    test_keys: float = Field(default=0.1, gt=0, lt=0.5)
    #: Soundfonts among whose sounds those held out are chosen (all where empty). Sounds of others are learned from, unless they are of a
    #: program or key that is held out; so a corpus can grow and its figures stay comparable.
    sources: list[str] = []


@dataclass(frozen=True)
class Split:
    """Files of each part; a sound may be in none. No program is in two of train, validation and programs; no (program,
    key) in both train and pitches."""

    train: tuple[str, ...]
    validation: tuple[str, ...]
    programs: tuple[str, ...]
    pitches: tuple[str, ...]

    def write(self, path: Path) -> None:
        """Writes the split as JSON."""
        write_atomically(path, json.dumps(asdict(self), indent=1).encode())


def read_split(path: Path) -> Split:
    """Reads what `Split.write` wrote."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise UserError(f"{path} is missing; the run folder is not complete.") from error
    return Split(**{part: tuple(files) for part, files in content.items()})


def make_split(everything: tuple[Sound, ...], settings: SplitSettings) -> Split:
    """Divides sounds by the seed; the same sounds and settings give the same split, whatever order the sounds come in."""
    random = np.random.default_rng(settings.seed)
    sounds = tuple(sound for sound in everything if not settings.sources or _source(sound) in settings.sources)
    if not sounds:
        raise UserError(f"The corpus has no sounds of {', '.join(settings.sources)}, among which some must be held out.")
    families: dict[str, list[int]] = {}
    for sound in sounds:
        programs = families.setdefault(sound.family, [])
        if sound.program not in programs:
            programs.append(sound.program)
    ordered = [sorted(families[name]) for name in sorted(families)]
    # Deal the programs out family by family, so that a held-out share is spread over all of them.
    shuffled = [list(random.permutation(programs)) for programs in ordered]
    dealt = [int(programs[turn]) for turn in range(max(map(len, shuffled))) for programs in shuffled if turn < len(programs)]
    tested = max(1, round(settings.test_programs * len(dealt)))
    validated = max(1, round(settings.validation_programs * len(dealt)))
    if tested + validated >= len(dealt):
        raise UserError(f"{len(dealt)} programs are too few to hold some out; add sounds of other instruments.")
    test, validation = set(dealt[:tested]), set(dealt[tested : tested + validated])
    rest = sorted({(sound.program, sound.key) for sound in sounds if sound.program not in test | validation})
    held = {rest[i] for i in random.permutation(len(rest))[: round(settings.test_keys * len(rest))]}

    def part(sound: Sound) -> str:
        if sound.program in test:
            return "programs"
        if sound.program in validation:
            return "validation"
        return "pitches" if (sound.program, sound.key) in held else "train"

    parts: dict[str, list[str]] = {"train": [], "validation": [], "programs": [], "pitches": []}
    for sound in sorted(sounds, key=lambda s: s.file):
        parts[part(sound)].append(sound.file)
    added = [sound for sound in everything if settings.sources and _source(sound) not in settings.sources]
    parts["train"] += sorted(sound.file for sound in added if part(sound) == "train")
    return Split(**{name: tuple(files) for name, files in parts.items()})


def _source(sound: Sound) -> str:
    """The soundfont that an instrument's name begins with."""
    return sound.instrument.split("-")[0]
