"""The manifest of a run: every sound of its corpus with licence, hash, and whether it was learned from or held out."""

import csv
import io
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any

from .errors import UserError
from .files import write_atomically
from .splits import Split

COLUMNS = ("file", "part", "licence", "sha256")
#: Part of a sound that is in none: near what is held out, or not usable.
UNUSED = "unused"


def write_manifest(path: Path, labels: dict[str, dict[str, Any]], split: Split) -> Counter[str]:
    """Writes the manifest as tab-separated text, a sound a line in order of their files; returns the number of sounds of each part.

    Raises UserError where the run has sounds that the corpus no longer holds.
    """
    parts = {file: part for part, files in asdict(split).items() for file in files}
    if gone := sorted(set(parts) - set(labels)):
        raise UserError(f"{len(gone)} sounds of the run are no longer in the corpus, {gone[0]} among them; name the corpus it was made of.")
    text = io.StringIO()
    table = csv.writer(text, dialect="excel-tab", lineterminator="\n")
    table.writerow(COLUMNS)
    for file, label in sorted(labels.items()):
        table.writerow([file, parts.get(file, UNUSED), label.get("licence", ""), label.get("sha256", "")])
    write_atomically(path, text.getvalue().encode())
    return Counter(parts.get(file, UNUSED) for file in labels)


def changed_sounds(path: Path, labels: dict[str, dict[str, Any]]) -> list[str]:
    """Files whose sound is another than the manifest's, or that one of the two lacks. Raises UserError when it is no manifest."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file, dialect="excel-tab")
        if header != list(COLUMNS) or any(len(row) != len(COLUMNS) for row in rows):
            raise ValueError(f"its lines are not {', '.join(COLUMNS)}")
    except (OSError, ValueError) as error:
        raise UserError(f"{path} cannot be read as a manifest: {error}.") from error
    known = {file: sha256 for file, _, _, sha256 in rows}
    here = {file: label.get("sha256", "") for file, label in labels.items()}
    return sorted(file for file in known.keys() | here.keys() if known.get(file) != here.get(file))
