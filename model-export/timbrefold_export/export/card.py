"""The card of a bundle: what it learned from, how, and how good it is, in the words of the run that made it."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

from ..features import Features
from ..splits import Split


def write_card(
    name: str, features: Features, licences: dict[str, str], split: Split, state: dict[str, Any], commands: list[str], report: Path | None
) -> bytes:
    """card.md; figures come from an evaluation's JSON where there is one."""
    settings = state["settings"]
    trained = set(split.train)
    sources = Counter(sound.instrument.split("-")[0] for sound in features.sounds if sound.file in trained)
    lines = [
        f"# {name}",
        "",
        "A time-conditioned variational autoencoder of partials and noise: latent vector, pitch, velocity and note time in;",
        f"{settings['model']['partials']} partial levels, 32 noise bands, inharmonicity, f0, vibrato, detunes and release out.",
        "Made for Timbrefold; the weights are under the MIT licence.",
        "",
        "## Learned from",
        "",
        *(f"- {source}: {count} notes ({licences.get(source, 'licence unknown')})" for source, count in sorted(sources.items())),
        "",
        f"Held out: {len(split.programs)} notes of whole programs, {len(split.pitches)} notes at other keys of trained programs;",
        f"{len(split.validation)} notes of further programs decided when to stop.",
        "",
        "## Made by",
        "",
        *(f"    {command}" for command in commands),
        "",
        f"Seed {settings['train']['seed']}, {state['step']} steps (best of the averaged weights on the validation programs).",
        "",
    ]
    if report is not None:
        lines += ["## Measured", "", *figures(json.loads(report.read_text(encoding="utf-8"))), ""]
    lines += [
        "## Limits",
        "",
        "Learned from notes struck or held for three seconds: no singing, no drums, no long evolutions.",
        "A sound unlike them comes out as the nearest thing it knows.",
        "",
    ]
    return "\n".join(lines).encode()


def figures(report: dict[str, Any]) -> list[str]:
    """The table of an evaluation as Markdown lines."""
    columns = list(report["l60"])
    rows = list(report["l60"][columns[0]])
    lines = ["| L60, dB (lower is better) | " + " | ".join(columns) + " |", "|---" * (len(columns) + 1) + "|"]
    for row in rows:
        lines.append(f"| {row} | " + " | ".join(f"{report['l60'][column][row]['mean']:.2f}" for column in columns) + " |")
    return lines
