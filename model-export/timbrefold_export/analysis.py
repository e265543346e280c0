"""Runs the project's analyser over a corpus in parallel parts; what was analysed before is kept, so that a run can be stopped and resumed.

A sound is analysed anew when its bytes, its labels or the analyser itself have changed. Finished parts lie beside the features folder
until all are there; then they become one folder, put in place in one step.
"""

import hashlib
import json
import shutil
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from .errors import UserError
from .features import COLUMNS, Frames, read_labels, run_timbrefold
from .files import write_atomically
from .paths import REPOSITORY
from .workers import run_all

#: Sounds a part; what a stopped run loses at most, for each process.
_PART = 32
#: What the features folder keeps beside the features: file name to identity.
_RECORD = "analysed.json"
_BUILT = REPOSITORY / "dist"


@dataclass(frozen=True)
class Analysed:
    """What an analysis came to: sounds in the folder, and how many of them were analysed by this run."""

    sounds: int
    fresh: int


@dataclass
class _Known:
    """Rows of sounds that were analysed before, by file; `index` is a sounds.json without its sounds."""

    index: dict[str, Any]
    identities: dict[str, str]
    entries: dict[str, dict[str, Any]]
    rows: dict[str, Frames]

    def add(self, folder: Path) -> None:
        """Takes over a features folder with its record; one that is not complete is passed over, its sounds are analysed again."""
        try:
            index = json.loads((folder / "sounds.json").read_text(encoding="utf-8"))
            frames = np.load(folder / "frames.npy", allow_pickle=False)
        except (OSError, ValueError):
            return
        identities = _record(folder)
        entries = index.pop("sounds")
        if len(entries) != len(frames) or frames.shape[2:] != (COLUMNS,):
            return
        self.index = index
        for entry, row in zip(entries, frames, strict=True):
            self.identities[entry["file"]] = identities.get(entry["file"], "")
            self.entries[entry["file"]] = entry
            self.rows[entry["file"]] = row


def analyse_corpus(corpus: Path, folder: Path) -> Analysed:
    """Brings the features in `folder` up to date with `corpus`/labels.json, on the workers that are set (workers.py).

    Raises UserError when the analyser itself fails or the disk is full: what was finished stays, and the same command goes on from there.
    """
    labels = read_labels(corpus)
    if not labels:
        raise UserError(f"{corpus / 'labels.json'} names no sounds; make the corpus with the corpus command.")
    if folder.exists() and not (folder / "sounds.json").exists():
        raise UserError(f"{folder} exists and is not a features folder; choose another one or remove it.")
    analyser = _analyser()
    wanted = {file: _identity(corpus / file, label, analyser) for file, label in sorted(labels.items())}
    parts = folder.with_name(f"{folder.name}.parts")
    known = _Known({}, {}, {}, {})
    for former in (folder, *sorted(parts.glob("*"))):
        known.add(former)
    missing = [file for file, identity in wanted.items() if known.identities.get(file) != identity]
    chunks = [missing[at : at + _PART] for at in range(0, len(missing), _PART)]
    parts.mkdir(parents=True, exist_ok=True)
    work = [(corpus, {file: labels[file] for file in chunk}, {file: wanted[file] for file in chunk}, parts) for chunk in chunks]
    with tqdm(total=len(wanted), initial=len(wanted) - len(missing), desc="Analysing", unit="sound") as progress:
        for part in run_all(_analyse_part, work, progress, _PART):
            known.add(part)
    if _record(folder) != wanted:
        _write(folder, known, wanted)
    shutil.rmtree(parts)
    return Analysed(len(wanted), len(missing))


def _record(folder: Path) -> dict[str, str]:
    """Identity of each sound that was analysed into `folder`; empty where there is no telling."""
    try:
        return dict(json.loads((folder / _RECORD).read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def _analyser() -> str:
    """Identity of the analyser: what it is built to."""
    run_timbrefold(["--version"], quiet=True)  # builds what is out of date
    built = [(_BUILT / name).read_bytes() for name in ("analyse-worker.mjs", "core.wasm")]
    return hashlib.sha256(b"".join(built)).hexdigest()


def _identity(path: Path, label: dict[str, Any], analyser: str) -> str:
    told = [label.get(name) for name in ("key", "velocity", "holdSeconds")]
    sound = hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else "missing"
    return hashlib.sha256(json.dumps([sound, told, analyser]).encode()).hexdigest()


def _analyse_part(corpus: Path, labels: dict[str, dict[str, Any]], identities: dict[str, str], parts: Path) -> Path:
    """Analyses some sounds of a corpus into a folder of their own within `parts`, and returns it."""
    name = hashlib.sha256(json.dumps(identities).encode()).hexdigest()[:16]
    part = parts / name
    with tempfile.TemporaryDirectory(prefix="timbrefold-") as scratch:
        for file in labels:
            link = Path(scratch) / file
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to((corpus / file).resolve())
        (Path(scratch) / "labels.json").write_text(json.dumps({"sounds": list(labels.values())}), encoding="utf-8")
        run_timbrefold(["analyse", scratch, "-o", str(part), "--part"], quiet=True, as_built=True)
    write_atomically(part / _RECORD, json.dumps(identities).encode())
    return part


def _write(folder: Path, known: _Known, wanted: dict[str, str]) -> None:
    files = list(wanted)
    stems = Counter(str(Path(file).with_suffix("")) for file in files)
    entries = []
    for file in files:
        stem = str(Path(file).with_suffix(""))
        # Two files that differ in their ending only keep it in their names.
        entries.append({**known.entries[file], "name": stem if stems[stem] == 1 else file})
    fresh, old = folder.with_name(f"{folder.name}.new"), folder.with_name(f"{folder.name}.old")
    shutil.rmtree(fresh, ignore_errors=True)
    try:
        fresh.mkdir(parents=True)
        np.save(fresh / "frames.npy", np.stack([known.rows[file] for file in files]))
        write_atomically(fresh / "sounds.json", json.dumps({**known.index, "sounds": entries}, indent=1).encode())
        write_atomically(fresh / _RECORD, json.dumps(wanted, indent=1).encode())
        shutil.rmtree(old, ignore_errors=True)
        if folder.exists():
            folder.rename(old)
        fresh.rename(folder)
    except OSError as error:
        raise UserError(f"{folder} could not be written: {error.strerror}; what was analysed is kept, run features again.") from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    shutil.rmtree(old, ignore_errors=True)
