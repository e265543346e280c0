"""Builds a corpus folder: renders every planned preset in parallel, skips what is already there, writes labels.json."""

import json
from pathlib import Path

from joblib import Parallel, delayed
from tqdm import tqdm

from ..errors import UserError
from ..files import write_atomically
from .plan import CorpusSettings, plan_source
from .render import LEAD_SECONDS, Note, Rendered, Source, render_preset
from .soundfont import Preset


def build_corpus(settings: CorpusSettings, folder: Path, jobs: int) -> tuple[int, list[str]]:
    """Renders the corpus into `folder`; returns the number of sounds and a sentence for each note left out.

    A preset that a former run finished is not rendered again (its labels lie in `folder/presets`).
    """
    done = folder / "presets"
    done.mkdir(parents=True, exist_ok=True)
    work = [
        delayed(_preset)(source, preset, notes, settings.hold_seconds, folder, done)
        for source_settings in settings.sources
        for source, presets in [plan_source(source_settings)]
        for preset, notes in presets
    ]
    labels: list[dict[str, object]] = []
    skipped: list[str] = []
    results = Parallel(n_jobs=jobs, return_as="generator")(work)
    for rendered in tqdm(results, total=len(work), desc="Rendering presets", unit="preset"):
        labels += rendered.labels
        skipped += rendered.skipped
    if not labels:
        raise UserError("The corpus came out empty: none of the planned notes sounded; check the soundfonts in the configuration.")
    write_labels(folder, labels)
    return len(labels), skipped


def write_labels(folder: Path, labels: list[dict[str, object]]) -> None:
    """labels.json as docs/contracts.md describes it, sorted by file."""
    content = {"sounds": sorted(labels, key=lambda label: str(label["file"]))}
    write_atomically(folder / "labels.json", json.dumps(content, indent=1).encode())


def _preset(source: Source, preset: Preset, notes: list[Note], hold_seconds: float, folder: Path, done: Path) -> Rendered:
    record = done / f"{source.name}-{preset.bank:03d}-{preset.program:03d}.json"
    key = {"notes": [[note.key, note.velocity] for note in notes], "holdSeconds": hold_seconds}
    if record.exists():
        content = json.loads(record.read_text(encoding="utf-8"))
        if content["key"] == key and all((folder / str(label["file"])).exists() for label in content["labels"]):
            # A record of an older checkout counted the hold from the note, not from the beginning of its file.
            labels = [{**label, "holdSeconds": LEAD_SECONDS + hold_seconds} for label in content["labels"]]
            return Rendered(labels, content["skipped"])
    rendered = render_preset(source, preset, notes, hold_seconds, folder)
    write_atomically(record, json.dumps({"key": key, "labels": rendered.labels, "skipped": rendered.skipped}).encode())
    return rendered
