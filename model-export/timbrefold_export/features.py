"""Features of a corpus: made by the project's own analyser, read here, and written back where a prediction is to be heard."""

import json
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .errors import UserError
from .generated.constants import FLOOR_DB
from .paths import REPOSITORY

PARTIALS = 128
NOISE_BANDS = 32
#: Partials whose own detune is kept.
DETUNES = 32
#: Columns of a frame by name and number, in order, as sounds.json must name them.
LAYOUT = (
    *(("partials", PARTIALS), ("noise", NOISE_BANDS), ("inharmonicity", 1), ("cents", 1)),
    *(("vibrato", 2), ("detunes", DETUNES), ("release", 1)),
)
INHARMONICITY = PARTIALS + NOISE_BANDS
CENTS = INHARMONICITY + 1
#: Depth in cents, then rate in Hz.
VIBRATO = CENTS + 1
DETUNE = VIBRATO + 2
#: dB per second of the fall after note-off; 0 where it was not measured.
RELEASE = DETUNE + DETUNES
COLUMNS = RELEASE + 1

Frames = NDArray[np.float32]


@dataclass(frozen=True)
class Sound:
    """One analysed sound and what the corpus says of it. `pitch` is the measured f0 as a fractional MIDI note."""

    name: str
    file: str
    pitch: float
    velocity: float
    key: int
    #: Soundfont, bank and program together: one instrument at all its pitches.
    instrument: str
    program: int
    title: str
    family: str
    entry: dict[str, Any]


@dataclass(frozen=True)
class Features:
    """`frames` is [sounds, 48, COLUMNS] as docs/contracts.md describes; `index` is sounds.json without its sounds."""

    sounds: tuple[Sound, ...]
    frames: Frames
    times: NDArray[np.float32]
    index: dict[str, Any]
    #: A sentence per sound that the analyser could not use.
    failed: tuple[str, ...] = ()

    def select(self, chosen: list[int]) -> "Features":
        """The sounds at these places, in this order."""
        return replace(self, sounds=tuple(self.sounds[i] for i in chosen), frames=self.frames[chosen])


def run_timbrefold(arguments: list[str], quiet: bool = False, as_built: bool = False) -> None:
    """Runs the project's command line, its output in view unless `quiet`; raises UserError with its own words when it fails.

    It is brought up to date with its sources before, unless `as_built`: the caller has done so, and runs several at a time.
    """
    command = REPOSITORY / "dist" / "cli.mjs" if as_built else REPOSITORY / "scripts" / "timbrefold.mjs"
    try:
        done = subprocess.run(["node", str(command), *arguments], check=False, capture_output=quiet)
    except FileNotFoundError as error:
        raise UserError("Node is not installed; Timbrefold's analyser needs Node 20 or newer.") from error
    if done.returncode != 0 and quiet:
        raise UserError(f"timbrefold {arguments[0]} failed with code {done.returncode}: {done.stderr.decode(errors='replace').strip()}")
    if done.returncode != 0:
        raise UserError(f"timbrefold {arguments[0]} failed with code {done.returncode}; its own message stands above.")


def read_features(folder: Path, corpus: Path | None = None) -> Features:
    """Reads a features folder; labels come from `corpus`/labels.json where given. Sounds that failed are left out and named."""
    index_file, frames_file = folder / "sounds.json", folder / "frames.npy"
    try:
        index: dict[str, Any] = json.loads(index_file.read_text(encoding="utf-8"))
        frames: Frames = np.load(frames_file, allow_pickle=False)
    except FileNotFoundError as error:
        raise UserError(f"{folder} holds no features ({Path(error.filename).name} is missing); run the features command.") from error
    except ValueError as error:
        raise UserError(f"The features in {folder} are damaged: {error}.") from error
    if index.get("format") != "timbrefold-features" or index.get("version") != 2:
        raise UserError(f"{index_file} is not a version 2 features folder; run the features command of this checkout.")
    if [(column["name"], column["size"]) for column in index.get("layout", [])] != list(LAYOUT):
        raise UserError(f"{index_file} names other columns than this checkout reads; run the features command.")
    entries = index.pop("sounds")
    expected = (len(entries), len(index["times"]), COLUMNS)
    if frames.shape != expected:
        raise UserError(f"{frames_file} has the shape {frames.shape} where sounds.json promises {expected}; run the features command.")
    labels = read_labels(corpus) if corpus else {}
    sounds, keep, failed = [], [], []
    for place, entry in enumerate(entries):
        if entry.get("failed") or entry.get("pitch") is None:
            failed.append(f"{entry['file']}: {entry.get('failed', 'it has no pitch')}")
        elif not np.isfinite(frames[place]).all():
            failed.append(f"{entry['file']}: its features hold values that are not numbers")
        else:
            sounds.append(_sound(entry, labels.get(entry["file"], {})))
            keep.append(place)
    if not sounds:
        raise UserError(f"None of the {len(entries)} sounds in {folder} could be analysed.")
    return Features(tuple(sounds), frames[keep], np.asarray(index["times"], np.float32), index, tuple(failed))


def write_features(folder: Path, features: Features) -> None:
    """Writes a features folder that `timbrefold resynthesise` plays."""
    folder.mkdir(parents=True, exist_ok=True)
    index = {**features.index, "sounds": [sound.entry for sound in features.sounds]}
    (folder / "sounds.json").write_text(json.dumps(index), encoding="utf-8")
    np.save(folder / "frames.npy", np.ascontiguousarray(features.frames, dtype=np.float32))


def levels(frames: Frames) -> Frames:
    """Partials and noise of frames, [.., 48, 160], limited to FLOOR_DB from below."""
    return np.maximum(frames[..., :INHARMONICITY], np.float32(FLOOR_DB))


def read_labels(corpus: Path) -> dict[str, dict[str, Any]]:
    """What labels.json says of each file; raises UserError where it is missing or damaged."""
    path = corpus / "labels.json"
    try:
        return {label["file"]: label for label in json.loads(path.read_text(encoding="utf-8"))["sounds"]}
    except FileNotFoundError as error:
        raise UserError(f"{corpus} has no labels.json; make the corpus with the corpus command.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise UserError(f"{path} is damaged; make the corpus anew with the corpus command.") from error


def _sound(entry: dict[str, Any], label: dict[str, Any]) -> Sound:
    pitch = float(entry["pitch"])
    key = label.get("key") if label.get("key") is not None else entry.get("key")
    velocity = label.get("velocity") if label.get("velocity") is not None else entry.get("velocity")
    program = int(label.get("program", -1))
    return Sound(
        name=entry["name"],
        file=entry["file"],
        pitch=pitch,
        velocity=0.8 if velocity is None else float(velocity),
        key=round(pitch) if key is None else int(key),
        instrument=f"{label.get('soundfont', '')}-{label.get('bank', 0)}-{program}",
        program=program,
        title=label.get("name", entry["name"]),
        family=label.get("family", ""),
        entry=entry,
    )
