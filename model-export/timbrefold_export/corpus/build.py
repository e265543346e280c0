"""Builds a corpus folder: renders every planned instrument in parallel, skips what is already there, writes labels.json."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tqdm import tqdm

from ..errors import UserError
from ..files import write_atomically
from ..workers import run_all
from .clips import take_clip
from .notes import LEAD_SECONDS, Rendered, Source, write_labels
from .plan import CorpusSettings, plan_clips, plan_source, plan_zyn
from .render import render_preset
from .zyn import render_program


@dataclass(frozen=True)
class Job:
    """One instrument to render: the name of its record, what the record must say to be valid, and how to make it."""

    record: str
    key: dict[str, object]
    render: Callable[[], Rendered]


def build_corpus(settings: CorpusSettings, folder: Path) -> tuple[int, list[str]]:
    """Renders the corpus into `folder`; returns the number of sounds and a sentence for each note left out.
    It runs on the workers that are set (workers.py).

    An instrument that a former run finished is not rendered again (its labels lie in `folder/presets`), so a run that was stopped, or
    met a full disk, goes on where it ended.
    """
    done = folder / "presets"
    done.mkdir(parents=True, exist_ok=True)
    work = plan_jobs(settings, folder)
    labels: list[dict[str, object]] = []
    skipped: list[str] = []
    with tqdm(total=len(work), desc="Rendering", unit="instrument") as progress:
        for rendered in run_all(_finish, [(job, folder, done) for job in work], progress):
            labels += rendered.labels
            skipped += rendered.skipped
    if not labels:
        raise UserError("The corpus came out empty: none of the planned notes sounded; check the soundfonts in the configuration.")
    write_labels(folder, labels)
    return len(labels), skipped


def plan_jobs(settings: CorpusSettings, folder: Path) -> list[Job]:
    """Everything there is to render, beginning with what most likely lacks something on a fresh machine, to be told at once. Raises
    UserError where a soundfont cannot be read."""
    hold = settings.hold_seconds
    jobs: list[Job] = []
    if settings.zyn:
        source = Source(settings.zyn.name, settings.zyn.path, settings.zyn.licence)
        for bank, program, instrument, notes in plan_zyn(settings.zyn):
            key = {"preset": [bank, program], "notes": [[note.key, note.velocity] for note in notes], "holdSeconds": hold}
            name = f"{source.name}-{instrument.bank:03d}-{instrument.program:03d}"
            jobs.append(Job(name, key, partial(render_program, source, bank, program, instrument, notes, hold, folder)))
    if settings.clips:
        source = Source(settings.clips.name, settings.clips.path, settings.clips.licence)
        for clip, instrument in plan_clips(settings.clips):
            key = {"clip": clip, "program": instrument.program, "family": instrument.family}
            jobs.append(Job(f"{source.name}-{clip}", key, partial(take_clip, source, clip, instrument, folder)))
    for source_settings in settings.sources:
        source, presets = plan_source(source_settings)
        for preset, notes in presets:
            key = {"notes": [[note.key, note.velocity] for note in notes], "holdSeconds": hold}
            name = f"{source.name}-{preset.bank:03d}-{preset.program:03d}"
            jobs.append(Job(name, key, partial(render_preset, source, preset, notes, hold, folder)))
    return jobs


def _finish(job: Job, folder: Path, done: Path) -> Rendered:
    record = done / f"{job.record}.json"
    if record.exists():
        content = json.loads(record.read_text(encoding="utf-8"))
        if content["key"] == job.key and all((folder / str(label["file"])).exists() for label in content["labels"]):
            return Rendered([_present(label, job) for label in content["labels"]], content["skipped"])
    rendered = job.render()
    write_atomically(record, json.dumps({"key": job.key, "labels": rendered.labels, "skipped": rendered.skipped}).encode())
    return rendered


def _present(label: dict[str, object], job: Job) -> dict[str, object]:
    """A label as this checkout writes it: an older one counted the hold from the note, not from the beginning of its file."""
    hold = job.key.get("holdSeconds")
    return {**label, "holdSeconds": LEAD_SECONDS + hold} if isinstance(hold, float) else label
