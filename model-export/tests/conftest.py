"""Small made-up instruments, so that no test needs a soundfont or a trained model."""

import json
from pathlib import Path

import numpy as np
import pytest

from timbrefold_export.families.atlas.settings import AtlasSettings
from timbrefold_export.features import COLUMNS, INHARMONICITY, LAYOUT, Features, read_features

FRAMES = 48
TIMES = [0.04 * float(np.expm1(j * np.log1p(3 / 0.04) / 47)) for j in range(FRAMES)]
FAMILIES = ("Piano", "Organ", "Reed")


def frames_of(program: int, key: int) -> np.ndarray:
    """A decaying harmonic sound whose slope, decay and noise are the program's, its loudest frame at -18 dB."""
    k = np.arange(1, 129)
    hz = 440 * 2 ** ((key - 69) / 12) * k
    partials = -(3 + program % 5) * np.log2(k) * 2 - (program % 3) * 12 * (k % 2 == 0) - np.where(hz > 20000, 200, 0)
    levels = np.concatenate([partials, np.full(32, -30.0 - 3 * (program % 4))])[None] - 4 * (program % 6) * np.array(TIMES)[:, None]
    power = (10 ** (levels / 10) * np.where(np.arange(160) < 128, 0.5, 1)).sum(1)
    levels = levels - 18 - 10 * np.log10(power.max())
    out = np.zeros((FRAMES, COLUMNS), np.float32)
    out[:, :INHARMONICITY] = np.maximum(levels, -100)
    out[:, INHARMONICITY] = 1e-4 * (program % 3)
    return out


@pytest.fixture(scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A corpus folder (labels only) and its features: 24 programs of two banks, five keys each, one sound that failed."""
    corpus, features = tmp_path_factory.mktemp("corpus"), tmp_path_factory.mktemp("features")
    labels, entries, frames = [], [], []
    for program in range(24):
        for bank in (0, 8):
            for key in range(40 + program % 4, 90, 11):
                file = f"s-{bank:03d}-{program:03d}-k{key:03d}.wav"
                labels.append(
                    {"file": file, "key": key, "velocity": 0.8, "program": program, "bank": bank, "name": f"Sound {program}"}
                    | {"family": FAMILIES[program % 3], "soundfont": "made", "licence": "CC0", "holdSeconds": 3.0, "sha256": "0" * 64}
                )
                entries.append({"name": file[:-4], "file": file, "pitch": key + 0.01, "key": key, "velocity": 0.8, "seconds": 3.0})
                frames.append(frames_of(program, key))
    entries[3] = {**entries[3], "pitch": None, "failed": "it is silent"}
    (corpus / "labels.json").write_text(json.dumps({"sounds": labels}))
    index = {"format": "timbrefold-features", "version": 2, "sampleRate": 48000, "times": TIMES, "partials": 128, "noiseBands": 32}
    layout = [{"name": name, "size": size} for name, size in LAYOUT]
    (features / "sounds.json").write_text(json.dumps({**index, "columns": COLUMNS, "layout": layout, "sounds": entries}))
    np.save(features / "frames.npy", np.stack(frames))
    return corpus, features


@pytest.fixture(scope="session")
def features(folders: tuple[Path, Path]) -> Features:
    """The made-up sounds as training reads them."""
    corpus, folder = folders
    return read_features(folder, corpus)


@pytest.fixture(scope="session")
def small() -> AtlasSettings:
    """A configuration that trains in seconds."""
    return AtlasSettings.model_validate(
        {
            "model": {
                "latent": 9,
                "detail": 80,
                "note": 16,
                "frame": 24,
                "blocks": 2,
                "encoder_frame": 16,
                "encoder_times": 4,
                "encoder": 24,
            },
            "train": {"steps": 12, "batch": 8, "look_every": 4, "warm_up_steps": 2, "kl_warm_up_steps": 4},
        }
    )
