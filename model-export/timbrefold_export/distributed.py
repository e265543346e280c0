"""Training on several processes that torchrun started: each draws batches of its own, gradients are averaged, the first one writes.

Without torchrun there is one process, and nothing here does anything. The networks begin with the same weights on every process and take
the same averaged steps, so they stay the same; that is what DistributedDataParallel does, without hiding the network behind a wrapper that
the losses, which call its parts one by one, could not use.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
import torch.distributed as group
from torch import nn


@dataclass(frozen=True)
class Place:
    """Which of how many processes this is, and the device it computes on."""

    rank: int
    count: int
    device: torch.device

    @property
    def first(self) -> bool:
        """Whether this process writes files and shows progress."""
        return self.rank == 0

    def average_gradients(self, parameters: Iterable[nn.Parameter]) -> None:
        """Every process has the mean of all gradients afterwards."""
        for parameter in parameters:
            if self.count > 1 and parameter.grad is not None:
                group.all_reduce(parameter.grad)
                parameter.grad /= self.count

    def average(self, values: dict[str, float]) -> dict[str, float]:
        """Means over all processes of values with the same names."""
        if self.count == 1:
            return values
        sums = torch.tensor(list(values.values()), dtype=torch.float64, device=self.device)
        group.all_reduce(sums)
        return dict(zip(values, (sums / self.count).tolist(), strict=True))

    def seed(self, seed: int, step: int, random: torch.Generator) -> None:
        """Has every process but the first draw otherwise than it; `step` is where the run begins or goes on."""
        if not self.first:
            own = seed + 7919 * self.rank + 104_729 * step
            random.manual_seed(own)
            torch.manual_seed(own)


def alone() -> Place:
    """The only process, on the GPU where there is one."""
    return Place(0, 1, torch.device("cuda" if torch.cuda.is_available() else "cpu"))


@contextmanager
def joined() -> Iterator[Place]:
    """Joins the processes of torchrun for as long as it lasts."""
    count = int(os.environ.get("WORLD_SIZE", "1"))
    if count == 1:
        yield alone()
        return
    cuda = torch.cuda.is_available()
    device = torch.device("cuda", int(os.environ["LOCAL_RANK"])) if cuda else torch.device("cpu")
    if cuda:
        torch.cuda.set_device(device)
    group.init_process_group("nccl" if cuda else "gloo")
    try:
        yield Place(group.get_rank(), count, device)
    finally:
        group.destroy_process_group()
