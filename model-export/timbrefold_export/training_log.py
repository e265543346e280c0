"""Figures of a training run as TensorBoard event files, written by tensorboardX: neither TensorFlow nor TensorBoard is needed here."""

from collections.abc import Mapping
from pathlib import Path

from tensorboardX import SummaryWriter

#: Folder of the event files within a run's folder.
EVENTS = "events"


class TrainingLog:
    """Writes scalars into `run`/events. A run that goes on from a checkpoint names its step: what had been written after it is hidden."""

    def __init__(self, run: Path, step: int = 0) -> None:
        self._writer = SummaryWriter(str(run / EVENTS), purge_step=step + 1 if step else None, flush_secs=30)

    def write(self, step: int, values: Mapping[str, float]) -> None:
        """Values at a step; "train_mel" and "validation_mel" stand together in TensorBoard, as "mel/train" and "mel/validation"."""
        for name, value in values.items():
            part, _, what = name.rpartition("_")
            self._writer.add_scalar(f"{what}/{part}" if part in ("train", "validation") else f"loss/{name}", value, step)

    def close(self) -> None:
        """Everything written lies on the disk afterwards."""
        self._writer.close()
