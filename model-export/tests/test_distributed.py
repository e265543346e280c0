"""Two processes as torchrun starts them train one network."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch

from timbrefold_export.distributed import Place, alone, joined


def train() -> dict[str, Any]:
    """A few steps of a tiny network on numbers of this process' own, and what it has at the end."""
    with joined() as place:
        torch.manual_seed(1)
        random = torch.Generator().manual_seed(1)
        network = torch.nn.Linear(3, 1)
        place.seed(1, 0, random)
        optimiser = torch.optim.AdamW(network.parameters())
        drawn = []
        for _ in range(3):
            given = torch.randn(4, 3, generator=random)
            drawn.append(float(given[0, 0]))
            network(given).square().mean().backward()
            place.average_gradients(network.parameters())
            optimiser.step()
            optimiser.zero_grad()
        means = place.average({"rank": place.rank, "two": 2.0})
    weights = [value for parameter in network.parameters() for value in parameter.flatten().tolist()]
    return {"rank": place.rank, "first": place.first, "count": place.count, "drawn": drawn, "weights": weights, "means": means}


def test_two_processes_draw_their_own_and_take_the_same_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    # What torchrun tells its processes; this one is the first.
    told = {"WORLD_SIZE": "2", "LOCAL_RANK": "0", "RANK": "0", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port)}
    told |= {"CUDA_VISIBLE_DEVICES": "", "OMP_NUM_THREADS": "1"}
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    places = f"sys.path[:0] = {[str(Path(__file__).parent), str(Path(__file__).parents[1])]!r}"
    script = f"import json, sys; {places}; import test_distributed; print(json.dumps(test_distributed.train()))"
    command, environment = [sys.executable, "-c", script], {**os.environ, "RANK": "1", "LOCAL_RANK": "1"}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) as other:
        one = train()
        two = json.loads(other.communicate(timeout=120)[0])
    assert [(answer["rank"], answer["first"], answer["count"]) for answer in (one, two)] == [(0, True, 2), (1, False, 2)]
    assert one["weights"] == two["weights"]
    assert set(one["drawn"]).isdisjoint(two["drawn"])
    assert one["means"] == two["means"] == {"rank": 0.5, "two": 2.0}


def test_one_process_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WORLD_SIZE", raising=False)
    with joined() as place:
        assert place == alone() == Place(0, 1, place.device)
    random = torch.Generator().manual_seed(3)
    before = random.get_state()
    place.seed(3, 500, random)
    assert torch.equal(random.get_state(), before)
    weight = torch.nn.Parameter(torch.ones(2))
    weight.grad = torch.tensor([1.0, 2.0])
    place.average_gradients([weight])
    assert weight.grad.tolist() == [1.0, 2.0]
    assert place.average({"a": 3.0}) == {"a": 3.0}
