"""Checkpoints: everything a run needs to go on exactly where it stopped, and the averaged weights that are shipped."""

import io
from pathlib import Path
from typing import Any

import torch

from ...errors import UserError
from ...files import write_atomically
from .settings import AtlasSettings


def save_checkpoint(path: Path, state: dict[str, Any]) -> None:
    """Writes a state as one file, never half of it."""
    buffer = io.BytesIO()
    torch.save(state, buffer)
    write_atomically(path, buffer.getvalue())


def load_checkpoint(path: Path) -> dict[str, Any]:
    """Reads a state; tensors and plain values only."""
    try:
        state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    except FileNotFoundError as error:
        raise UserError(f"There is no checkpoint at {path}; train first.") from error
    except Exception as error:  # torch raises many kinds for a damaged file
        raise UserError(f"The checkpoint {path} cannot be read: {error}.") from error
    return state


def commands_of(state: dict[str, Any], run: str) -> list[str]:
    """The commands that made a run, the first one first: those that its checkpoint names, or the training alone."""
    settings = state["settings"]["train"]
    trained = f"python -m timbrefold_export train --run {run} --steps {settings['steps']} --seed {settings['seed']}"
    return list(state.get("commands", [trained]))


def check_same_configuration(saved: dict[str, Any], wanted: AtlasSettings, path: Path) -> None:
    """Raises UserError that names what differs when a checkpoint belongs to another configuration."""
    now = wanted.model_dump()
    differences = []
    for part, values in now.items():
        before = saved.get(part)
        if isinstance(values, dict) and isinstance(before, dict):
            differences += [f"{part}.{k} was {before.get(k)} and is {v}" for k, v in values.items() if before.get(k) != v]
        elif before != values:
            differences.append(f"{part} was {before} and is {values}")
    if differences:
        raise UserError(f"{path} was made with another configuration ({'; '.join(differences)}); train under another --run name.")
