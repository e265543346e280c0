"""Where things live: the repository, and the cache outside it for everything that is made and not committed."""

import os
from pathlib import Path

#: Root of the checkout.
REPOSITORY = Path(__file__).resolve().parents[2]
#: Configurations that ship.
CONFIGS = REPOSITORY / "model-export" / "configs"


def cache_root() -> Path:
    """Folder of corpora, features and runs: $TIMBREFOLD_CACHE, else ~/.cache/timbrefold."""
    named = os.environ.get("TIMBREFOLD_CACHE")
    return Path(named) if named else Path.home() / ".cache" / "timbrefold"


def corpus_folder(name: str) -> Path:
    """Rendered notes and labels.json."""
    return cache_root() / "corpus" / name


def features_folder(name: str) -> Path:
    """sounds.json and frames.npy of a corpus."""
    return cache_root() / "features" / name


def run_folder(name: str) -> Path:
    """Checkpoints, log and split of a training run."""
    return cache_root() / "runs" / name
