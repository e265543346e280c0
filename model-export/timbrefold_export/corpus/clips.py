"""Recorded clips as labelled sounds: each file is an instrument of its own, whose pitch the analyser finds."""

from pathlib import Path

import numpy as np
import soundfile

from ..errors import UserError
from .notes import LEAD_SECONDS, SAMPLE_RATE, Instrument, Rendered, Source, origin, write_sound
from .samples import read_sound


def take_clip(source: Source, clip: str, instrument: Instrument, folder: Path) -> Rendered:
    """Copies a clip (a file name in `source.path`) into `folder`, with LEAD_SECONDS of silence before it, and returns its label.

    Raises UserError when the file is missing: a corpus of clips is chosen by name.
    """
    path = source.path / clip
    if not path.exists():
        raise UserError(f"The clip {path} is missing: node scripts/bootstrap.mjs corpus.")
    try:
        sound = read_sound(path)
    except (ValueError, soundfile.LibsndfileError) as error:
        return Rendered([], [f"{clip}: {error}"])
    target = folder / f"{source.name}-{path.stem}.wav"
    sha256 = write_sound(target, np.concatenate([np.zeros(round(LEAD_SECONDS * SAMPLE_RATE), np.float32), sound]))
    label: dict[str, object] = {
        "file": target.name,
        "key": None,
        "velocity": None,
        **origin(source, instrument),
        "sha256": sha256,
    }
    return Rendered([label], [])
