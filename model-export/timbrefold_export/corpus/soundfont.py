"""Reads the preset list of a SoundFont 2 or 3 file (RIFF, list `pdta`, chunk `phdr`: 38 bytes a preset)."""

import struct
from dataclasses import dataclass
from pathlib import Path

from ..errors import UserError

_RECORD = 38


@dataclass(frozen=True)
class Preset:
    """A preset of a soundfont: MIDI bank (128 is drums), program 0..127, its name in the file."""

    bank: int
    program: int
    name: str


def read_presets(path: Path) -> list[Preset]:
    """All presets, sorted by bank and program; raises UserError when the file is no soundfont."""
    try:
        with path.open("rb") as file:
            if file.read(4) != b"RIFF" or len(file.read(4)) < 4 or file.read(4) != b"sfbk":
                raise UserError(f"{path} is not a SoundFont: its header is not RIFF/sfbk.")
            while len(header := file.read(8)) == 8:
                kind, size = struct.unpack("<4sI", header)
                if kind == b"LIST" and file.read(4) == b"pdta":
                    continue
                if kind == b"phdr":
                    return _parse(file.read(size))
                file.seek(size + (size & 1) - (4 if kind == b"LIST" else 0), 1)
    except OSError as error:
        raise UserError(f"The soundfont {path} cannot be read: {error.strerror}; install its Debian package.") from error
    raise UserError(f"{path} holds no preset list; the soundfont is damaged.")


def _parse(data: bytes) -> list[Preset]:
    presets = []
    for at in range(0, len(data) - _RECORD, _RECORD):  # the last record only marks the end
        name = data[at : at + 20].split(b"\0")[0].decode("latin-1").strip()
        number, bank = struct.unpack_from("<HH", data, at + 20)
        presets.append(Preset(bank, number, name))
    return sorted(presets, key=lambda p: (p.bank, p.program))
